using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>A few rows times a large matrix with contiguous rows: every row of B is read once and in order, so memory is the limit.</summary>
/// <remarks>
/// Algorithm: four rows of B at a time are added, times their elements of A, to a run of C's columns that stays in L1; for up to four rows of A
///            at once, so that each element of B is loaded once for them. Further rows find the four rows of B in L1 or L2.
/// Parallel:  over runs of columns; each sum is made in the order of k, whatever the runs are.
/// </remarks>
internal static unsafe class GemmRows<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    // Of C in L1. Runs are long, because memory is fastest along a row.
    private const int RunBytes = 16 << 10;

    /// <summary>c[i, j] (+)= Σ_p a[i · aRow + p · aColumn] b[p · bRow + j].</summary>
    public static void Multiply(T* a, long aRow, long aColumn, T* b, long bRow, T* c, long cRow, int m, int n, int k, bool accumulate) =>
        Multiply<T, PlainElements<V, T>>(a, aRow, aColumn, b, bRow, c, cRow, m, n, k, accumulate);

    /// <summary>The same with B read as <typeparamref name="TElements"/> does.</summary>
    public static void Multiply<S, TElements>(T* a, long aRow, long aColumn, S* b, long bRow, T* c, long cRow, int m, int n, int k, bool accumulate)
        where S : unmanaged
        where TElements : struct, IElements<V, T, S>
    {
        var threads = WorkerPool.InsideLoop ? 1 : WorkerPool.Shared.Threads;
        var fit = RunBytes / (sizeof(T) * Math.Clamp(m, 1, 4));
        var run = Math.Min(fit, (n + threads - 1) / threads);
        run = Math.Max(V.Count, (run + V.Count - 1) / V.Count * V.Count);
        WorkerPool.Shared.For((n + run - 1) / run, new Runs<S, TElements>(a, aRow, aColumn, b, bRow, c, cRow, m, n, k, run, accumulate));
    }

    private readonly struct Runs<S, TElements>(
        T* a, long aRow, long aColumn, S* b, long bRow, T* c, long cRow, int m, int n, int k, int run, bool accumulate) : IParallelBody
        where S : unmanaged
        where TElements : struct, IElements<V, T, S>
    {
        public void Invoke(int index)
        {
            var first = index * run;
            var width = Math.Min(run, n - first);
            if (!accumulate)
                for (var i = 0; i < m; i++) new Span<T>(c + i * cRow + first, width).Clear();

            var p = 0;
            for (; p + 4 <= k; p += 4)
            {
                var i = 0;
                for (; i + 4 <= m; i += 4)
                    AddFourToFour(a + i * aRow + p * aColumn, b + p * bRow + first, c + i * cRow + first, width);
                for (; i < m; i++)
                    AddFour(a + i * aRow + p * aColumn, b + p * bRow + first, c + i * cRow + first, width);
            }

            for (; p < k; p++)
                for (var i = 0; i < m; i++)
                    AddOne(a[i * aRow + p * aColumn], b + p * bRow + first, c + i * cRow + first, width);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddFour(T* x, S* b0, T* to, int width)
        {
            T x0 = x[0], x1 = x[aColumn], x2 = x[2 * aColumn], x3 = x[3 * aColumn];
            S* b1 = b0 + bRow, b2 = b1 + bRow, b3 = b2 + bRow;
            V v0 = V.Broadcast(x0), v1 = V.Broadcast(x1), v2 = V.Broadcast(x2), v3 = V.Broadcast(x3);
            var j = 0;
            for (; j + V.Count <= width; j += V.Count)
            {
                var sum = V.MultiplyAdd(v0, TElements.Load(b0 + j), V.Load(to + j));
                sum = V.MultiplyAdd(v1, TElements.Load(b1 + j), sum);
                sum = V.MultiplyAdd(v2, TElements.Load(b2 + j), sum);
                V.MultiplyAdd(v3, TElements.Load(b3 + j), sum).Store(to + j);
            }

            for (; j < width; j++)
                to[j] = to[j] + x0 * TElements.Read(b0 + j) + x1 * TElements.Read(b1 + j) + x2 * TElements.Read(b2 + j) + x3 * TElements.Read(b3 + j);
        }

        // Four rows of A at once; the columns beyond whole registers go row by row.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddFourToFour(T* x, S* b0, T* to, int width)
        {
            S* b1 = b0 + bRow, b2 = b1 + bRow, b3 = b2 + bRow;
            T* to1 = to + cRow, to2 = to1 + cRow, to3 = to2 + cRow;
            T* x1 = x + aRow, x2 = x1 + aRow, x3 = x2 + aRow;
            V x00 = V.Broadcast(x[0]), x01 = V.Broadcast(x[aColumn]), x02 = V.Broadcast(x[2 * aColumn]), x03 = V.Broadcast(x[3 * aColumn]);
            V x10 = V.Broadcast(x1[0]), x11 = V.Broadcast(x1[aColumn]), x12 = V.Broadcast(x1[2 * aColumn]), x13 = V.Broadcast(x1[3 * aColumn]);
            V x20 = V.Broadcast(x2[0]), x21 = V.Broadcast(x2[aColumn]), x22 = V.Broadcast(x2[2 * aColumn]), x23 = V.Broadcast(x2[3 * aColumn]);
            V x30 = V.Broadcast(x3[0]), x31 = V.Broadcast(x3[aColumn]), x32 = V.Broadcast(x3[2 * aColumn]), x33 = V.Broadcast(x3[3 * aColumn]);
            var j = 0;
            for (; j + V.Count <= width; j += V.Count)
            {
                V y0 = TElements.Load(b0 + j), y1 = TElements.Load(b1 + j), y2 = TElements.Load(b2 + j), y3 = TElements.Load(b3 + j);
                V.MultiplyAdd(x03, y3, V.MultiplyAdd(x02, y2, V.MultiplyAdd(x01, y1, V.MultiplyAdd(x00, y0, V.Load(to + j))))).Store(to + j);
                V.MultiplyAdd(x13, y3, V.MultiplyAdd(x12, y2, V.MultiplyAdd(x11, y1, V.MultiplyAdd(x10, y0, V.Load(to1 + j))))).Store(to1 + j);
                V.MultiplyAdd(x23, y3, V.MultiplyAdd(x22, y2, V.MultiplyAdd(x21, y1, V.MultiplyAdd(x20, y0, V.Load(to2 + j))))).Store(to2 + j);
                V.MultiplyAdd(x33, y3, V.MultiplyAdd(x32, y2, V.MultiplyAdd(x31, y1, V.MultiplyAdd(x30, y0, V.Load(to3 + j))))).Store(to3 + j);
            }

            if (j == width) return;
            for (var i = 0; i < 4; i++)
                AddFour(x + i * aRow, b0 + j, to + i * cRow + j, width - j);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void AddOne(T x, S* from, T* to, int width)
        {
            var v = V.Broadcast(x);
            var j = 0;
            for (; j + V.Count <= width; j += V.Count)
                V.MultiplyAdd(v, TElements.Load(from + j), V.Load(to + j)).Store(to + j);
            for (; j < width; j++)
                to[j] += x * TElements.Read(from + j);
        }
    }
}
