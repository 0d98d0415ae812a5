using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.MatMul;

/// <summary>A thread's part of a tile of a product: <c>Quads x Quads</c> squares of 4 x 4; those that the tile does without are never touched.</summary>
internal struct ProductRegisters<T, TTile>
    where T : unmanaged, INumber<T>
    where TTile : struct, IProductTile
{
    private QuadTile<T> upperLeft, upperRight, lowerLeft, lowerRight;

    /// <summary>Fours from one depth of a factor's tile to the next.</summary>
    private static int Stride => TTile.Side * TTile.Quads + 1;

    /// <summary>The thread's row in the grid of threads: 4 of a warp.</summary>
    private static int Row => Group.IdxX / (4 * TTile.Side) * 4 + Group.IdxX % 32 / 8;

    /// <summary>Its column: 8 of a warp, so that a warp's loads of both factors' tiles are 64 and 128 bytes.</summary>
    private static int Column => Group.IdxX / 32 % (TTile.Side / 8) * 8 + Group.IdxX % 8;

    /// <summary>The sum with the product of two tiles in shared memory, a whole step; tiles begin at the given Fours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ProductRegisters<T, TTile> AddProduct(ProductRegisters<T, TTile> c, ArrayView<Four<T>> shared, int left, int right)
    {
        left += Row;
        right += Column;
        for (var k = 0; k < TTile.Step; k += 4) // four in a row: the compiler unrolls no loop
        {
            c = AddOuter(c, shared, left, right);
            c = AddOuter(c, shared, left + Stride, right + Stride);
            c = AddOuter(c, shared, left + 2 * Stride, right + 2 * Stride);
            c = AddOuter(c, shared, left + 3 * Stride, right + 3 * Stride);
            left += 4 * Stride;
            right += 4 * Stride;
        }

        return c;
    }

    /// <summary>Adds <c>A·B</c> to one part and <c>A'·B + A·B'</c> to another; the tiles of A, A', B, B' lie one behind the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddDualProduct(ref ProductRegisters<T, TTile> value, ref ProductRegisters<T, TTile> tangent, ArrayView<Four<T>> shared, int left, int tile)
    {
        var right = left + 2 * tile + Column;
        left += Row;
        ProductRegisters<T, TTile> c = value, d = tangent;
        for (var k = 0; k < TTile.Step; k += 2)
        {
            c = AddOuter(c, shared, left, right);
            d = AddOuter(d, shared, left + tile, right);
            d = AddOuter(d, shared, left, right + tile);
            c = AddOuter(c, shared, left + Stride, right + Stride);
            d = AddOuter(d, shared, left + tile + Stride, right + Stride);
            d = AddOuter(d, shared, left + Stride, right + tile + Stride);
            left += 2 * Stride;
            right += 2 * Stride;
        }

        value = c;
        tangent = d;
    }

    /// <summary>The sum with the outer product of one depth of two tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ProductRegisters<T, TTile> AddOuter(ProductRegisters<T, TTile> c, ArrayView<Four<T>> shared, int left, int right)
    {
        Four<T> upper = shared[left], first = shared[right];
        c.upperLeft = QuadTile<T>.Add(c.upperLeft, upper, first);
        if (TTile.Quads == 2)
        {
            Four<T> lower = shared[left + TTile.Side], second = shared[right + TTile.Side];
            c.upperRight = QuadTile<T>.Add(c.upperRight, upper, second);
            c.lowerLeft = QuadTile<T>.Add(c.lowerLeft, lower, first);
            c.lowerRight = QuadTile<T>.Add(c.lowerRight, lower, second);
        }

        return c;
    }

    /// <summary>Hands the part to a writer; the tile begins at (row, column).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<TWriter>(ProductRegisters<T, TTile> c, TWriter writer, int row, int column)
        where TWriter : struct, ISquareWriter<T>
    {
        row += 4 * Row;
        column += 4 * Column;
        writer.Write(c.upperLeft, row, column);
        if (TTile.Quads == 2)
        {
            writer.Write(c.upperRight, row, column + 4 * TTile.Side);
            writer.Write(c.lowerLeft, row + 4 * TTile.Side, column);
            writer.Write(c.lowerRight, row + 4 * TTile.Side, column + 4 * TTile.Side);
        }
    }

    /// <summary>The square with a number from 0 to Quads² - 1, by selection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static QuadTile<T> Square(ProductRegisters<T, TTile> c, int square)
    {
        if (TTile.Quads == 1) return c.upperLeft;
        QuadTile<T> upper = square == 0 ? c.upperLeft : c.upperRight, lower = square == 2 ? c.lowerLeft : c.lowerRight;
        return square < 2 ? upper : lower;
    }

    /// <summary>The first row of a square of the calling thread, from the tile's first.</summary>
    public static int RowOf(int square) => 4 * (Row + square / TTile.Quads * TTile.Side);

    /// <summary>Its first column.</summary>
    public static int ColumnOf(int square) => 4 * (Column + square % TTile.Quads * TTile.Side);
}
