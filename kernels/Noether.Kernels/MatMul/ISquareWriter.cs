using System.Numerics;

namespace Noether.Kernels.MatMul;

/// <summary>Where the results of a product go.</summary>
internal interface ISquareWriter<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Takes four rows of four columns, which may lie outside the result.</summary>
    void Write(QuadTile<T> c, int row, int column);
}
