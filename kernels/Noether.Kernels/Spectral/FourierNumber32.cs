namespace Noether.Kernels.Spectral;

/// <summary>float32.</summary>
public readonly struct FourierNumber32 : IFourierNumber
{
    /// <inheritdoc/>
    public static int Capacity => 2048;
}
