using System.CommandLine;
using Noether.Bench.Cases;
using Noether.Devices.Host;

namespace Noether.Bench.Comparing;

/// <summary>What every comparing verb does with its two sides: equal threads, one line about the machine, exit codes.</summary>
internal static class Sides
{
    public const int Done = 0, Failed = 1, Interrupted = 130;

    /// <summary>The number of samples a case, or fewer for a first look.</summary>
    public const int Samples = 21, QuickSamples = 5;

    public static Option<bool> Quick() => new("--quick") { Description = $"{QuickSamples} samples instead of {Samples}" };

    public static Option<int> Threads()
    {
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
        return threads;
    }

    /// <summary>Gives both sides their threads, measures the machine's limits, and runs the verb's work on them.</summary>
    /// <returns>The work's exit code; 1 with one line on standard error if it failed, 130 if it was interrupted.</returns>
    public static int Run(int threads, Func<Peak, int> work) => Guard(threads, () =>
    {
        Console.Error.WriteLine($"{Machine.Description}; {threads} threads each; peer: {Peer.Present?.Name ?? "none (build with Peers=true)"}");
        var peak = Peak.Measure(threads);
        Console.Error.WriteLine($"limits: {peak.GigaFlops:F0} GFLOP/s float32, {peak.GigaBytes:F1} GB/s copied");
        return work(peak);
    });

    /// <summary>Gives both sides their threads and runs the verb's work, without measuring the machine.</summary>
    /// <returns>The work's exit code; 1 with one line on standard error if it failed, 130 if it was interrupted.</returns>
    public static int Guard(int threads, Func<int> work)
    {
        try
        {
            Device.Default = Device.Host;
            WorkerPool.Shared.Threads = threads;
            if (Peer.Present is { } peer) peer.Threads = threads;
            return work();
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
