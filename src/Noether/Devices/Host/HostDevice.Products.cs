using System.Numerics;

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
                Factor(a, offsetA), batch.StepA, Factor(b, offsetB), batch.StepB,
                Address<byte>(y) + turn * batch.Size * m * n * y.Type.Bytes(), y.Type == DType.BFloat16, m, n, a.Shape[^1], batch.Size, accumulate);
        }

        static GemmFactor<float> Factor(View x, long offset) =>
            new((byte*)x.Storage.Handle + (x.Layout.Offset + offset) * x.Type.Bytes(), x.Layout.Strides[^2], x.Layout.Strides[^1], x.Type == DType.BFloat16);
    }
}
