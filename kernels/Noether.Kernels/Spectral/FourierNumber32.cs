namespace Noether.Kernels.Spectral;

/// <summary>float32.</summary>
public readonly struct FourierNumber32 : IFourierNumber
{
    /// <inheritdoc/>
    public static int Capacity => 2048;

    /// <inheritdoc/>
    public static int Registers => 4096;

    /// <inheritdoc/>
    public static int Padding => 5;
}
