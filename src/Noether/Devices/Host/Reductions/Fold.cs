using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Folds the middle axis of a dense [outer, reduced, inner].</summary>
/// <remarks>
/// Inner 1:   a row is cut into blocks of 256 registers; in a block eight of them fold side by side, blocks join in a balanced tree. So
///            a float32 sum of n terms of one sign is off by a few ulp (some 32 additions in a row, then log2 n joins) and not by n.
/// Inner > 1: rows are swept whole, four at a time, onto a row of totals that stays in the first-level cache, in blocks of columns that
///            fill a page; runs of 64 rows join in a balanced tree too. So memory is read in the order in which it lies.
/// Ends:      a last register reaches past the end; its surplus lanes are left out of a row, and not stored of columns.
/// Order:     fixed by the shape and the register width alone. A long row is cut into parts which threads share, and the parts join in order:
///            equal bits on any number of threads.
/// Limit:     memory bandwidth, every element is read once. Rows fold in registers of 256 bits, which the caches' prefetchers follow better than
///            512 (measured from the third level: 85 against 77 bytes a nanosecond).
/// </remarks>
internal static unsafe class Fold
{
    private const int Accumulators = 8, Steps = 32;
    private const int Run = 64;
    private const int MostColumns = 1024, FewestColumns = 256;

    /// <summary>Elements of a part of a long row: they stay in the second-level cache.</summary>
    internal const long Part = 64 << 10;

    // Elements for one task: some 4 µs from L2, against 1 µs to share it.
    private const long TaskElements = 32 << 10;

    /// <summary>
    /// y[o, i] = x[o, 0, i] ∘ x[o, 1, i] ∘ … for a sum (of squares too), product, minimum or maximum (of nothing: 0, 1, +∞ or the largest integer, and its
    /// opposite). Minimum and maximum are NaN where an element is.
    /// </summary>
    public static void Reduce<TFold, T>(T* x, T* y, long outer, long reduced, long inner)
        where TFold : struct, IFold
        where T : unmanaged, INumber<T>
    {
        if (outer <= 0 || inner <= 0)
            return;

        if (inner == 1 && Vector256.IsHardwareAccelerated)
            Along<TFold, Simd256<T>, T>(x, y, outer, reduced);
        else if (inner == 1)
            Along<TFold, Simd128<T>, T>(x, y, outer, reduced);
        else if (Vector512.IsHardwareAccelerated)
            Across<TFold, Simd512<T>, T>(x, y, outer, reduced, inner);
        else if (Vector256.IsHardwareAccelerated)
            Across<TFold, Simd256<T>, T>(x, y, outer, reduced, inner);
        else
            Across<TFold, Simd128<T>, T>(x, y, outer, reduced, inner);
    }

    /// <summary>Folds elements that lie side by side, a row or a tile of one: <see cref="FoldTree{TFold, T}"/> joins those of tiles.</summary>
    public static T Row<TFold, T>(T* x, long count)
        where TFold : struct, IFold
        where T : unmanaged, INumber<T> =>
        Vector256.IsHardwareAccelerated ? Row<TFold, Simd256<T>, T>(x, count) : Row<TFold, Simd128<T>, T>(x, count);

    /// <summary>Cuts <paramref name="count"/> items of <paramref name="size"/> elements into tasks that are worth sharing.</summary>
    internal static int ItemsPerTask(long count, long size) =>
        (int)Math.Clamp(TaskElements / Math.Max(1, size), Math.Max(1, count / int.MaxValue), int.MaxValue);

    private static void Along<TFold, V, T>(T* x, T* y, long outer, long reduced)
        where TFold : struct, IFold
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        if (reduced <= 2 * Part || outer >= 64)
        {
            var rows = ItemsPerTask(outer, reduced);
            Share((outer + rows - 1) / rows, new Rows<TFold, V, T>(x, y, outer, reduced, rows));
            return;
        }

