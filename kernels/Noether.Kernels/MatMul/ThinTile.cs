namespace Noether.Kernels.MatMul;

/// <summary>64 x 64 by 256 threads, 16 elements each: for element types of 8 bytes, whose larger tiles would not fit the registers.</summary>
public readonly struct ThinTile : IProductTile
{
    /// <inheritdoc/>
    public static int Side => 16;

    /// <inheritdoc/>
    public static int Quads => 1;

    /// <inheritdoc/>
    public static int Step => 16;
}
