namespace Noether.Kernels.MatMul;

/// <summary>128 x 128 by 256 threads, 64 elements each: for large float32 products.</summary>
public readonly struct LargeTile : IProductTile
{
    /// <inheritdoc/>
    public static int Side => 16;

    /// <inheritdoc/>
    public static int Quads => 2;

    /// <inheritdoc/>
    public static int Step => 8;
}
