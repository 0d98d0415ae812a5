namespace Noether;

/// <summary>Which direction of a Fourier transform carries the factor 1/n; names and meaning are NumPy's.</summary>
public enum FourierNorm
{
    /// <summary>The inverse transform is divided by n: the default everywhere.</summary>
    Backward,

    /// <summary>Both directions are divided by √n: they keep lengths.</summary>
    Ortho,

    /// <summary>The forward transform is divided by n: its first coefficient is the mean.</summary>
    Forward,
}
