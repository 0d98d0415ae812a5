using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>y = (x - mean)·r·w + b over each row of a dense [rows, n], with r = 1 / √(variance + ε); keeps mean and r.</summary>
/// <remarks>
/// Forward: the sum, the sum of squared distances, the values: three passes over a row in the first-level cache, one read and one write of
/// memory. Limit: bandwidth, so large results are streamed.
/// </remarks>
internal readonly unsafe struct NormRows<T>(T* x, T* w, T* b, T* y, T* means, T* scales, double epsilon, bool streams) : IRowKernel<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke<TWay, V>(RowSize row, long at, long index)
        where TWay : struct, IRowWay
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    {
        var share = V.Constant(1.0 / row.Length);
        var mean = TWay.Sum<Itself, V, T>(row, x + at, x + at, share, share) * share;
        var variance = TWay.Sum<SquareBelow, V, T>(row, x + at, x + at, mean, mean) * share;
        var scale = V.Constant(1) / V.Sqrt(variance + V.Constant(epsilon));
        TWay.Store(row, mean, means + index);
        TWay.Store(row, scale, scales + index);
        if (w == null) TWay.Map<Normalised, V, T>(row, x + at, x + at, y + at, mean, scale);
        else Affine(x + at, y + at, row.Length, mean, scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Affine<V>(T* from, T* to, long n, V mean, V scale)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    {
        long i = 0;
        if (streams)
        {
            for (; i < n; i += V.Count)
                Streaming.Store(V.MultiplyAdd((V.Load(in from[i]) - mean) * scale, V.Load(in w[i]), V.Load(in b[i])), to + i);
            return;
        }

        for (; i + V.Count <= n; i += V.Count)
            V.Store(V.MultiplyAdd((V.Load(in from[i]) - mean) * scale, V.Load(in w[i]), V.Load(in b[i])), ref to[i]);
        if (i < n) AlongRow.StoreFirst(V.MultiplyAdd((V.Load(in from[i]) - mean) * scale, V.Load(in w[i]), V.Load(in b[i])), to + i, n - i);
    }
}

/// <summary>The gradient of <see cref="NormRows{T}"/> for a cotangent g of y.</summary>
/// <remarks>
/// With x̂ = (x - mean)·r and h = g·w: dx = r·(h - mean h - x̂·mean(h·x̂)), dw = Σ g·x̂, db = Σ g over rows.
/// A first pass over a row takes both means and adds to dw and db, a second makes dx: g and x are read once from memory, dx written once.
/// Rows are cut into at most 16 parts, the number given by the shape alone; each part has sums of its own, which join in order: equal bits on
/// any number of threads.
/// </remarks>
internal static unsafe class NormGradient
{
    private const int MostParts = 16;
    private const long PartElements = 32 << 10;

    /// <summary>Weight and its gradients may be null.</summary>
    public static void Run<T>(T* x, T* means, T* scales, T* w, T* g, T* dx, T* dw, T* db, long rows, long n)
        where T : unmanaged, INumber<T>
    {
        if (Vector512.IsHardwareAccelerated) Run<FloatLanes512<T>, T>(x, means, scales, w, g, dx, dw, db, rows, n);
        else if (Vector256.IsHardwareAccelerated) Run<FloatLanes256<T>, T>(x, means, scales, w, g, dx, dw, db, rows, n);
        else Run<FloatLanes128<T>, T>(x, means, scales, w, g, dx, dw, db, rows, n);
    }

    /// <summary>The same on registers of a given width.</summary>
    internal static void Run<V, T>(T* x, T* means, T* scales, T* w, T* g, T* dx, T* dw, T* db, long rows, long n)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged, INumber<T>
    {
        var parts = (int)Math.Clamp(rows * n / PartElements, 1, Math.Clamp(rows, 1, MostParts));
        var padded = (n + 2 * V.Count - 1) / V.Count * V.Count; // the end of a row is one whole register
        using var scratch = Workspace.Rent<T>(w == null ? 1 : 2L * parts * padded);
        var sums = w == null ? null : scratch.As<T>();
        if (sums != null) new Span<byte>(sums, checked((int)(2L * parts * padded * sizeof(T)))).Clear();
        WorkerPool.Shared.For(parts, new Part<V, T>(x, means, scales, w, g, dx, sums, rows, n, padded, parts, Streaming.Suits(dx, rows, n)));
        if (sums == null) return;
        Join(sums, dw, n, 2 * padded, parts);
        Join(sums + padded, db, n, 2 * padded, parts);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join<T>(T* sums, T* to, long n, long stride, int parts)
        where T : unmanaged, INumber<T>
    {
        Buffer.MemoryCopy(sums, to, n * sizeof(T), n * sizeof(T));
        for (var part = 1; part < parts; part++)
        {
            sums += stride;
            long i = 0;
            for (; i + Vector256<T>.Count <= n; i += Vector256<T>.Count) (Vector256.Load(to + i) + Vector256.Load(sums + i)).Store(to + i);
            for (; i < n; i++) to[i] += sums[i];
        }
    }

    private readonly struct Part<V, T>(T* x, T* means, T* scales, T* w, T* g, T* dx, T* sums, long rows, long n, long padded, int parts, bool streams) : IParallelBody
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            T* dw = sums + 2L * index * padded, db = dw + padded;
            for (var r = rows * index / parts; r < rows * (index + 1) / parts; r++)
            {
                V mean = LaneFold.Broadcast<V, T>(means[r]), scale = LaneFold.Broadcast<V, T>(scales[r]), share = V.Constant(1.0 / n);
                var (along, across) = sums == null ? Plain(r * n, mean, scale) : Weighted(r * n, mean, scale, dw, db);
                Store(r * n, mean, scale, along * share, across * share);
            }
        }

        private (V Mean, V Correlation) Plain(long at, V mean, V scale) =>
            (AlongRow.Sum<Itself, V, T>(new(n, 1, 1), g + at, g + at, mean, scale), AlongRow.Sum<Correlation, V, T>(new(n, 1, 1), x + at, g + at, mean, scale));

        // Σ h and Σ h·x̂, in runs of 64 registers; and the parts of dw and db.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private (V Mean, V Correlation) Weighted(long at, V mean, V scale, T* dw, T* db)
        {
            V sum = V.Constant(0), product = sum;
            long i = 0;
            while (i + V.Count <= n)
            {
                V a = V.Constant(0), b = a;
                for (var end = Math.Min(n, i + 64 * V.Count) - V.Count; i <= end; i += V.Count)
                {
                    V gradient = V.Load(in g[at + i]), normalised = (V.Load(in x[at + i]) - mean) * scale, h = gradient * V.Load(in w[i]);
                    V.Store(V.MultiplyAdd(gradient, normalised, V.Load(in dw[i])), ref dw[i]);
                    V.Store(V.Load(in db[i]) + gradient, ref db[i]);
                    a += h;
                    b = V.MultiplyAdd(h, normalised, b);
                }

                sum += a;
                product += b;
            }

            if (i < n)
            {
                var mask = AlongRow.First<V, T>(n - i);
                V gradient = V.Load(in g[at + i]), normalised = (V.Load(in x[at + i]) - mean) * scale, h = gradient * V.Load(in w[i]);
                V.Store(V.MultiplyAdd(gradient, normalised, V.Load(in dw[i])), ref dw[i]); // surplus lanes are never read
                V.Store(V.Load(in db[i]) + gradient, ref db[i]);
                sum += V.Select(mask, h, V.Constant(0));
                product += V.Select(mask, h * normalised, V.Constant(0));
            }

            return (LaneFold.Broadcast<V, T>(LaneFold.Sum<V, T>(sum)), LaneFold.Broadcast<V, T>(LaneFold.Sum<V, T>(product)));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Store(long at, V mean, V scale, V along, V across)
        {
            long i = 0;
            if (streams)
            {
                for (; i < n; i += V.Count) Streaming.Store(Value(at, i, mean, scale, along, across), dx + at + i);
                return;
            }

            for (; i + V.Count <= n; i += V.Count) V.Store(Value(at, i, mean, scale, along, across), ref dx[at + i]);
            if (i < n) AlongRow.StoreFirst(Value(at, i, mean, scale, along, across), dx + at + i, n - i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V Value(long at, long i, V mean, V scale, V along, V across)
        {
            var h = V.Load(in g[at + i]);
            if (w != null) h *= V.Load(in w[i]);
            return scale * (h - along - (V.Load(in x[at + i]) - mean) * scale * across);
        }
    }

    // z·(x - p)·q
    private readonly struct Correlation : IRowPass
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Step<V>(V x, V z, V p, V q)
            where V : struct, IFloatLanes<V> => z * ((x - p) * q);
    }
}
