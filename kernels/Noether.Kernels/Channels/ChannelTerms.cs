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
            // Four positions may span rows.
            var more = (int)(last - index);
            x.X = Add(x.X, rowAt, columnAt, k);
            if (more >= 1) x.Y = AddNext(x.Y, ref rowAt, columnAt, ref k);
            if (more >= 2) x.Z = AddNext(x.Z, ref rowAt, columnAt, ref k);
            if (more >= 3) x.W = AddNext(x.W, ref rowAt, columnAt, ref k);
        }

        Epilogue.Apply(x, dx, index, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly T AddNext(T x, ref long rowAt, long columnAt, ref int k)
    {
        k++;
        if (k == Sizes.Columns)
        {
            k = 0;
            rowAt++;
        }

        return Add(x, rowAt, columnAt, k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly T Add(T x, long rowAt, long columnAt, int k) => x + (RowTerms[rowAt] + ColumnTerms[columnAt + k]);
}
