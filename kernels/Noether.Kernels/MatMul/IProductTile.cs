namespace Noether.Kernels.MatMul;

/// <summary>
/// How a group of <see cref="Side"/> x <see cref="Side"/> threads makes its tile of a product: each thread has <see cref="Quads"/> x <see cref="Quads"/>
/// squares of 4 x 4 elements, 4·Side elements apart.
/// </summary>
public interface IProductTile
{
    /// <summary>Threads along each side: 8 or 16.</summary>
    static abstract int Side { get; }

    /// <summary>Squares of a thread along each side: 1 or 2.</summary>
    static abstract int Quads { get; }

    /// <summary>How much of the inner size shared memory holds at a time: a multiple of 4.</summary>
    static abstract int Step { get; }
}