        var parts = checked((int)((reduced + Part - 1) / Part));
        using var scratch = Workspace.Rent<T>(outer * parts);
        Share(outer * parts, new Parts<TFold, V, T>(x, scratch.As<T>(), reduced, parts));
        for (var o = 0; o < outer; o++)
        {
            FoldTree<TFold, T> tree = default;
            for (var part = 0; part < parts; part++) tree.Add(scratch.As<T>()[(long)o * parts + part]);
            y[o] = tree.Result;
        }
    }

    private static void Across<TFold, V, T>(T* x, T* y, long outer, long reduced, long inner)
        where TFold : struct, IFold
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        // Tasks are blocks of neighbouring columns of one outer index, or several outer indices where these are small.
        var columns = (int)Math.Clamp(inner / (4 * WorkerPool.Shared.Threads), FewestColumns, MostColumns);
        var across = (inner + columns - 1) / columns;
        var outers = across > 1 ? 1 : ItemsPerTask(outer, reduced * inner);
        Share((outer + outers - 1) / outers * across, new Columns<TFold, V, T>(x, y, outer, reduced, inner, outers, columns, across));
    }

    private static void Share<TBody>(long tasks, TBody body)
        where TBody : struct, IParallelBody => WorkerPool.Shared.For(checked((int)tasks), body);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Row<TFold, V, T>(T* x, long count)
        where TFold : struct, IFold
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        var block = Steps * Accumulators * V.Count;
        if (count <= block)
            return Leaf<TFold, V, T>(x, (int)count);
        FoldTree<TFold, T> tree = default;
        for (; count > 0; count -= block, x += block) tree.Add(Leaf<TFold, V, T>(x, (int)Math.Min(block, count)));
        return tree.Result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Leaf<TFold, V, T>(T* x, int count)
        where TFold : struct, IFold
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V identity = V.Broadcast(TFold.Identity<T>()), a = identity, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        var i = 0;
        for (; i + 8 * V.Count <= count; i += 8 * V.Count)
        {
            a = TFold.Combine<V, T>(a, Element<TFold, V, T>(x + i));
            b = TFold.Combine<V, T>(b, Element<TFold, V, T>(x + i + V.Count));
            c = TFold.Combine<V, T>(c, Element<TFold, V, T>(x + i + 2 * V.Count));
            d = TFold.Combine<V, T>(d, Element<TFold, V, T>(x + i + 3 * V.Count));
            e = TFold.Combine<V, T>(e, Element<TFold, V, T>(x + i + 4 * V.Count));
            f = TFold.Combine<V, T>(f, Element<TFold, V, T>(x + i + 5 * V.Count));
            g = TFold.Combine<V, T>(g, Element<TFold, V, T>(x + i + 6 * V.Count));
            h = TFold.Combine<V, T>(h, Element<TFold, V, T>(x + i + 7 * V.Count));
        }

        for (; i + V.Count <= count; i += V.Count)
            a = TFold.Combine<V, T>(a, Element<TFold, V, T>(x + i));
        if (i < count)
            b = TFold.Combine<V, T>(b, V.First(Element<TFold, V, T>(x + i), identity, count - i));
        a = TFold.Combine<V, T>(TFold.Combine<V, T>(a, b), TFold.Combine<V, T>(c, d));
        e = TFold.Combine<V, T>(TFold.Combine<V, T>(e, f), TFold.Combine<V, T>(g, h));
        return V.Fold<TFold>(TFold.Combine<V, T>(a, e));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Element<TFold, V, T>(T* x)
        where TFold : struct, IFold
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => TFold.Take<V, T>(V.Load(x));

    private readonly struct Parts<TFold, V, T>(T* x, T* y, long reduced, int parts) : IParallelBody
        where TFold : struct, IFold
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        public void Invoke(int index)
        {
            var first = index % parts * Part;
            y[index] = Row<TFold, V, T>(x + index / parts * reduced + first, Math.Min(Part, reduced - first));
        }
    }

    private readonly struct Rows<TFold, V, T>(T* x, T* y, long outer, long reduced, int rows) : IParallelBody
        where TFold : struct, IFold
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var end = Math.Min(outer, (index + 1L) * rows);
            if (reduced <= 8 * V.Count)
            {
                Short((long)index * rows, end);
                return;
            }

            for (var o = (long)index * rows; o < end; o++)
                y[o] = Row<TFold, V, T>(x + o * reduced, reduced);
        }

        // Rows of a few registers: the processor works on several at a time if no call lies between.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Short(long begin, long end)
        {
            var identity = V.Broadcast(TFold.Identity<T>());
            var count = (int)reduced;
            var from = x + begin * reduced;
            for (var o = begin; o < end; o++, from += count)
            {
                var a = identity;
                var i = 0;
                for (; i + V.Count <= count; i += V.Count)
                    a = TFold.Combine<V, T>(a, Element<TFold, V, T>(from + i));
                if (i < count)
                    a = TFold.Combine<V, T>(a, V.First(Element<TFold, V, T>(from + i), identity, count - i));
                y[o] = V.Fold<TFold>(a);
            }
        }
    }

    private readonly struct Columns<TFold, V, T>(T* x, T* y, long outer, long reduced, long inner, int outers, int columns, long across) : IParallelBody
        where TFold : struct, IFold
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        public void Invoke(int index)
        {
            var (block, part) = Math.DivRem(index, across);
            var first = part * columns;
            var width = (int)Math.Min(columns, inner - first);
            var totals = stackalloc T[MostColumns + V.Count];
            for (var o = block * outers; o < Math.Min(outer, (block + 1) * outers); o++)
            {
                Sweep(x + o * reduced * inner + first, reduced, width, totals);
                Buffer.MemoryCopy(totals, y + o * inner + first, width * sizeof(T), width * sizeof(T));
            }
        }

        // Folds rows onto one, in whole registers: there is room for them.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Sweep(T* from, long rows, int width, T* to)
        {
            if (rows > Run)
            {
                var half = (rows / 2 + Run - 1) / Run * Run;
                var second = stackalloc T[MostColumns + V.Count];
                Sweep(from, half, width, to);
                Sweep(from + half * inner, rows - half, width, second);
                for (var i = 0; i < width; i += V.Count)
                    TFold.Combine<V, T>(V.Load(to + i), V.Load(second + i)).Store(to + i);
                return;
            }

            if (rows < 4)
            {
                var identity = V.Broadcast(TFold.Identity<T>());
                for (var i = 0; i < width; i += V.Count)
                    identity.Store(to + i);
            }
            else
            {
                for (var i = 0; i < width; i += V.Count)
                    Four(from + i).Store(to + i);
                rows -= 4;
                from += 4 * inner;
            }

            for (; rows >= 4; rows -= 4, from += 4 * inner)
                for (var i = 0; i < width; i += V.Count)
                    TFold.Combine<V, T>(V.Load(to + i), Four(from + i)).Store(to + i);
            for (; rows > 0; rows--, from += inner)
                for (var i = 0; i < width; i += V.Count)
                    TFold.Combine<V, T>(V.Load(to + i), Element<TFold, V, T>(from + i)).Store(to + i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V Four(T* from) => TFold.Combine<V, T>(
            TFold.Combine<V, T>(Element<TFold, V, T>(from), Element<TFold, V, T>(from + inner)),
            TFold.Combine<V, T>(Element<TFold, V, T>(from + 2 * inner), Element<TFold, V, T>(from + 3 * inner)));
    }
}
