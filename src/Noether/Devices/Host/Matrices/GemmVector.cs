using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>y = A x for a matrix with contiguous rows: every element of A is read once, so memory is the limit.</summary>
/// <remarks>
/// Algorithm: four rows at a time against one x, two sums each. Products with contiguous columns (xᵀ A) are the one-row case of
///            <see cref="GemmDirect{V,T}"/>.
/// Parallel:  over runs of rows of at least 32 KiB.
/// </remarks>
internal static unsafe class GemmVector<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    private const long BytesPerTask = 32 << 10;

    /// <summary>y[i · step] (+)= Σ_p a[i · aRow + p] x[p · xStep] for i below m.</summary>
    public static void Multiply(T* a, long aRow, T* x, long xStep, T* y, long yStep, int m, int k, bool accumulate) =>
        Multiply<T, PlainElements<V, T>>(a, aRow, x, xStep, y, yStep, m, k, accumulate);

    /// <summary>The same with A read as <typeparamref name="TElements"/> does.</summary>
    public static void Multiply<S, TElements>(S* a, long aRow, T* x, long xStep, T* y, long yStep, int m, int k, bool accumulate)
        where S : unmanaged
        where TElements : struct, IElements<V, T, S>
    {
        if (xStep != 1)
        {
            using var scratch = Workspace.Rent<T>(k);
            var copy = scratch.As<T>();
            for (var p = 0; p < k; p++)
                copy[p] = x[p * xStep];
            Multiply<S, TElements>(a, aRow, copy, 1, y, yStep, m, k, accumulate);
            return;
        }

        var rows = (int)Math.Max(4, BytesPerTask / Math.Max(1, (long)k * sizeof(S)) / 4 * 4); // whole groups of four: equal bits on any number of threads
        WorkerPool.Shared.For((m + rows - 1) / rows, new Rows<S, TElements>(a, aRow, x, y, yStep, m, k, rows, accumulate));
    }

    private readonly struct Rows<S, TElements>(S* a, long aRow, T* x, T* y, long yStep, int m, int k, int rows, bool accumulate) : IParallelBody
        where S : unmanaged
        where TElements : struct, IElements<V, T, S>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var i = index * rows;
            var end = Math.Min(m, i + rows);
            for (; i + 4 <= end; i += 4)
                Four(i);
            for (; i < end; i++)
                One(i);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Four(int i)
        {
            S* a0 = a + i * aRow, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
            V s0 = V.Broadcast(T.Zero), s1 = s0, s2 = s0, s3 = s0;
            V t0 = s0, t1 = s0, t2 = s0, t3 = s0;
            var p = 0;
            for (; p + 2 * V.Count <= k; p += 2 * V.Count)
            {
                V u = V.Load(x + p), v = V.Load(x + p + V.Count);
                s0 = V.MultiplyAdd(TElements.Load(a0 + p), u, s0);
                s1 = V.MultiplyAdd(TElements.Load(a1 + p), u, s1);
                s2 = V.MultiplyAdd(TElements.Load(a2 + p), u, s2);
                s3 = V.MultiplyAdd(TElements.Load(a3 + p), u, s3);
                t0 = V.MultiplyAdd(TElements.Load(a0 + p + V.Count), v, t0);
                t1 = V.MultiplyAdd(TElements.Load(a1 + p + V.Count), v, t1);
                t2 = V.MultiplyAdd(TElements.Load(a2 + p + V.Count), v, t2);
                t3 = V.MultiplyAdd(TElements.Load(a3 + p + V.Count), v, t3);
            }

            Put(i, V.Fold<SumFold>(s0 + t0) + Tail(a0, p));
            Put(i + 1, V.Fold<SumFold>(s1 + t1) + Tail(a1, p));
            Put(i + 2, V.Fold<SumFold>(s2 + t2) + Tail(a2, p));
            Put(i + 3, V.Fold<SumFold>(s3 + t3) + Tail(a3, p));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void One(int i)
        {
            var a0 = a + i * aRow;
            V s = V.Broadcast(T.Zero), t = s;
            var p = 0;
            for (; p + 2 * V.Count <= k; p += 2 * V.Count)
            {
                s = V.MultiplyAdd(TElements.Load(a0 + p), V.Load(x + p), s);
                t = V.MultiplyAdd(TElements.Load(a0 + p + V.Count), V.Load(x + p + V.Count), t);
            }

            Put(i, V.Fold<SumFold>(s + t) + Tail(a0, p));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private T Tail(S* row, int p)
        {
            var sum = T.Zero;
            for (; p < k; p++)
                sum += TElements.Read(row + p) * x[p];
            return sum;
        }

        private void Put(int i, T value)
        {
            var to = y + i * yStep;
            *to = accumulate ? *to + value : value;
        }
    }
}
