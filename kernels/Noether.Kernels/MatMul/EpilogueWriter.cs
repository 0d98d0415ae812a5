using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Kernels.MatMul;

/// <summary>Hands the rows of a product, and of its tangent, to an epilogue.</summary>
/// <remarks>
/// Squares are taken one after the other in a loop, and their rows too, by selection: the program then stands in the code once, not sixteen times, and holds
/// registers for four elements only. The selections are some six instructions an element.
/// </remarks>
internal static class EpilogueWriter<T, TOrder, TEpilogue>
    where T : unmanaged, INumber<T>
    where TOrder : struct, IResultOrder
    where TEpilogue : struct, IProductEpilogue<T>
{
    /// <summary>Hands over the calling thread's part of the tile that begins at (row, column).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<TTile>(ProductRegisters<T, TTile> c, ProductRegisters<T, TTile> dc, TOrder order, TEpilogue epilogue, int row, int column)
        where TTile : struct, IProductTile
    {
        for (var square = 0; square < TTile.Quads * TTile.Quads; square++)
        {
            var x = ProductRegisters<T, TTile>.Square(c, square);
            var dx = ProductRegisters<T, TTile>.Square(dc, square);
            Write(x, dx, order, epilogue, row + ProductRegisters<T, TTile>.RowOf(square), column + ProductRegisters<T, TTile>.ColumnOf(square));
        }
    }

    /// <summary>Hands over the square that begins at (row, column).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(QuadTile<T> x, QuadTile<T> dx, TOrder order, TEpilogue epilogue, int row, int column)
    {
        for (var i = 0; i < 4; i++)
        {
            if (row + i < order.Rows) Write(QuadTile<T>.Row(x, i), QuadTile<T>.Row(dx, i), order, epilogue, row + i, column);
        }
    }

    /// <summary>Hands over four neighbours of a row that there is, as many of them as there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Four<T> x, Four<T> dx, TOrder order, TEpilogue epilogue, int row, int column)
    {
        var end = column + 4 < order.Columns ? column + 4 : order.Columns;
        for (var i = 0; i < 4; i += order.Run)
        {
            if (column + i >= end) return;
            var at = order.At(row, column + i);
            epilogue.Apply(From(x, i), From(dx, i), at, order.Run == 4 ? at + (end - column - 1) : at);
        }
    }

    // The four, or those from one of them on: the first counts then.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four<T> From(Four<T> x, int first)
    {
        x.X = Four<T>.Pick(x, first);
        return x;
    }
}
