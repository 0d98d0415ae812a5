using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Channels;

/// <summary>Adds the terms of the row and of the column to results of a mixing of channels, and writes them.</summary>
internal struct ChannelWriter<T, TEdges> : ISquareWriter<T>
    where T : unmanaged, INumber<T>
    where TEdges : struct, IProductEdges
{
    public ArrayView<T> RowTerms, ColumnTerms, Output;
    public ChannelMixSizes Sizes;
    public int Matrix;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write(QuadTile<T> c, int row, int column)
    {
        Write(c.Row0, row, column);
        Write(c.Row1, row + 1, column);
        Write(c.Row2, row + 2, column);
        Write(c.Row3, row + 3, column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Write(Four<T> x, int row, int column)
    {
        if (TEdges.AreGuarded && row >= Sizes.Outputs) return;
        var points = Sizes.Rows * Sizes.Columns;
        var channel = (long)Matrix * Sizes.Outputs + row;
        int j = column / Sizes.Columns, k = column - j * Sizes.Columns;
        var at = Sizes.OutputStart + channel * points + column;
        var rowAt = Sizes.RowStart + channel * Sizes.Rows + j;
        var columnAt = Sizes.ColumnStart + channel * Sizes.Columns;
        if (!TEdges.AreGuarded || (Sizes.HasQuads && column < points))
        {
            var term = RowTerms[rowAt];
            var terms = Fours.Of(ColumnTerms)[(columnAt + k) / 4];
            Fours.Of(Output)[at / 4] = new() { X = x.X + (term + terms.X), Y = x.Y + (term + terms.Y), Z = x.Z + (term + terms.Z), W = x.W + (term + terms.W) };
            return;
        }

        Write(x.X, at, rowAt, columnAt, k, points - column);
        Write(x.Y, at + 1, rowAt, columnAt, k + 1, points - column - 1);
        Write(x.Z, at + 2, rowAt, columnAt, k + 2, points - column - 2);
        Write(x.W, at + 3, rowAt, columnAt, k + 3, points - column - 3);
    }

    // Four positions may span rows: at most three columns beyond the first row's end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Write(T x, long at, long rowAt, long columnAt, int k, int left)
    {
        if (left <= 0) return;
        var further = k / Sizes.Columns;
        Output[at] = x + (RowTerms[rowAt + further] + ColumnTerms[columnAt + k - further * Sizes.Columns]);
    }
}
