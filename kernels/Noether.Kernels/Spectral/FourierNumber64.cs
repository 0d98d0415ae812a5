namespace Noether.Kernels.Spectral;

/// <summary>float64.</summary>
public readonly struct FourierNumber64 : IFourierNumber
{
    /// <inheritdoc/>
    public static int Capacity => 1024;
}
