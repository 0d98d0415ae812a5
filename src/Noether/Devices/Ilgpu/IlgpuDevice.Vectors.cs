using System.Numerics;
using Noether.Kernels.MatMul;
using Noether.Kernels.Reductions;

namespace Noether.Devices.Ilgpu;

/// <content>Products of matrices with one vector or a few: of these a tile is mostly empty, and a reduction reads the matrix as fast as memory gives it.</content>
internal sealed partial class IlgpuDevice
{
    // Sums of more, and what is under way of them, are more registers than such a kernel should take.
    private const int MostVectors32 = 8, MostVectors64 = 4;

    /// <summary>Multiplies if one factor is a few vectors and the other lies side by side in one direction; false if it is not so, and nothing is done.</summary>
    private bool MultiplyVectors<T>(View a, View b, View y)
        where T : unmanaged, INumber<T>
    {
        if (AsVectors(a, b, y) is not { } vectors) return false;
        var temporary = new List<Storage>();
        switch (vectors.Count)
        {
            case 1: Multiply<T, OneSum<T>>(vectors, y, temporary); break;
            case <= 4: Multiply<T, FourSums<T>>(vectors, y, temporary); break;
            default: Multiply<T, EightSums<T>>(vectors, y, temporary); break;
        }

        Release(temporary);
        return true;
    }

    private static FewVectors? AsVectors(View a, View b, View y)
    {
        long rows = y.Shape[^2], columns = y.Shape[^1];
        var batch = Batch(y);
        var most = y.Type switch { DType.Float32 => MostVectors32, DType.Float64 => MostVectors64, _ => 0 };
        if (Math.Min(rows, columns) > most || y.Size > int.MaxValue || (long)a.Shape[^1] * most > int.MaxValue) return null;
        if (batch > 1 && IsShared(b.Layout) && IsOneMatrix(a.Layout)) // one product of all rows, of one batch
        {
            rows *= batch;
            batch = 1;
            a = Matrix(a, (int)rows);
            b = Matrix(b, b.Shape[^2]);
        }

        // Rows of the left factor are vectors as they lie; columns of the right one may have to be copied.
        var right = columns <= most ? FewVectors.Of(a, Transposed(b), batch, lineStep: (int)columns, vectorStep: 1) : null;
        var left = rows <= most ? FewVectors.Of(Transposed(b), a, batch, lineStep: 1, vectorStep: (int)columns) : null;
        return right is null || (left is not null && left.AreDense) ? left : right;
    }

    private void Multiply<T, TSums>(FewVectors vectors, View y, List<Storage> temporary)
        where T : unmanaged, INumber<T>
        where TSums : unmanaged, IVectorSums<TSums, T>
    {
        if (Shuffles) Multiply<T, TSums, ShuffleJoin>(vectors, y, temporary);
        else Multiply<T, TSums, SharedJoin>(vectors, y, temporary);
    }

    private void Multiply<T, TSums, TJoin>(FewVectors vectors, View y, List<Storage> temporary)
        where T : unmanaged, INumber<T>
        where TSums : unmanaged, IVectorSums<TSums, T>
        where TJoin : struct, IGroupJoin
    {
        var dense = vectors.AreDense ? vectors.Vectors : Contiguous(vectors.Vectors, temporary);
        var places = vectors.Places(dense, y.Layout.Offset);
        var kernel = Kernels.Get(static accelerator => new MatrixVectorKernel<T, TSums, TJoin>(accelerator));
        var sizes = kernel.Sizes(places, vectors.Batch, vectors.BatchStride, vectors.LineStride, vectors.DepthStride);
        var storage = Scratch<TSums>(sizes.Partials, out var scratch);
        kernel.Launch(Stream, Whole<T>(vectors.Matrices), Whole<T>(dense), Whole<T>(y), places, sizes, scratch);
        storage.Release();
    }

    private static View Matrix(View x, int rows) =>
        x.With(new([rows, x.Shape[^1]], [x.Layout.Strides[^2], x.Layout.Strides[^1]], x.Layout.Offset));

    private static View Transposed(View x)
    {
        int[] axes = [.. Enumerable.Range(0, x.Shape.Rank)];
        (axes[^2], axes[^1]) = (axes[^1], axes[^2]);
        return x.With(x.Layout.Permute(axes));
    }
}
