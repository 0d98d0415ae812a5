using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>The variance along the middle axis of a dense [outer, n, inner]: Σ (x - mean)² / divisor.</summary>
/// <remarks>
/// Two passes over what stays in the caches, one read of memory: the elements are taken in pieces (64 Ki of a row; 64 rows by 1024 columns), each
/// gives its mean and the squared distances from that, and pieces join by Chan, Golub and LeVeque's formula (1979): nothing cancels, as it
/// would in Σ x² - n·mean². Pieces are given by the shape alone and join in order: equal bits on any number of threads.
/// </remarks>
internal static unsafe class Moments
{
    private const int Run = 64;
    private const int ColumnBlock = 1024;

    /// <summary>y[o, i] = the squared distances of x[o, :, i] from their mean, summed and divided.</summary>
    public static void Variance<T>(T* x, T* y, long outer, long n, long inner, double divisor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (outer <= 0 || inner <= 0) return;
        if (inner == 1 && Vector256.IsHardwareAccelerated) Along<Simd256<T>, T>(x, y, outer, n, divisor);
        else if (inner == 1) Along<Simd128<T>, T>(x, y, outer, n, divisor);
        else if (Vector512.IsHardwareAccelerated) Across<Simd512<T>, T>(x, y, outer, n, inner, divisor);
        else if (Vector256.IsHardwareAccelerated) Across<Simd256<T>, T>(x, y, outer, n, inner, divisor);
        else Across<Simd128<T>, T>(x, y, outer, n, inner, divisor);
    }

