using System.Numerics;
using ILGPU;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.MatMul;

/// <summary>A line of a matrix folded with a few vectors.</summary>
internal struct VectorsFold<T, TSums> : IFold<VectorsFold<T, TSums>, TSums>
    where T : unmanaged, INumber<T>
    where TSums : unmanaged, IVectorSums<TSums, T>
{
    public ArrayView<T> Matrix, Vectors;
    public long MatrixStart, VectorStart; // of the line's vectors
    public int Depth;
    public int Last;

    public static VectorsFold<T, TSums> Of(ArrayView<T> matrix, ArrayView<T> vectors, VectorPlaces places, long line) => new()
    {
        Matrix = matrix,
        Vectors = vectors,
        MatrixStart = places.MatrixStart,
        VectorStart = places.VectorStart + places.MatrixOf(line) * places.VectorBatchStride,
        Depth = places.Depth,
        Last = places.Vectors - 1,
    };

    /// <inheritdoc/>
    public static TSums Join(TSums left, TSums right) => TSums.Join(left, right);

    /// <inheritdoc/>
    public static TSums At(VectorsFold<T, TSums> fold, long address, long position) =>
        TSums.Of(fold.Matrix[fold.MatrixStart + address], fold.Vectors, fold.VectorStart + position, fold.Depth, fold.Last);

    /// <inheritdoc/>
    public static TSums AtFour(VectorsFold<T, TSums> fold, long address, long position) =>
        TSums.OfFour(Fours.Of(fold.Matrix)[fold.MatrixStart / 4 + address], Fours.Of(fold.Vectors), (fold.VectorStart + position) / 4, fold.Depth / 4, fold.Last);
}
