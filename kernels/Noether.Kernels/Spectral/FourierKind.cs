namespace Noether.Kernels.Spectral;

/// <summary>What a Fourier transform maps to what.</summary>
public static class FourierKind
{
    /// <summary>n complex numbers to n, forwards.</summary>
    public const int Complex = 0;

    /// <summary>n real numbers to n/2 + 1 complex ones.</summary>
    public const int Real = 1;

    /// <summary>n/2 + 1 complex numbers to the n real ones of the inverse transform.</summary>
    public const int Hermitian = 2;
}