    private static void Along<V, T>(T* x, T* y, long outer, long n, double divisor)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = checked((int)Math.Max(1, (n + Fold.Part - 1) / Fold.Part));
        using Workspace means = Workspace.Rent<T>(outer * parts), squares = Workspace.Rent<T>(outer * parts);
        var each = Fold.ItemsPerTask(outer * parts, n / parts);
        WorkerPool.Shared.For(checked((int)((outer * parts + each - 1) / each)), new Pieces<V, T>(x, means.As<T>(), squares.As<T>(), outer * parts, n, parts, each));
        for (var o = 0L; o < outer; o++)
        {
            double mean = 0, square = 0, count = 0;
            for (var part = 0; part < parts; part++)
            {
                double size = Math.Min(Fold.Part, n - part * Fold.Part), other = double.CreateTruncating(means.As<T>()[o * parts + part]);
                var distance = other - mean;
                square += double.CreateTruncating(squares.As<T>()[o * parts + part]);
                if (count > 0) square += distance * distance * (count * size / (count + size));
                count += size;
                mean = part == 0 ? other : mean + distance * (size / count);
            }

            y[o] = T.CreateTruncating(square / divisor);
        }
    }

    private static void Across<V, T>(T* x, T* y, long outer, long n, long inner, double divisor)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var columns = (int)Math.Clamp(inner / (4 * WorkerPool.Shared.Threads), ColumnBlock / 4, ColumnBlock);
        var across = (inner + columns - 1) / columns;
        var outers = across > 1 ? 1 : Fold.ItemsPerTask(outer, n * inner);
        WorkerPool.Shared.For(checked((int)((outer + outers - 1) / outers * across)), new Columns<V, T>(x, y, outer, n, inner, outers, columns, across, T.CreateTruncating(divisor)));
    }

    private readonly struct Pieces<V, T>(T* x, T* means, T* squares, long count, long n, int parts, int each) : IParallelBody
        where V : struct, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            for (var item = (long)index * each; item < Math.Min(count, (index + 1L) * each); item++)
            {
                var (o, part) = Math.DivRem(item, parts);
                var size = Math.Min(Fold.Part, n - part * Fold.Part);
                var from = x + o * n + part * Fold.Part;
                means[item] = Fold.Row<SumFold, T>(from, size) / T.CreateTruncating(size);
                squares[item] = Squares(from, size, means[item]);
            }
        }

        private static T Squares(T* from, long size, T mean)
        {
            const int block = 4096;
            if (size <= block) return Squares(from, (int)size, mean);
            FoldTree<SumFold, T> tree = default;
            for (; size > 0; size -= block, from += block) tree.Add(Squares(from, (int)Math.Min(block, size), mean));
            return tree.Result;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static T Squares(T* from, int size, T mean)
        {
            V middle = V.Broadcast(mean), zero = V.Broadcast(T.Zero), a = zero, b = zero, c = zero, d = zero;
            var i = 0;
            for (; i + 4 * V.Count <= size; i += 4 * V.Count)
            {
                V p = V.Load(from + i) - middle, q = V.Load(from + i + V.Count) - middle;
                V r = V.Load(from + i + 2 * V.Count) - middle, s = V.Load(from + i + 3 * V.Count) - middle;
                a = V.MultiplyAdd(p, p, a);
                b = V.MultiplyAdd(q, q, b);
                c = V.MultiplyAdd(r, r, c);
                d = V.MultiplyAdd(s, s, d);
            }

            for (; i < size; i += V.Count)
            {
                var p = V.Load(from + i) - middle;
                if (i + V.Count > size) p = V.First(p, zero, size - i);
                a = V.MultiplyAdd(p, p, a);
            }

            return V.Fold<SumFold>(a + b + (c + d));
        }
    }

    private readonly struct Columns<V, T>(T* x, T* y, long outer, long n, long inner, int outers, int columns, long across, T divisor) : IParallelBody
        where V : struct, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Invoke(int index)
        {
            var (block, part) = Math.DivRem(index, across);
            var first = part * columns;
            var width = (int)Math.Min(columns, inner - first);
            var room = ColumnBlock + V.Count;
            T* mean = stackalloc T[room], square = stackalloc T[room], other = stackalloc T[room], distances = stackalloc T[room];
            for (var o = block * outers; o < Math.Min(outer, (block + 1) * outers); o++)
            {
                T* from = x + o * n * inner + first, to = y + o * inner + first;
                new Span<T>(mean, width).Clear();
                new Span<T>(square, width).Clear();
                for (var r = 0L; r < n; r += Run)
                {
                    var rows = (int)Math.Min(Run, n - r);
                    Piece(from + r * inner, rows, width, other, distances);
                    Join(r, rows, width, mean, square, other, distances);
                }

                for (var i = 0; i < width; i++) to[i] = square[i] / divisor;
            }
        }

        // Mean and squared distances of some rows, in whole registers.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Piece(T* from, int rows, int width, T* mean, T* square)
        {
            V zero = V.Broadcast(T.Zero), share = V.Broadcast(T.One / T.CreateTruncating(rows));
            for (var i = 0; i < width; i += V.Count)
            {
                zero.Store(mean + i);
                zero.Store(square + i);
            }

            var left = rows;
            var row = from;
            for (; left >= 4; left -= 4, row += 4 * inner)
                for (var i = 0; i < width; i += V.Count)
                    (V.Load(mean + i) + (V.Load(row + i) + V.Load(row + inner + i) + (V.Load(row + 2 * inner + i) + V.Load(row + 3 * inner + i)))).Store(mean + i);
            for (; left > 0; left--, row += inner)
                for (var i = 0; i < width; i += V.Count)
                    (V.Load(mean + i) + V.Load(row + i)).Store(mean + i);
            for (var i = 0; i < width; i += V.Count)
                (V.Load(mean + i) * share).Store(mean + i);

            left = rows;
            row = from;
            for (; left >= 4; left -= 4, row += 4 * inner)
                for (var i = 0; i < width; i += V.Count)
                {
                    var middle = V.Load(mean + i);
                    V p = V.Load(row + i) - middle, q = V.Load(row + inner + i) - middle;
                    V r = V.Load(row + 2 * inner + i) - middle, s = V.Load(row + 3 * inner + i) - middle;
                    V.MultiplyAdd(p, p, V.MultiplyAdd(q, q, V.MultiplyAdd(r, r, V.MultiplyAdd(s, s, V.Load(square + i))))).Store(square + i);
                }

            for (; left > 0; left--, row += inner)
                for (var i = 0; i < width; i += V.Count)
                {
                    var p = V.Load(row + i) - V.Load(mean + i);
                    V.MultiplyAdd(p, p, V.Load(square + i)).Store(square + i);
                }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Join(long before, int rows, int width, T* mean, T* square, T* other, T* distances)
        {
            var all = (double)(before + rows);
            V share = V.Broadcast(T.CreateTruncating(rows / all)), weight = V.Broadcast(T.CreateTruncating(before * (rows / all)));
            for (var i = 0; i < width; i += V.Count)
            {
                V middle = V.Load(mean + i), distance = V.Load(other + i) - middle;
                (middle + distance * share).Store(mean + i);
                (V.Load(square + i) + V.Load(distances + i) + distance * distance * weight).Store(square + i);
            }
        }
    }
}
