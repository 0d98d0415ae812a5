using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Folds the middle axis of a dense [outer, reduced, inner].</summary>
/// <remarks>
/// Inner 1:   a row is cut into blocks of 4096 elements; in a block eight registers fold side by side, blocks join in a balanced tree. So
///            a float32 sum of n terms of one sign is off by a few ulp (some 30 additions in a row, then log2 n joins) and not by n.
/// Inner > 1: columns go in registers of neighbours, 4 at a time; runs of 64 rows join in a balanced tree too.
/// Order:     fixed by the shape and the register width alone. A long row is cut into parts of 64 blocks, which threads share, and the
///            parts join in order: equal bits on any number of threads.
/// Limit:     memory bandwidth, every element is read once.
/// </remarks>
internal static unsafe class Fold
{
    private const int Block = 4096;
    private const long Part = 64 * Block;
    private const int Run = 64;

    // Elements for one task: some 4 µs from L2, against 1 µs to share it.
    private const long TaskElements = 32 << 10;

    /// <summary>
    /// y[o, i] = x[o, 0, i] ∘ x[o, 1, i] ∘ … for a sum, product, minimum or maximum (of nothing: 0, 1, +∞ or the largest integer, and its
    /// opposite). Minimum and maximum are NaN where an element is.
    /// </summary>
    public static void Reduce<TFold, T>(T* x, T* y, long outer, long reduced, long inner)
        where TFold : struct, IFold
        where T : unmanaged, INumber<T>
    {
        if (outer <= 0 || inner <= 0)
            return;

        if (Vector512.IsHardwareAccelerated)
            Reduce<TFold, Simd512<T>, T>(x, y, outer, reduced, inner);
        else if (Vector256.IsHardwareAccelerated)
            Reduce<TFold, Simd256<T>, T>(x, y, outer, reduced, inner);
        else
            Reduce<TFold, Simd128<T>, T>(x, y, outer, reduced, inner);
    }

    /// <summary>Cuts <paramref name="count"/> items of <paramref name="size"/> elements into tasks that are worth sharing.</summary>
    internal static int ItemsPerTask(long count, long size) =>
        (int)Math.Clamp(TaskElements / Math.Max(1, size), Math.Max(1, count / int.MaxValue), int.MaxValue);

    private static void Reduce<TFold, V, T>(T* x, T* y, long outer, long reduced, long inner)
        where TFold : struct, IFold
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        if (inner == 1 && reduced > 2 * Part && outer < 64)
        {
            var parts = (int)((reduced + Part - 1) / Part);
            using var scratch = Workspace.Rent<T>(outer * parts);
            WorkerPool.Shared.For((int)outer * parts, new Parts<TFold, V, T>(x, scratch.As<T>(), reduced, parts));
            for (var o = 0; o < outer; o++)
                y[o] = Tree<TFold, T>(scratch.As<T>() + (long)o * parts, parts);
            return;
        }

        if (inner == 1)
        {
            var rows = ItemsPerTask(outer, reduced);
            Share((outer + rows - 1) / rows, new Rows<TFold, V, T>(x, y, outer, reduced, rows));
            return;
        }

