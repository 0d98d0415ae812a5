using System.Diagnostics;
using Noether.Bench.Cases;

namespace Noether.Bench.Comparing;

/// <summary>One case measured: medians of both sides, taken in turns, and the difference of their values.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Ours">Nanoseconds of one repetition: the median of the samples.</param>
/// <param name="Theirs">The peer's; null without a peer.</param>
/// <param name="ShareOfPeak">What part of the tighter limit, arithmetic or bandwidth, the engine reaches. Above 1 where operands stay in the caches.</param>
/// <param name="MaxDifference">The largest difference of values, in units of the peer's largest value.</param>
internal sealed record Measurement(Case Case, double Ours, double? Theirs, double ShareOfPeak, double? MaxDifference)
{
    // A sample lasts at least so long: the clock and the loop then cost nothing.
    private const double SampleNanoseconds = 5e6;

    // libgomp's threads watch for work for some milliseconds after a loop, on cores that the other side then lacks.
    private const int SettleMilliseconds = 10;

    // What the samples of a long case may take together, on both sides.
    private const double LongNanoseconds = 30e9;

    /// <summary>How many times faster than the peer.</summary>
    public double? Ratio => Theirs / Ours;

    /// <summary>False if the values differ beyond the case's tolerance, or are not numbers.</summary>
    public bool Agrees => MaxDifference is null || MaxDifference <= Case.Tolerance;

    /// <summary>Runs a case: compares values, warms up, then samples both sides in alternating order.</summary>
    public static Measurement Of(Case what, Peak peak, int samples, CancellationToken cancellation)
    {
        using var ours = what.Engine();
        using var theirs = what.Operation.Length == 0 ? null : Peer.Present?.Prepare(what);
        var began = Stopwatch.GetTimestamp();
        var difference = Difference(what, ours, theirs);
        cancellation.ThrowIfCancellationRequested();

        // A long case was compiled when its values were compared, and finds its data again by itself.
        if (what.IsLong) samples = (int)Math.Clamp(LongNanoseconds / Stopwatch.GetElapsedTime(began).TotalNanoseconds, 1, samples);
        var (ourCount, theirCount) = what.IsLong ? (1, 1) : (WarmUp(ours), theirs is null ? 0 : WarmUp(theirs));
        double[] a = new double[samples], b = new double[samples];
        for (var sample = 0; sample < samples; sample++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (sample % 2 == 0) a[sample] = SettledSample(ours, ourCount, !what.IsLong);
            if (theirs is not null) b[sample] = SettledSample(theirs, theirCount, !what.IsLong);
            if (sample % 2 == 1) a[sample] = SettledSample(ours, ourCount, !what.IsLong);
        }

        var median = Samples.Median(a);
        return new(what, median, theirs is null ? null : Samples.Median(b), peak.Share(what.Flops, what.Bytes, what.Type, median), difference);
    }

    /// <summary>The largest difference of both sides' values after the case's repetitions, in units of the peer's largest value.</summary>
    public static double? Difference(Case what, Subject ours, Subject? theirs)
    {
        for (var repetition = 0; repetition < what.CheckedRepetition; repetition++)
        {
            ours.Run();
            theirs?.Run();
        }

        if (theirs is null) return null;
        double[] x = ours.Values(), y = theirs.Values();
        if (x.Length != y.Length) throw new InvalidOperationException($"{what}: {x.Length} values, the peer has {y.Length}");
        double scale = 0, largest = 0;
        for (var i = 0; i < x.Length; i++)
        {
            scale = Math.Max(scale, Math.Abs(y[i]));
            largest = Math.Max(largest, Math.Abs(x[i] - y[i])); // Math.Max keeps NaN
        }

        return scale == 0 ? largest : largest / scale;
    }

    // Runs until the code is compiled and the caches are warm, and returns how many repetitions fill a sample.
    private static int WarmUp(Subject subject)
    {
        var count = 1;
        for (var round = 0; ; round++)
        {
            var time = Sample(subject, count) * count;
            if (time >= SampleNanoseconds && round >= 3) return count;
            if (time < SampleNanoseconds) count = Math.Max(count + 1, (int)Math.Min(1 << 20, count * 1.2 * SampleNanoseconds / Math.Max(time, 1)));
        }
    }

    // The other side's threads go to sleep, then this side's wake and find their data again: neither pays for the change of turns.
    private static double SettledSample(Subject subject, int count, bool rehearses)
    {
        Thread.Sleep(SettleMilliseconds);
        if (rehearses) subject.Run();
        return Sample(subject, count);
    }

    private static double Sample(Subject subject, int count)
    {
        var clock = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++) subject.Run();
        return Stopwatch.GetElapsedTime(clock).TotalNanoseconds / count;
    }
}
