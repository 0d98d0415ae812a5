using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Noether;

/// <summary>What this machine can do on some threads: fused multiply-adds on registers, and copying beyond the caches.</summary>
/// <param name="GigaFlops">float32 operations a nanosecond, a multiply-add counting as two; float64 has half.</param>
/// <param name="GigaBytes">Bytes read and written a nanosecond.</param>
internal sealed record Peak(double GigaFlops, double GigaBytes)
{
    private const int Rounds = 5, Chains = 16;
    private const int CopiedBytes = 64 << 20; // a thread; beyond what the caches hold

    private static readonly ConcurrentDictionary<int, Lazy<Peak>> Measured = [];

    // Some 20 ms, which hides how far apart threads start; without such instructions each step is many.
    private static readonly int Steps = Vector256.IsHardwareAccelerated ? 4_000_000 : 20_000;

    /// <summary>Measured once in the process.</summary>
    public static Peak Of(int threads) => Measured.GetOrAdd(threads, static t => new(() => Measure(t))).Value;

    /// <summary>The best of a few rounds: a limit is what is possible, so the fastest counts.</summary>
    public static Peak Measure(int threads)
    {
        var flops = 2.0 * Steps * Chains * Vector512<float>.Count * threads;
        if (!Vector512.IsHardwareAccelerated) flops /= 2;
        return new(flops / Fastest(threads, static () => Multiply()), 2.0 * CopiedBytes * threads / FastestCopy(threads));
    }

    /// <summary>The share of the tighter limit that a time in nanoseconds reaches.</summary>
    public double Share(double flops, double bytes, DType type, double nanoseconds)
    {
        var arithmetic = type == DType.Float64 ? GigaFlops / 2 : GigaFlops;
        return Math.Max(flops / arithmetic, bytes / GigaBytes) / nanoseconds;
    }

    private static double Fastest(int threads, Action work)
    {
        var fastest = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++) fastest = Math.Min(fastest, Together(threads, _ => work()));
        return fastest;
    }

    private static unsafe double FastestCopy(int threads)
    {
        var blocks = new nint[2 * threads];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = (nint)NativeMemory.AlignedAlloc(CopiedBytes, 64);
            new Span<byte>((void*)blocks[i], CopiedBytes).Fill(1); // pages are there before the clock runs
        }

        var fastest = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            fastest = Math.Min(fastest, Together(threads, t =>
                new ReadOnlySpan<byte>((void*)blocks[2 * t], CopiedBytes).CopyTo(new Span<byte>((void*)blocks[2 * t + 1], CopiedBytes))));
        }

        foreach (var block in blocks) NativeMemory.AlignedFree((void*)block);
        return fastest;
    }

    // Nanoseconds from the first thread's start to the last one's end, by the threads' own clocks: the caller may be late to look.
    private static double Together(int threads, Action<int> work)
    {
        using var start = new Barrier(threads);
        var all = new Thread[threads];
        long[] begun = new long[threads], done = new long[threads];
        for (var t = 0; t < threads; t++)
        {
            var index = t;
            all[t] = new(() =>
            {
                start.SignalAndWait();
                begun[index] = Stopwatch.GetTimestamp();
                work(index);
                done[index] = Stopwatch.GetTimestamp();
            });
            all[t].Start();
        }

        foreach (var thread in all) thread.Join();
        return Stopwatch.GetElapsedTime(begun.Min(), done.Max()).TotalNanoseconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Multiply() => Vector512.IsHardwareAccelerated ? Multiply512() : Multiply256();

    // Sixteen independent chains: four cycles of latency on two to four units.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Multiply512()
    {
        var (factor, term) = (Vector512.Create(0.999f), Vector512.Create(0.001f));
        Vector512<float> a0 = term, a1 = term, a2 = term, a3 = term, a4 = term, a5 = term, a6 = term, a7 = term;
        Vector512<float> b0 = term, b1 = term, b2 = term, b3 = term, b4 = term, b5 = term, b6 = term, b7 = term;
        for (var step = 0; step < Steps; step++)
        {
            a0 = Vector512.FusedMultiplyAdd(a0, factor, term);
            a1 = Vector512.FusedMultiplyAdd(a1, factor, term);
            a2 = Vector512.FusedMultiplyAdd(a2, factor, term);
            a3 = Vector512.FusedMultiplyAdd(a3, factor, term);
            a4 = Vector512.FusedMultiplyAdd(a4, factor, term);
            a5 = Vector512.FusedMultiplyAdd(a5, factor, term);
            a6 = Vector512.FusedMultiplyAdd(a6, factor, term);
            a7 = Vector512.FusedMultiplyAdd(a7, factor, term);
            b0 = Vector512.FusedMultiplyAdd(b0, factor, term);
            b1 = Vector512.FusedMultiplyAdd(b1, factor, term);
            b2 = Vector512.FusedMultiplyAdd(b2, factor, term);
            b3 = Vector512.FusedMultiplyAdd(b3, factor, term);
            b4 = Vector512.FusedMultiplyAdd(b4, factor, term);
            b5 = Vector512.FusedMultiplyAdd(b5, factor, term);
            b6 = Vector512.FusedMultiplyAdd(b6, factor, term);
            b7 = Vector512.FusedMultiplyAdd(b7, factor, term);
        }

        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + b0 + b1 + b2 + b3 + b4 + b5 + b6 + b7);
    }

    // The same with half the lanes; eight chains at a time, which leaves registers for the constants.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Multiply256()
    {
        var (factor, term) = (Vector256.Create(0.999f), Vector256.Create(0.001f));
        Vector256<float> a0 = term, a1 = term, a2 = term, a3 = term, a4 = term, a5 = term, a6 = term, a7 = term;
        for (var step = 0; step < 2 * Steps; step++)
        {
            a0 = Vector256.FusedMultiplyAdd(a0, factor, term);
            a1 = Vector256.FusedMultiplyAdd(a1, factor, term);
            a2 = Vector256.FusedMultiplyAdd(a2, factor, term);
            a3 = Vector256.FusedMultiplyAdd(a3, factor, term);
            a4 = Vector256.FusedMultiplyAdd(a4, factor, term);
            a5 = Vector256.FusedMultiplyAdd(a5, factor, term);
            a6 = Vector256.FusedMultiplyAdd(a6, factor, term);
            a7 = Vector256.FusedMultiplyAdd(a7, factor, term);
        }

        return Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7);
    }
}
