using System.Numerics;

namespace Noether.Kernels.MatMul;

/// <summary>Where the rows of a product's tile go.</summary>
internal interface IRowWriter<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Takes four neighbours of a row, from a multiple of four on; they may lie outside the result.</summary>
    void Write(Four<T> x, int row, int column);
}
