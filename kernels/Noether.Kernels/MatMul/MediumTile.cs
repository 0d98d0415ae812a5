namespace Noether.Kernels.MatMul;

/// <summary>64 x 64 by 64 threads, 64 elements each: for float32 products too small to fill a device with large tiles.</summary>
public readonly struct MediumTile : IProductTile
{
    /// <inheritdoc/>
    public static int Side => 8;

    /// <inheritdoc/>
    public static int Quads => 2;

    /// <inheritdoc/>
    public static int Step => 8;
}
