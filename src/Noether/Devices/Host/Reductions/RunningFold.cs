using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Running sums, products, minima and maxima along the middle axis of a dense [outer, n, inner].</summary>
/// <remarks>
/// Inner 1:   one element after the other: a chain of additions, 3 to 4 cycles each. The order is the definition's, so the last element of a
///            running sum may differ in the last bits from <see cref="Fold"/>'s balanced sum.
/// Inner > 1: rows of neighbours in registers, in blocks of 1024 columns, so that the previous row is still in L1.
/// Parallel:  over rows, or outer indices and blocks of columns; every element is read and written once.
/// </remarks>
internal static unsafe class RunningFold
{
    private const int ColumnBlock = 1024;

    /// <summary>y[o, r, i] = x[o, 0, i] ∘ … ∘ x[o, r, i], from the other end if <paramref name="reverse"/>; y may be x. NaN stays from where it is met.</summary>
    public static void Scan<TFold, T>(T* x, T* y, long outer, long n, long inner, bool reverse)
        where TFold : struct, IFold
        where T : unmanaged, INumber<T>
    {
        if (outer <= 0 || n <= 0 || inner <= 0)
            return;

        if (inner == 1)
        {
            var rows = Fold.ItemsPerTask(outer, 4 * n); // a running fold is some four times as slow as a fold
            WorkerPool.Shared.For((int)((outer + rows - 1) / rows), new Rows<TFold, T>(x, y, outer, n, rows, reverse));
            return;
        }

        var across = (inner + ColumnBlock - 1) / ColumnBlock;
        var outers = Fold.ItemsPerTask(outer, n * Math.Min(inner, ColumnBlock));
        var tasks = (outer + outers - 1) / outers * across;
        WorkerPool.Shared.For(checked((int)tasks), new Columns<TFold, T>(x, y, outer, n, inner, outers, across, reverse));
    }

    private readonly struct Rows<TFold, T>(T* x, T* y, long outer, long n, int rows, bool reverse) : IParallelBody
        where TFold : struct, IFold
        where T : unmanaged, INumber<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var end = Math.Min(outer, (index + 1L) * rows);
            var step = reverse ? -1 : 1;
            for (var o = (long)index * rows; o < end; o++)
            {
                var at = o * n + (reverse ? n - 1 : 0);
                var running = SimdScalar<T>.Load(x + at);
                running.Store(y + at);
                for (var r = n - 1; r > 0; r--)
                {
                    at += step;
                    running = TFold.Combine<SimdScalar<T>, T>(running, SimdScalar<T>.Load(x + at));
                    running.Store(y + at);
                }
            }
        }
    }

    private readonly struct Columns<TFold, T>(T* x, T* y, long outer, long n, long inner, int outers, long across, bool reverse) : IParallelBody
        where TFold : struct, IFold
        where T : unmanaged, INumber<T>
    {
        public void Invoke(int index)
        {
            var (block, part) = Math.DivRem(index, across);
            var first = part * ColumnBlock;
            var width = Math.Min(ColumnBlock, inner - first);
            var step = reverse ? -inner : inner;
            for (var o = block * outers; o < Math.Min(outer, (block + 1) * outers); o++)
            {
                var at = (o * n + (reverse ? n - 1 : 0)) * inner + first;
                new Span<T>(x + at, (int)width).CopyTo(new Span<T>(y + at, (int)width));
                for (var r = n - 1; r > 0; r--)
                {
                    at += step;
                    var i = 0L;
                    if (Vector512.IsHardwareAccelerated)
                        i = Row<Simd512<T>>(y + at - step, x + at, y + at, i, width);
                    if (Vector256.IsHardwareAccelerated)
                        i = Row<Simd256<T>>(y + at - step, x + at, y + at, i, width);
                    Row<SimdScalar<T>>(y + at - step, x + at, y + at, i, width);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static long Row<V>(T* before, T* x, T* y, long i, long width)
            where V : struct, ISimd<V, T>
        {
            for (; i + V.Count <= width; i += V.Count)
                TFold.Combine<V, T>(V.Load(before + i), V.Load(x + i)).Store(y + i);
            return i;
        }
    }
}
