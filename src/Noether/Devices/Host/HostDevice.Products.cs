using System.Numerics;
using Noether.Primitives;

namespace Noether.Devices.Host;

/// <content>Products of matrices.</content>
internal sealed unsafe partial class HostDevice
{
    internal override bool SumsProducts => true;

    internal override bool WidensFactors => true;

    internal override void MatMul(View a, View b, View y)
    {
        if (a.Shape[^1] == 0) Zero(y);
        else MatMul(a, b, y, accumulate: false);
    }

    internal override void MatMul(View a, View b, View y, Epilogue epilogue)
    {
        if (a.Shape[^1] == 0) Zero(y);
        else if (MatMul(a, b, y, accumulate: false, Parts(epilogue, y, y.Shape[^1]))) return;
        Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    internal override void AddMatMul(View a, View b, View y)
    {
        if (a.Shape[^1] > 0) MatMul(a, b, y, accumulate: true);
    }

    // Unpacked products read their factors in place: there is nothing to share.
    internal override bool JoinsDuals(TensorType product, int terms)
    {
        int m = product.Shape[^2], n = product.Shape[^1];
        return product.Shape.Size > 0 && product.DType switch
        {
            DType.Float32 => Gemm.IsPacked<float>(m, n, terms, n, 1),
            DType.Float64 => Gemm.IsPacked<double>(m, n, terms, n, 1),
            _ => false,
        };
    }

    internal override void DualMatMul(View a, View b, View da, View db, View y, View dy, Epilogue? epilogue)
    {
        var finished = epilogue is null ? null : Parts(epilogue, y, y.Shape[^1]);
        var isPacked = y.Type == DType.Float64 ? DualMatMul<double>(a, b, da, db, y, dy, finished)
            : y.Type == DType.Float32 && DualMatMul<float>(a, b, da, db, y, dy, finished);
        if (!isPacked)
        {
            MatMul(a, b, y);
            MatMul(da, b, dy);
            AddMatMul(a, db, dy);
        }

        if (epilogue is not null && !(isPacked && finished is not null)) Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    // False if the products are not of the kind that is packed, and nothing has been done.
    private static bool DualMatMul<T>(View a, View b, View da, View db, View y, View dy, IRegionBody? finished)
        where T : unmanaged, INumber<T>
    {
        int m = y.Shape[^2], n = y.Shape[^1];
        if (y.Size == 0 || !Gemm.IsPacked<T>(m, n, a.Shape[^1], b.Layout.Strides[^2], b.Layout.Strides[^1])) return false;
        var body = new Duals<T>(a, b, da, db, y, dy, finished);
        var batch = checked((int)(y.Size / ((long)m * n)));
        if (batch >= WorkerPool.Shared.Threads)
        {
            WorkerPool.Shared.For(batch, body);
        }
        else
        {
            for (var i = 0; i < batch; i++) body.Invoke(i);
        }

        return true;
    }

    // True if the body has been called for parts that make up y.
    private static bool MatMul(View a, View b, View y, bool accumulate, IRegionBody? finished = null)
    {
        if (y.Size == 0) return false;
        switch (y.Type)
        {
            case DType.BFloat16:
            case DType.Float32 when a.Type == DType.BFloat16 || b.Type == DType.BFloat16:
                MatMulNarrow(a, b, y, accumulate);
                return false;
            case DType.Float32: return MatMul<float>(a, b, y, accumulate, finished);
            case DType.Float64: return MatMul<double>(a, b, y, accumulate, finished);
            case DType.Int32: return MatMul<int>(a, b, y, accumulate, finished);
            default: return MatMul<long>(a, b, y, accumulate, finished);
        }
    }

    private static bool MatMul<T>(View a, View b, View y, bool accumulate, IRegionBody? finished)
        where T : unmanaged, INumber<T>
    {
        int m = y.Shape[^2], n = y.Shape[^1], k = a.Shape[^1];
        T* pa = Address<T>(a), pb = Address<T>(b), py = Address<T>(y);
        ReadOnlySpan<long> sa = a.Layout.Strides, sb = b.Layout.Strides;
        var batch = new ProductBatch(a, b, y);
        var isDone = false; // the same in each turn
        for (long turn = 0; turn < batch.Turns; turn++)
        {
            var (offsetA, offsetB) = batch.Offsets(turn);
            isDone = Gemm.MultiplyBatch(
                pa + offsetA, batch.StepA, sa[^2], sa[^1], pb + offsetB, batch.StepB, sb[^2], sb[^1],
                py + turn * batch.Size * m * n, (long)m * n, n, m, n, k, batch.Size, accumulate, finished);
        }

        return isDone;
    }

    private static void MatMulNarrow(View a, View b, View y, bool accumulate)
    {
        int m = y.Shape[^2], n = y.Shape[^1];
        var batch = new ProductBatch(a, b, y);
        for (long turn = 0; turn < batch.Turns; turn++)
        {
            var (offsetA, offsetB) = batch.Offsets(turn);
            GemmNarrow.MultiplyBatch(
                Factor<float>(a, offsetA), batch.StepA, Factor<float>(b, offsetB), batch.StepB,
                Address<byte>(y) + turn * batch.Size * m * n * y.Type.Bytes(), y.Type == DType.BFloat16, m, n, a.Shape[^1], batch.Size, accumulate);
        }
    }

    private static GemmFactor<T> Factor<T>(View x, long offset)
        where T : unmanaged, INumber<T> =>
        new((byte*)x.Storage.Handle + (x.Layout.Offset + offset) * x.Type.Bytes(), x.Layout.Strides[^2], x.Layout.Strides[^1], x.Type == DType.BFloat16);

    // Matrix by matrix of a batch.
    private readonly struct Duals<T>(View a, View b, View da, View db, View y, View dy, IRegionBody? finished) : IParallelBody
        where T : unmanaged, INumber<T>
    {
        private readonly ProductBatch values = new(a, b, y), tangents = new(da, db, y);

        public void Invoke(int index)
        {
            int m = y.Shape[^2], n = y.Shape[^1];
            var (offsetA, offsetB) = values.OffsetsOfMatrix(index);
            var (tangentA, tangentB) = tangents.OffsetsOfMatrix(index);
            nint value = (nint)(Address<T>(y) + (long)index * m * n), tangent = (nint)(Address<T>(dy) + (long)index * m * n);
            Gemm.MultiplyTerms<T>(
                [Factor<T>(a, offsetA), Factor<T>(da, tangentA)], [Factor<T>(b, offsetB), Factor<T>(db, tangentB)],
                [new(0, 0, value, false), new(1, 0, tangent, false), new(0, 1, tangent, true)], n, m, n, a.Shape[^1], finished);
        }
    }
}
