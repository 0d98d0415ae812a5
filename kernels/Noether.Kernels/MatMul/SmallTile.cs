namespace Noether.Kernels.MatMul;

/// <summary>32 x 32 by 64 threads, 16 elements each: for small and skinny products, and batches of them.</summary>
public readonly struct SmallTile : IProductTile
{
    /// <inheritdoc/>
    public static int Side => 8;

    /// <inheritdoc/>
    public static int Quads => 1;

    /// <inheritdoc/>
    public static int Step => 16;
}
