using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

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

    /// <summary>Writes the part to the dense matrix that begins at <paramref name="start"/>, or adds it; the tile begins at (row, column).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<TEdges>(ProductRegisters<T, TTile> c, ArrayView<T> to, long start, int row, int column, ProductSizes sizes)
        where TEdges : struct, IProductEdges
    {
        row += 4 * Row;
        column += 4 * Column;
        Write<TEdges>(c.upperLeft, to, start, row, column, sizes);
        if (TTile.Quads == 2)
        {
            Write<TEdges>(c.upperRight, to, start, row, column + 4 * TTile.Side, sizes);
            Write<TEdges>(c.lowerLeft, to, start, row + 4 * TTile.Side, column, sizes);
            Write<TEdges>(c.lowerRight, to, start, row + 4 * TTile.Side, column + 4 * TTile.Side, sizes);
        }
    }

    /// <summary>Hands the part to a writer; the tile begins at (row, column).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteTo<TWriter>(ProductRegisters<T, TTile> c, TWriter writer, int row, int column)
        where TWriter : struct, IQuadWriter<T>
    {
        row += 4 * Row;
        column += 4 * Column;
        WriteTo(c.upperLeft, writer, row, column);
        if (TTile.Quads == 2)
        {
            WriteTo(c.upperRight, writer, row, column + 4 * TTile.Side);
            WriteTo(c.lowerLeft, writer, row + 4 * TTile.Side, column);
            WriteTo(c.lowerRight, writer, row + 4 * TTile.Side, column + 4 * TTile.Side);
        }
    }

    /// <summary>
    /// Writes the part to matrices of <paramref name="points"/> columns, which lie <paramref name="step"/> elements apart: the columns of the product run
    /// through them one after the other.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteParted(ProductRegisters<T, TTile> c, ArrayView<T> to, long start, int row, int column, ProductSizes sizes, int points, long step)
    {
        row += 4 * Row;
        column += 4 * Column;
        WriteParted(c.upperLeft, to, start, row, column, sizes, points, step);
        if (TTile.Quads == 2)
        {
            WriteParted(c.upperRight, to, start, row, column + 4 * TTile.Side, sizes, points, step);
            WriteParted(c.lowerLeft, to, start, row + 4 * TTile.Side, column, sizes, points, step);
            WriteParted(c.lowerRight, to, start, row + 4 * TTile.Side, column + 4 * TTile.Side, sizes, points, step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteTo<TWriter>(QuadTile<T> c, TWriter writer, int row, int column)
        where TWriter : struct, IQuadWriter<T>
    {
        writer.Write(c.Row0, row, column);
        writer.Write(c.Row1, row + 1, column);
        writer.Write(c.Row2, row + 2, column);
        writer.Write(c.Row3, row + 3, column);
    }

    // Down the columns: each is looked for once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteParted(QuadTile<T> c, ArrayView<T> to, long start, int row, int column, ProductSizes sizes, int points, long step)
    {
        WriteColumn(new() { X = c.Row0.X, Y = c.Row1.X, Z = c.Row2.X, W = c.Row3.X }, to, start, row, column, sizes, points, step);
        WriteColumn(new() { X = c.Row0.Y, Y = c.Row1.Y, Z = c.Row2.Y, W = c.Row3.Y }, to, start, row, column + 1, sizes, points, step);
        WriteColumn(new() { X = c.Row0.Z, Y = c.Row1.Z, Z = c.Row2.Z, W = c.Row3.Z }, to, start, row, column + 2, sizes, points, step);
        WriteColumn(new() { X = c.Row0.W, Y = c.Row1.W, Z = c.Row2.W, W = c.Row3.W }, to, start, row, column + 3, sizes, points, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteColumn(Four<T> x, ArrayView<T> to, long start, int row, int column, ProductSizes sizes, int points, long step)
    {
        if (column >= sizes.Columns) return;
        var matrix = column / points;
        var at = start + matrix * step + (long)row * points + (column - matrix * points);
        if (row < sizes.Rows) to[at] = x.X;
        if (row + 1 < sizes.Rows) to[at + points] = x.Y;
        if (row + 2 < sizes.Rows) to[at + 2 * (long)points] = x.Z;
        if (row + 3 < sizes.Rows) to[at + 3 * (long)points] = x.W;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TEdges>(QuadTile<T> c, ArrayView<T> to, long start, int row, int column, ProductSizes sizes)
        where TEdges : struct, IProductEdges
    {
        Write<TEdges>(c.Row0, to, start, row, column, sizes);
        Write<TEdges>(c.Row1, to, start, row + 1, column, sizes);
        Write<TEdges>(c.Row2, to, start, row + 2, column, sizes);
        Write<TEdges>(c.Row3, to, start, row + 3, column, sizes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TEdges>(Four<T> x, ArrayView<T> to, long start, int row, int column, ProductSizes sizes)
        where TEdges : struct, IProductEdges
    {
        if (TEdges.AreGuarded && row >= sizes.Rows) return;
        var at = start + (long)row * sizes.Columns + column;
        if (!TEdges.AreGuarded || (column + 3 < sizes.Columns && sizes.Columns % 4 == 0 && start % 4 == 0))
        {
            var quads = to.AsAligned(16).Cast<Four<T>>();
            quads[at / 4] = sizes.Adds != 0 ? Four<T>.Add(quads[at / 4], T.One, x) : x;
            return;
        }

        Write(x.X, to, at, column, sizes);
        Write(x.Y, to, at + 1, column + 1, sizes);
        Write(x.Z, to, at + 2, column + 2, sizes);
        Write(x.W, to, at + 3, column + 3, sizes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(T x, ArrayView<T> to, long at, int column, ProductSizes sizes)
    {
        if (column < sizes.Columns) to[at] = sizes.Adds != 0 ? to[at] + x : x;
    }
}
