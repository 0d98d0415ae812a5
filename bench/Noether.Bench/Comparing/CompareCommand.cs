using System.CommandLine;
using Noether.Bench.Cases;
using Noether.Devices.Host;

namespace Noether.Bench.Comparing;

/// <summary><c>compare</c>: the engine and its peer in turns, in one process, as a table or as JSON.</summary>
internal static class CompareCommand
{
    private const int Done = 0, Failed = 1, Interrupted = 130;
    private const int Samples = 21, QuickSamples = 5;

    public static Command Create()
    {
        Option<string?> filter = new("--filter") { Description = "only cases whose group and name contain this text, or match it as a pattern with *" };
        Option<bool> json = new("--json") { Description = "one JSON object on standard output instead of the table" };
        Option<bool> quick = new("--quick") { Description = $"{QuickSamples} samples instead of {Samples}" };
        Option<int> threads = new("--threads")
        {
            Description = "threads of the engine, the peer and the measured limits",
            DefaultValueFactory = _ => WorkerPool.Shared.Threads,
        };
        threads.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && (!int.TryParse(word.Value, out var n) || n < 1 || n > WorkerPool.MaxThreads))
                result.AddError($"--threads takes a whole number from 1 to {WorkerPool.MaxThreads}, not '{word.Value}'");
        });

        Command command = new("compare", "Measures the engine and its peer in turns and compares their values.") { filter, json, quick, threads };
        command.SetAction((parse, cancellation) => Task.FromResult(Run(
            parse.GetValue(filter), parse.GetValue(json), parse.GetValue(threads), parse.GetValue(quick) ? QuickSamples : Samples, cancellation)));
        return command;
    }

    private static int Run(string? filter, bool json, int threads, int samples, CancellationToken cancellation)
    {
        var cases = Case.All.Where(what => Pattern.Matches(what.ToString(), filter)).ToArray();
        if (cases.Length == 0)
        {
            Console.Error.WriteLine($"bench: no case matches '{filter}'; groups: {string.Join(", ", Case.All.Select(static what => what.Group).Distinct())}");
            return Failed;
        }

        try
        {
            Device.Default = Device.Host;
            WorkerPool.Shared.Threads = threads;
            if (Peer.Present is { } peer) peer.Threads = threads;
            Console.Error.WriteLine($"{Machine.Description}; {threads} threads each; peer: {Peer.Present?.Name ?? "none (build with Peers=true)"}");
            var peak = Peak.Measure(threads);
            Console.Error.WriteLine($"limits: {peak.GigaFlops:F0} GFLOP/s float32, {peak.GigaBytes:F1} GB/s copied");

            var measured = new List<Measurement>();
            foreach (var what in cases)
            {
                Console.Error.WriteLine($"{measured.Count + 1}/{cases.Length} {what}");
                measured.Add(Measurement.Of(what, peak, samples, cancellation));
            }

            Console.Out.WriteLine(json ? Report.Json(measured, threads, peak) : Report.Table(measured));
            var wrong = measured.Where(static m => !m.Agrees).ToArray();
            foreach (var m in wrong)
                Console.Error.WriteLine($"bench: {m.Case}: values differ by {m.MaxDifference:E1} of the largest, beyond {m.Case.Tolerance:E0}");
            return wrong.Length == 0 ? Done : Failed;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("bench: interrupted");
            return Interrupted;
        }
        catch (Exception error) when (error is NoetherException or InvalidOperationException or IOException or DllNotFoundException or BadImageFormatException)
        {
            Console.Error.WriteLine($"bench: {error.Message.ReplaceLineEndings(" ")}");
            return Failed;
        }
    }
}
