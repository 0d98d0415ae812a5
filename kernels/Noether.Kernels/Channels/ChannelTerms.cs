using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Channels;

/// <summary>Adds the terms of the row and of the column to results of a mixing of channels before an epilogue takes them.</summary>
internal struct ChannelTerms<T, TEpilogue> : IProductEpilogue<T>
    where T : unmanaged, INumber<T>
    where TEpilogue : unmanaged, IProductEpilogue<T>
{
    public ArrayView<T> RowTerms, ColumnTerms;
    public ChannelMixSizes Sizes;
    public TEpilogue Epilogue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Apply(Four<T> x, Four<T> dx, long index, long last)
    {
        // Results are fewer than 2^31.
        int at = (int)index, line = at / Sizes.Columns, channel = line / Sizes.Rows;
        var k = at - line * Sizes.Columns;
        var rowAt = Sizes.RowStart + line;
        var columnAt = Sizes.ColumnStart + (long)channel * Sizes.Columns;
        if (Sizes.Columns % 4 == 0 && Sizes.ColumnStart % 4 == 0)
        {
            var term = RowTerms[rowAt];
            var terms = Fours.Of(ColumnTerms)[(columnAt + k) / 4];
            x = new() { X = x.X + (term + terms.X), Y = x.Y + (term + terms.Y), Z = x.Z + (term + terms.Z), W = x.W + (term + terms.W) };
        }
        else
        {
            var more = (int)(last - index);
            x.X = Add(x.X, rowAt, columnAt, k);
            if (more >= 1) x.Y = Add(x.Y, rowAt, columnAt, k + 1);
            if (more >= 2) x.Z = Add(x.Z, rowAt, columnAt, k + 2);
            if (more >= 3) x.W = Add(x.W, rowAt, columnAt, k + 3);
        }

        Epilogue.Apply(x, dx, index, last);
    }

    // Four positions may span rows: at most three columns beyond the first row's end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly T Add(T x, long rowAt, long columnAt, int k)
    {
        var further = k / Sizes.Columns;
        return x + (RowTerms[rowAt + further] + ColumnTerms[columnAt + k - further * Sizes.Columns]);
    }
}