        // Tasks are blocks of neighbouring columns of one outer index, or several outer indices where these are small.
        long columns = inner, outers = 1;
        if (reduced * inner < TaskElements)
            outers = ItemsPerTask(outer, reduced * inner);
        else
            columns = Math.Min(inner, Math.Max(ItemsPerTask(inner, reduced), 4 * V.Count));
        var across = (inner + columns - 1) / columns;
        Share((outer + outers - 1) / outers * across, new Columns<TFold, V, T>(x, y, outer, reduced, inner, outers, columns, across));
    }

    private static void Share<TBody>(long tasks, TBody body)
        where TBody : struct, IParallelBody => WorkerPool.Shared.For(checked((int)tasks), body);

    private static T Both<TFold, T>(T x, T y)
        where TFold : struct, IFold
        where T : unmanaged, INumber<T> =>
        TFold.Combine<SimdScalar<T>, T>(new SimdScalar<T> { Value = x }, new SimdScalar<T> { Value = y }).Value;

    private static T Tree<TFold, T>(T* x, long count)
        where TFold : struct, IFold
        where T : unmanaged, INumber<T>
    {
        if (count == 1)
            return *x;
        var half = count / 2;
        return Both<TFold, T>(Tree<TFold, T>(x, half), Tree<TFold, T>(x + half, count - half));
    }

    private static T Row<TFold, V, T>(T* x, long count)
        where TFold : struct, IFold
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        if (count <= Block)
            return Leaf<TFold, V, T>(x, (int)count);
        var half = (count / 2 + Block - 1) / Block * Block;
        return Both<TFold, T>(Row<TFold, V, T>(x, half), Row<TFold, V, T>(x + half, count - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Leaf<TFold, V, T>(T* x, int count)
        where TFold : struct, IFold
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        var result = TFold.Identity<T>();
        var i = 0;
        if (count >= V.Count)
        {
            V a = V.Broadcast(result), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
            for (; i + 8 * V.Count <= count; i += 8 * V.Count)
            {
                a = TFold.Combine<V, T>(a, V.Load(x + i));
                b = TFold.Combine<V, T>(b, V.Load(x + i + V.Count));
                c = TFold.Combine<V, T>(c, V.Load(x + i + 2 * V.Count));
                d = TFold.Combine<V, T>(d, V.Load(x + i + 3 * V.Count));
                e = TFold.Combine<V, T>(e, V.Load(x + i + 4 * V.Count));
                f = TFold.Combine<V, T>(f, V.Load(x + i + 5 * V.Count));
                g = TFold.Combine<V, T>(g, V.Load(x + i + 6 * V.Count));
                h = TFold.Combine<V, T>(h, V.Load(x + i + 7 * V.Count));
            }

            for (; i + V.Count <= count; i += V.Count)
                a = TFold.Combine<V, T>(a, V.Load(x + i));
            a = TFold.Combine<V, T>(TFold.Combine<V, T>(a, b), TFold.Combine<V, T>(c, d));
            e = TFold.Combine<V, T>(TFold.Combine<V, T>(e, f), TFold.Combine<V, T>(g, h));
            a = TFold.Combine<V, T>(a, e);
            var lanes = stackalloc T[V.Count];
            a.Store(lanes);
            result = Tree<TFold, T>(lanes, V.Count);
        }

        for (; i < count; i++)
            result = Both<TFold, T>(result, x[i]);
        return result;
    }

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
        public void Invoke(int index)
        {
            var end = Math.Min(outer, (index + 1L) * rows);
            for (var o = (long)index * rows; o < end; o++)
                y[o] = Row<TFold, V, T>(x + o * reduced, reduced);
        }
    }

    private readonly struct Columns<TFold, V, T>(T* x, T* y, long outer, long reduced, long inner, long outers, long columns, long across) : IParallelBody
        where TFold : struct, IFold
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        public void Invoke(int index)
        {
            var (block, part) = Math.DivRem(index, across);
            var end = Math.Min(inner, (part + 1) * columns);
            for (var o = block * outers; o < Math.Min(outer, (block + 1) * outers); o++)
            {
                T* from = x + o * reduced * inner, to = y + o * inner;
                var i = part * columns;
                for (; i + 4 * V.Count <= end; i += 4 * V.Count)
                    Wide(from + i, reduced, to + i);
                for (; i + V.Count <= end; i += V.Count)
                    Narrow<V>(from + i, reduced, to + i);
                for (; i + Simd128<T>.Count <= end; i += Simd128<T>.Count)
                    Narrow<Simd128<T>>(from + i, reduced, to + i);
                for (; i < end; i++)
                    Narrow<SimdScalar<T>>(from + i, reduced, to + i);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Wide(T* from, long rows, T* to)
        {
            if (rows > Run)
            {
                var half = (rows / 2 + Run - 1) / Run * Run;
                var second = stackalloc T[4 * V.Count];
                Wide(from, half, to);
                Wide(from + half * inner, rows - half, second);
                for (var i = 0; i < 4 * V.Count; i += V.Count)
                    TFold.Combine<V, T>(V.Load(to + i), V.Load(second + i)).Store(to + i);
                return;
            }

            V a = V.Broadcast(TFold.Identity<T>()), b = a, c = a, d = a;
            for (; rows > 0; rows--, from += inner)
            {
                a = TFold.Combine<V, T>(a, V.Load(from));
                b = TFold.Combine<V, T>(b, V.Load(from + V.Count));
                c = TFold.Combine<V, T>(c, V.Load(from + 2 * V.Count));
                d = TFold.Combine<V, T>(d, V.Load(from + 3 * V.Count));
            }

            a.Store(to);
            b.Store(to + V.Count);
            c.Store(to + 2 * V.Count);
            d.Store(to + 3 * V.Count);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Narrow<W>(T* from, long rows, T* to)
            where W : struct, ISimd<W, T>
        {
            if (rows > Run)
            {
                var half = (rows / 2 + Run - 1) / Run * Run;
                var second = stackalloc T[W.Count];
                Narrow<W>(from, half, to);
                Narrow<W>(from + half * inner, rows - half, second);
                TFold.Combine<W, T>(W.Load(to), W.Load(second)).Store(to);
                return;
            }

            var a = W.Broadcast(TFold.Identity<T>());
            for (; rows > 0; rows--, from += inner)
                a = TFold.Combine<W, T>(a, W.Load(from));
            a.Store(to);
        }
    }
}
