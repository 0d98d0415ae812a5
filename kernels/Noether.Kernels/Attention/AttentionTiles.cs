using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Attention;

/// <summary>The products that attention's kernels share, each by a whole group: 128 threads, 8 x 4 elements a thread.</summary>
/// <remarks>
/// A tile of scores is 64 x 64. Thread t has rows 8·(t / 16) … + 7 and columns 4·(t mod 16) … + 3. Tiles lie transposed in shared memory,
/// <see cref="Stride"/> elements apart (64 and a padding of one 16-byte load), so that the eight numbers of a thread are two loads that its neighbours share.
/// A step of 32 multiplications a thread reads 3 times 16 bytes.
/// </remarks>
internal static class AttentionTiles<TStored, T, TNumber>
    where TStored : unmanaged
    where T : unmanaged, INumber<T>
    where TNumber : struct, IAttentionNumber<TStored, T>
{
    /// <summary>Threads of a group.</summary>
    public const int Threads = 128;

    /// <summary>Rows and columns of a tile of scores.</summary>
    public const int Tile = 64;

    /// <summary>Elements from one line of a tile to the next.</summary>
    public const int Stride = Tile + 4;

    // Steps in a row, written out, because neither compiler unrolls loops; divides every Step.
    private const int Unrolled = 2;

    /// <summary>The tile of A·Bᵀ that begins at the given rows; rows outside count as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RegisterTile<T> Scores<TRows>(ArrayView<Four<T>> buffer, TRows a, int rowA, TRows b, int rowB, int depth)
        where TRows : struct, IAttentionRows<T> => AddScores(default, buffer, a, rowA, b, rowB, depth);

    /// <summary>The sum of a tile and that of A·Bᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RegisterTile<T> AddScores<TRows>(RegisterTile<T> tile, ArrayView<Four<T>> buffer, TRows a, int rowA, TRows b, int rowB, int depth)
        where TRows : struct, IAttentionRows<T>
    {
        var flat = buffer.Cast<T>();
        var upper = Group.IdxX / 16 * 2;
        var right = TNumber.Step * (Stride / 4) + Group.IdxX % 16;
        for (var done = 0; done < depth; done += TNumber.Step)
        {
            LoadTransposed(flat, 0, a, rowA, done, depth);
            LoadTransposed(flat, TNumber.Step * Stride, b, rowB, done, depth);
            Group.Barrier();
            int row = upper, column = right;
            for (var i = 0; i < TNumber.Step; i += Unrolled)
            {
                tile = AddStep(tile, buffer, row, buffer, column);
                tile = AddStep(tile, buffer, row + Stride / 4, buffer, column + Stride / 4);
                row += Unrolled * (Stride / 4);
                column += Unrolled * (Stride / 4);
            }

            Group.Barrier();
        }

        return tile;
    }

    /// <summary>Writes the thread's part of a tile: <c>to[column, row]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ArrayView<Four<T>> to, RegisterTile<T> x)
    {
        var at = Group.IdxX % 16 * 4 * (Stride / 4) + Group.IdxX / 16 * 2;
        to[at] = new() { X = x.Row0.X, Y = x.Row1.X, Z = x.Row2.X, W = x.Row3.X };
        to[at + 1] = new() { X = x.Row4.X, Y = x.Row5.X, Z = x.Row6.X, W = x.Row7.X };
        at += Stride / 4;
        to[at] = new() { X = x.Row0.Y, Y = x.Row1.Y, Z = x.Row2.Y, W = x.Row3.Y };
        to[at + 1] = new() { X = x.Row4.Y, Y = x.Row5.Y, Z = x.Row6.Y, W = x.Row7.Y };
        at += Stride / 4;
        to[at] = new() { X = x.Row0.Z, Y = x.Row1.Z, Z = x.Row2.Z, W = x.Row3.Z };
        to[at + 1] = new() { X = x.Row4.Z, Y = x.Row5.Z, Z = x.Row6.Z, W = x.Row7.Z };
        at += Stride / 4;
        to[at] = new() { X = x.Row0.W, Y = x.Row1.W, Z = x.Row2.W, W = x.Row3.W };
        to[at + 1] = new() { X = x.Row4.W, Y = x.Row5.W, Z = x.Row6.W, W = x.Row7.W };
    }

    /// <summary>Multiplies the thread's part of a stored tile by one in registers and a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(ArrayView<Four<T>> stored, RegisterTile<T> x, T factor)
    {
        var at = Group.IdxX % 16 * 4 * (Stride / 4) + Group.IdxX / 16 * 2;
        Multiply(stored, at, factor, x.Row0.X, x.Row1.X, x.Row2.X, x.Row3.X);
        Multiply(stored, at + 1, factor, x.Row4.X, x.Row5.X, x.Row6.X, x.Row7.X);
        at += Stride / 4;
        Multiply(stored, at, factor, x.Row0.Y, x.Row1.Y, x.Row2.Y, x.Row3.Y);
        Multiply(stored, at + 1, factor, x.Row4.Y, x.Row5.Y, x.Row6.Y, x.Row7.Y);
        at += Stride / 4;
        Multiply(stored, at, factor, x.Row0.Z, x.Row1.Z, x.Row2.Z, x.Row3.Z);
        Multiply(stored, at + 1, factor, x.Row4.Z, x.Row5.Z, x.Row6.Z, x.Row7.Z);
        at += Stride / 4;
        Multiply(stored, at, factor, x.Row0.W, x.Row1.W, x.Row2.W, x.Row3.W);
        Multiply(stored, at + 1, factor, x.Row4.W, x.Row5.W, x.Row6.W, x.Row7.W);
    }

    /// <summary>Brings lines [line, line + Step) of B, columns [column, column + columns), to shared memory, columns + 4 apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPanel<TRows>(ArrayView<Four<T>> buffer, TRows b, int line, int column, int size, int columns)
        where TRows : struct, IAttentionRows<T>
    {
        var flat = buffer.Cast<T>();
        for (var i = Group.IdxX; i < TNumber.Step * columns; i += Threads)
        {
            var row = i / columns;
            var x = i - row * columns;
            flat[row * (columns + 4) + x] = b.At(line + row, column + x, size);
        }
    }

    /// <summary>The sum with Wᵀ·B for Step lines: of W in shared memory from <paramref name="line"/> on, of B from <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RegisterTile<T> AddPanel(RegisterTile<T> sum, ArrayView<Four<T>> w, int line, ArrayView<Four<T>> b, int first, int stride)
    {
        var left = line * (Stride / 4) + Group.IdxX / 16 * 2;
        var right = first + Group.IdxX % 16;
        for (var i = 0; i < TNumber.Step; i += Unrolled)
        {
            sum = AddStep(sum, w, left, b, right);
            sum = AddStep(sum, w, left + Stride / 4, b, right + stride);
            left += Unrolled * (Stride / 4);
            right += Unrolled * stride;
        }

        return sum;
    }

    /// <summary>Writes the thread's part of a panel to a dense matrix [rows, columns].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ArrayView<TStored> to, long start, RegisterTile<T> x, int row, int rows, int column, int columns)
    {
        row += Group.IdxX / 16 * 8;
        column += Group.IdxX % 16 * 4;
        Write(to, start, x.Row0, row, rows, column, columns);
        Write(to, start, x.Row1, row + 1, rows, column, columns);
        Write(to, start, x.Row2, row + 2, rows, column, columns);
        Write(to, start, x.Row3, row + 3, rows, column, columns);
        Write(to, start, x.Row4, row + 4, rows, column, columns);
        Write(to, start, x.Row5, row + 5, rows, column, columns);
        Write(to, start, x.Row6, row + 6, rows, column, columns);
        Write(to, start, x.Row7, row + 7, rows, column, columns);
    }

    /// <summary>Writes the thread's part of a panel less a factor for each row times another dense matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteLess(
        ArrayView<TStored> to, long start, RegisterTile<T> x, ArrayView<TStored> other, Four<T> upper, Four<T> lower, int row, int rows, int column, int columns)
    {
        row += Group.IdxX / 16 * 8;
        column += Group.IdxX % 16 * 4;
        WriteLess(to, start, x.Row0, other, upper.X, row, rows, column, columns);
        WriteLess(to, start, x.Row1, other, upper.Y, row + 1, rows, column, columns);
        WriteLess(to, start, x.Row2, other, upper.Z, row + 2, rows, column, columns);
        WriteLess(to, start, x.Row3, other, upper.W, row + 3, rows, column, columns);
        WriteLess(to, start, x.Row4, other, lower.X, row + 4, rows, column, columns);
        WriteLess(to, start, x.Row5, other, lower.Y, row + 5, rows, column, columns);
        WriteLess(to, start, x.Row6, other, lower.Z, row + 6, rows, column, columns);
        WriteLess(to, start, x.Row7, other, lower.W, row + 7, rows, column, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(ArrayView<Four<T>> stored, int at, T factor, T x, T y, T z, T w)
    {
        var p = stored[at];
        stored[at] = new() { X = factor * p.X * x, Y = factor * p.Y * y, Z = factor * p.Z * z, W = factor * p.W * w };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static RegisterTile<T> AddStep(RegisterTile<T> sum, ArrayView<Four<T>> a, int left, ArrayView<Four<T>> b, int right) =>
        RegisterTile<T>.Add(sum, a[left], a[left + 1], b[right]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ArrayView<TStored> to, long start, Four<T> x, int row, int rows, int column, int columns)
    {
        if (row >= rows) return;
        var at = start + (long)row * columns + column;
        if (column < columns) to[at] = TNumber.Written(x.X);
        if (column + 1 < columns) to[at + 1] = TNumber.Written(x.Y);
        if (column + 2 < columns) to[at + 2] = TNumber.Written(x.Z);
        if (column + 3 < columns) to[at + 3] = TNumber.Written(x.W);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteLess(ArrayView<TStored> to, long start, Four<T> x, ArrayView<TStored> other, T factor, int row, int rows, int column, int columns)
    {
        if (row >= rows) return;
        var at = start + (long)row * columns + column;
        if (column < columns) to[at] = TNumber.Written(x.X - factor * TNumber.Read(other[at]));
        if (column + 1 < columns) to[at + 1] = TNumber.Written(x.Y - factor * TNumber.Read(other[at + 1]));
        if (column + 2 < columns) to[at + 2] = TNumber.Written(x.Z - factor * TNumber.Read(other[at + 2]));
        if (column + 3 < columns) to[at + 3] = TNumber.Written(x.W - factor * TNumber.Read(other[at + 3]));
    }

    // 64 rows, Step columns: neighbours read neighbours along the rows of the operand.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadTransposed<TRows>(ArrayView<T> to, int at, TRows x, int row, int column, int columns)
        where TRows : struct, IAttentionRows<T>
    {
        var d = Group.IdxX % TNumber.Step;
        for (var r = Group.IdxX / TNumber.Step; r < Tile; r += Threads / TNumber.Step)
            to[at + d * Stride + r] = x.At(row + r, column + d, columns);
    }
}
