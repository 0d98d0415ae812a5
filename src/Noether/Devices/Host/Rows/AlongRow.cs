using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>A register holds neighbours of one row, whose elements lie side by side.</summary>
/// <remarks>
/// The end of a row is one more whole register whose surplus lanes count for nothing and are not stored, so that ten elements cost one step.
/// Sums run in blocks of 64 steps, so that a row of n elements of one sign is off by some 64 + n / 4096 roundings at most.
/// </remarks>
internal readonly unsafe struct AlongRow : IRowWay
{
    private const int Steps = 64;

    public static bool IsAlong => true;

    // A byte a lane: true for as many lanes as one starts before the middle.
    private static ReadOnlySpan<byte> Masks =>
    [
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Max<V, T>(RowSize row, T* x)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        V a = V.Constant(double.NegativeInfinity), b = a, c = a, d = a;
        long i = 0, n = row.Length;
        for (; i + 4 * V.Count <= n; i += 4 * V.Count)
        {
            a = Larger(a, V.Load(in x[i]));
            b = Larger(b, V.Load(in x[i + V.Count]));
            c = Larger(c, V.Load(in x[i + 2 * V.Count]));
            d = Larger(d, V.Load(in x[i + 3 * V.Count]));
        }

        for (; i + V.Count <= n; i += V.Count) a = Larger(a, V.Load(in x[i]));
        if (i < n) b = V.Select(First<V, T>(n - i), Larger(b, V.Load(in x[i])), b);
        return LaneFold.Broadcast<V, T>(LaneFold.Max<V, T>(Larger(Larger(a, b), Larger(c, d))));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Sum<TPass, V, T>(RowSize row, T* x, T* z, V p, V q)
        where TPass : struct, IRowPass
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        var total = V.Constant(0);
        long i = 0, n = row.Length;
        while (i + 4 * V.Count <= n)
        {
            V a = V.Constant(0), b = a, c = a, d = a;
            for (var end = Math.Min(n, i + Steps * 4 * V.Count) - 4 * V.Count; i <= end; i += 4 * V.Count)
            {
                a += TPass.Step(V.Load(in x[i]), V.Load(in z[i]), p, q);
                b += TPass.Step(V.Load(in x[i + V.Count]), V.Load(in z[i + V.Count]), p, q);
                c += TPass.Step(V.Load(in x[i + 2 * V.Count]), V.Load(in z[i + 2 * V.Count]), p, q);
                d += TPass.Step(V.Load(in x[i + 3 * V.Count]), V.Load(in z[i + 3 * V.Count]), p, q);
            }

            total += (a + b) + (c + d);
        }

        for (; i + V.Count <= n; i += V.Count) total += TPass.Step(V.Load(in x[i]), V.Load(in z[i]), p, q);
        if (i < n) total += V.Select(First<V, T>(n - i), TPass.Step(V.Load(in x[i]), V.Load(in z[i]), p, q), V.Constant(0));
        return LaneFold.Broadcast<V, T>(LaneFold.Sum<V, T>(total));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V SumLong<TPass, V, T>(RowSize row, T* x, T* z, V p, V q)
        where TPass : struct, IRowPass
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        V total = V.Constant(0), a = total;
        long i = 0, n = row.Length;
        while (i + V.Count <= n)
        {
            for (var end = Math.Min(n, i + Steps * V.Count) - V.Count; i <= end; i += V.Count)
            {
                PrefetchNext(x + i + n);
                a += TPass.Step(V.Load(in x[i]), V.Load(in z[i]), p, q);
            }

            total += a;
            a = V.Constant(0);
        }

        if (i < n) total += V.Select(First<V, T>(n - i), TPass.Step(V.Load(in x[i]), V.Load(in z[i]), p, q), V.Constant(0));
        return LaneFold.Broadcast<V, T>(LaneFold.Sum<V, T>(total));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V MapSum<TPass, V, T>(RowSize row, T* x, T* z, T* y, V p, V q)
        where TPass : struct, IRowPass
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        V total = V.Constant(0), a = total;
        long i = 0, n = row.Length;
        while (i + V.Count <= n)
        {
            for (var end = Math.Min(n, i + Steps * V.Count) - V.Count; i <= end; i += V.Count)
            {
                PrefetchNext(x + i + n);
                var value = TPass.Step(V.Load(in x[i]), V.Load(in z[i]), p, q);
                V.Store(value, ref y[i]);
                a += value;
            }

            total += a;
            a = V.Constant(0);
        }

        if (i < n)
        {
            var value = V.Select(First<V, T>(n - i), TPass.Step(V.Load(in x[i]), V.Load(in z[i]), p, q), V.Constant(0));
            StoreFirst(value, y + i, n - i);
            total += value;
        }

        return LaneFold.Broadcast<V, T>(LaneFold.Sum<V, T>(total));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<TPass, V, T>(RowSize row, T* x, T* z, T* y, V p, V q)
        where TPass : struct, IRowPass
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        long i = 0, n = row.Length;
        for (; i + V.Count <= n; i += V.Count) V.Store(TPass.Step(V.Load(in x[i]), V.Load(in z[i]), p, q), ref y[i]);
        if (i < n) StoreFirst(TPass.Step(V.Load(in x[i]), V.Load(in z[i]), p, q), y + i, n - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V, T>(T* p)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged => LaneFold.Broadcast<V, T>(*p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, T>(RowSize row, V x, T* p)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged => *p = Unsafe.As<V, T>(ref x);

    /// <summary>Stores the first lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void StoreFirst<V, T>(V x, T* p, long count)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged => Unsafe.CopyBlockUnaligned(p, Unsafe.AsPointer(ref x), (uint)(count * sizeof(T)));

    /// <summary>The mask of the first lanes; fewer than all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V First<V, T>(long count)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged => V.LoadMask(ref Unsafe.Add(ref MemoryMarshal.GetReference(Masks), (nint)(16 - count)));

    /// <summary>The larger of numbers: two operations, where minding NaN takes several.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Larger<V>(V x, V y)
        where V : struct, IFloatLanes<V> => V.Select(V.Less(x, y), y, x);

    // The next row's first pass then finds it in the second-level cache: arithmetic and memory overlap.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchNext<T>(T* p)
        where T : unmanaged
    {
        if (Sse.IsSupported) Sse.Prefetch1(p);
    }
}
