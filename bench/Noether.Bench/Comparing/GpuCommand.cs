using System.CommandLine;
using System.Diagnostics;
using Noether.Bench.Cases;

namespace Noether.Bench.Comparing;

/// <summary><c>gpu</c>: times the engine on a device. The peers are other processes, scripts in <c>bench/peers</c>; <c>compare --peer-json</c> joins what they write.</summary>
internal static class GpuCommand
{
    // A sample is long against the one wait at its end; the first repetitions compile kernels, record the graph and fill the pool.
    private const double SampleMilliseconds = 20;
    private const int FirstRepetitions = 5, AllSamples = 7, QuickSamples = 3, MostRepetitions = 1 << 14;

    public static Command Create()
    {
        Option<string> device = new("--device") { Description = "cuda, cuda:1, opencl, host or simulator", DefaultValueFactory = static _ => "cuda" };
        Option<string?> filter = new("--filter") { Description = "only cases whose name contains this text, or matches it as a pattern with *" };
        Option<FileInfo?> json = new("--json") { Description = "the file to write" };
        Option<bool> list = new("--list") { Description = "prints the names of the cases and measures none" };
        Option<bool> quick = new("--quick") { Description = $"{QuickSamples} samples instead of {AllSamples}" };
        Command command = new("gpu", "Measures the engine on a device, for comparison with PyTorch and JAX there.") { device, filter, json, list, quick };
        // On another thread, because Ctrl-C is watched only once the action has returned its task.
        command.SetAction((parse, cancellation) => Task.Run(
            () => Run(
                parse.GetValue(device)!, parse.GetValue(filter), parse.GetValue(json), parse.GetValue(list), parse.GetValue(quick) ? QuickSamples : AllSamples, cancellation),
            CancellationToken.None));
        return command;
    }

    private static int Run(string name, string? filter, FileInfo? json, bool lists, int samples, CancellationToken cancellation)
    {
        Case[] cases = [.. GpuCases.All.Select(static entry => entry.Case).Where(what => Pattern.Matches(what.Name, filter))];
        if (cases.Length == 0)
        {
            Console.Error.WriteLine($"bench: no case of the GPU matches '{filter}'; --list shows them");
            return Sides.Failed;
        }

        if (lists)
        {
            foreach (var what in cases) Console.Out.WriteLine(what.Name);
            return Sides.Done;
        }

        return Sides.Guard(Environment.ProcessorCount, () =>
        {
            var device = Device.Default = Device.Open(name);
            var timed = new List<PeerRuns.Timed>();
            foreach (var what in cases)
            {
                Console.Error.Write($"{timed.Count + 1}/{cases.Length} {what.Name}: ");
                timed.Add(Measure(what, device, samples, cancellation));
                Console.Error.WriteLine(timed[^1].Error ?? FormattableString.Invariant($"{Samples.Median([.. timed[^1].Milliseconds]):F4} ms"));
            }

            var version = typeof(Tensor).Assembly.GetName().Version!.ToString(3);
            PeerRuns runs = new([new(PeerRuns.Ours, version, device.Describe().Hardware, "compiled; precision as the case's name says", timed)]);
            if (json is not null) File.WriteAllText(json.FullName, runs.Json());
            else Console.Out.WriteLine(runs.Json());
            return timed.All(static each => each.Error is not null) ? Sides.Failed : Sides.Done;
        });
    }

    // A case that the device cannot run yet must not keep the others from being measured.
    private static PeerRuns.Timed Measure(Case what, Device device, int samples, CancellationToken cancellation)
    {
        try
        {
            using var ours = what.Engine();
            for (var i = 0; i < FirstRepetitions; i++) ours.Run();
            var once = Sample(ours, device, 1);
            var count = (int)Math.Clamp(SampleMilliseconds / once, 1, MostRepetitions);
            count = (int)Math.Clamp(SampleMilliseconds / Sample(ours, device, count), 1, MostRepetitions); // one alone waits for itself and looks slow
            var times = new double[samples];
            for (var i = 0; i < samples; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                times[i] = Sample(ours, device, count);
            }

            return new(what.Name, times);
        }
        catch (Exception error) when (error is NoetherException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            return new(what.Name, [], error.Message.ReplaceLineEndings(" "));
        }
    }

    // Repetitions are queued without waiting, as the peers queue theirs; the clock starts at an idle device and stops when it is idle again.
    private static double Sample(Subject subject, Device device, int count)
    {
        device.Finish();
        var clock = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++) subject.Run();
        device.Finish();
        return Stopwatch.GetElapsedTime(clock).TotalMilliseconds / count;
    }
}
