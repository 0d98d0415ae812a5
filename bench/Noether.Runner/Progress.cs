using System.Diagnostics;
using NUnit.Framework.Interfaces;

namespace Noether.Runner;

/// <summary>
/// Tells how far a run is: on standard error a live line on a terminal, a line now and then elsewhere; each failure at once, and at the end the
/// counts and why tests were skipped, on standard output.
/// </summary>
/// <param name="total">How many tests there are.</param>
internal sealed class Progress(int total) : ITestListener
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromSeconds(0.2), Elsewhere = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new(); // tests end on several threads
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, int> reasons = [];
    private readonly bool isLive = !Console.IsErrorRedirected;
    private TimeSpan told;
    private int ended, failed, skipped;

    /// <summary>How many tests there are.</summary>
    public int Total => total;

    /// <summary>How many passed.</summary>
    public int Passed { get; private set; }

    /// <summary>True if a test failed, or the setting up or taking down of a fixture.</summary>
    public bool HasFailed { get; private set; }

    /// <inheritdoc/>
    public void TestFinished(ITestResult result)
    {
        lock (gate)
        {
            var isFailure = result.ResultState.Status == TestStatus.Failed;
            if (isFailure && (!result.Test.IsSuite || result.ResultState.Site is FailureSite.SetUp or FailureSite.TearDown)) Show(result);
            if (result.Test.IsSuite) return;
            ended++;
            if (isFailure)
            {
                failed++;
            }
            else if (result.ResultState.Status == TestStatus.Skipped)
            {
                skipped++;
                var reason = result.Message?.ReplaceLineEndings(" ").Trim() ?? "no reason given";
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            }
            else
            {
                Passed++;
            }

            var now = Stopwatch.GetElapsedTime(started);
            if (now - told < (isLive ? OnTerminal : Elsewhere)) return;
            told = now;
            Tell($"{ended}/{total}, {failed} failed, {skipped} skipped, {now.TotalSeconds:F0} s: {result.FullName}");
        }
    }

    /// <summary>Takes an assembly's outcome.</summary>
    public void Finished(ITestResult assembly) => HasFailed |= assembly.ResultState.Status == TestStatus.Failed;

    /// <summary>The counts, and each reason to skip with how often it was given.</summary>
    public void Summarise()
    {
        if (isLive) Console.Error.Write("\r\u001b[K");
        foreach (var (reason, count) in reasons.OrderByDescending(static reason => reason.Value)) Console.Out.WriteLine($"skipped {count}: {reason}");
        Console.Out.WriteLine($"{Passed} passed, {failed} failed, {skipped} skipped, {total - ended} not run, {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
    }

    /// <inheritdoc/>
    public void TestStarted(ITest test)
    {
    }

    /// <inheritdoc/>
    public void TestOutput(TestOutput output)
    {
    }

    /// <inheritdoc/>
    public void SendMessage(TestMessage message)
    {
    }

    private void Show(ITestResult result)
    {
        if (isLive) Console.Error.Write("\r\u001b[K");
        Console.Out.WriteLine($"FAILED {result.FullName}");
        Console.Out.WriteLine(result.Message);
        Console.Out.WriteLine(result.StackTrace);
    }

    private void Tell(string line)
    {
        if (!isLive)
        {
            Console.Error.WriteLine(line);
            return;
        }

        var width = Math.Max(20, Console.WindowWidth) - 1;
        Console.Error.Write($"\r{(line.Length > width ? line[..width] : line)}\u001b[K");
    }
}
