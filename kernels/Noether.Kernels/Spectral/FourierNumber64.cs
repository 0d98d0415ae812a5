namespace Noether.Kernels.Spectral;

/// <summary>float64.</summary>
public readonly struct FourierNumber64 : IFourierNumber
{
    /// <inheritdoc/>
    public static int Capacity => 1024;

    /// <inheritdoc/>
    public static int Registers => 2048;

    /// <inheritdoc/>
    public static int Padding => 4;
}
