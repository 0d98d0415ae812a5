using System.Numerics;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void MatMul(View a, View b, View y)
    {
        if (a.Shape[^1] == 0) Zero(y);
        else MatMul(a, b, y, accumulate: false);
    }

    internal override void AddMatMul(View a, View b, View y)
    {
        if (a.Shape[^1] > 0) MatMul(a, b, y, accumulate: true);
    }

    internal override void Take(View x, View index, View y, long outer, long n, long inner)
    {
        var positions = Positions(index, out var scratch);
        using (scratch) Indexing.Take(Address<byte>(x), positions, Address<byte>(y), outer, n, index.Size, inner * x.Type.Bytes());
    }

    internal override void ScatterAdd(View x, View index, View y, long outer, long n, long inner)
    {
        var positions = Positions(index, out var scratch);
        using (scratch)
        {
            switch (y.Type)
            {
                case DType.Float32: Indexing.ScatterAdd(Address<float>(x), positions, Address<float>(y), outer, n, index.Size, inner); break;
                case DType.Float64: Indexing.ScatterAdd(Address<double>(x), positions, Address<double>(y), outer, n, index.Size, inner); break;
                case DType.Int32: Indexing.ScatterAdd(Address<int>(x), positions, Address<int>(y), outer, n, index.Size, inner); break;
                default: Indexing.ScatterAdd(Address<long>(x), positions, Address<long>(y), outer, n, index.Size, inner); break;
            }
        }
    }

    private static void MatMul(View a, View b, View y, bool accumulate)
    {
        switch (y.Type)
        {
            case DType.Float32: MatMul<float>(a, b, y, accumulate); break;
            case DType.Float64: MatMul<double>(a, b, y, accumulate); break;
            case DType.Int32: MatMul<int>(a, b, y, accumulate); break;
            default: MatMul<long>(a, b, y, accumulate); break;
        }
    }

    // Leading axes are folded into one batch where both operands stride evenly over them; otherwise the outermost are looped over.
    private static void MatMul<T>(View a, View b, View y, bool accumulate)
        where T : unmanaged, INumber<T>
    {
        int m = y.Shape[^2], n = y.Shape[^1], k = a.Shape[^1];
        if (y.Size == 0) return;
        T* pa = Address<T>(a), pb = Address<T>(b), py = Address<T>(y);
        ReadOnlySpan<long> sa = a.Layout.Strides, sb = b.Layout.Strides;
        var rank = y.Shape.Rank;
        long batch = 1, aStep = 0, bStep = 0;
        var axis = rank - 3;
        for (; axis >= 0; axis--)
        {
            var size = y.Shape[axis];
            if (size == 1) continue;
            if (batch == 1) (aStep, bStep) = (sa[axis], sb[axis]);
            else if (sa[axis] != aStep * batch || sb[axis] != bStep * batch) break;
            batch *= size;
        }

        long outer = 1;
        for (var i = 0; i <= axis; i++) outer *= y.Shape[i];
        for (long o = 0; o < outer; o++)
        {
            long rest = o, aOffset = 0, bOffset = 0;
            for (var i = axis; i >= 0; i--)
            {
                var index = rest % y.Shape[i];
                rest /= y.Shape[i];
                aOffset += index * sa[i];
                bOffset += index * sb[i];
            }

            Gemm.MultiplyBatch(pa + aOffset, aStep, sa[^2], sa[^1], pb + bOffset, bStep, sb[^2], sb[^1], py + o * batch * m * n, (long)m * n, n, m, n, k, (int)batch, accumulate);
        }
    }

    // int64 indices as they lie; int32 ones widened into scratch memory.
    private static long* Positions(View index, out Workspace scratch)
    {
        if (index.Type == DType.Int64)
        {
            scratch = default;
            return Address<long>(index);
        }

        scratch = Workspace.Rent<long>(index.Size);
        var positions = scratch.As<long>();
        for (long i = 0; i < index.Size; i++) positions[i] = Address<int>(index)[i];
        return positions;
    }
}
