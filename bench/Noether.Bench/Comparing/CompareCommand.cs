using System.CommandLine;
using Noether.Bench.Cases;

namespace Noether.Bench.Comparing;

/// <summary><c>compare</c>: the engine and its peer in turns, in one process, as a table or as JSON.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        Option<string?> filter = new("--filter") { Description = "only cases whose group and name contain this text, or match it as a pattern with *" };
        Option<bool> json = new("--json") { Description = "one JSON object on standard output instead of the table" };
        Option<FileInfo[]> peers = new("--peer-json") { Description = "measures nothing: compares what `gpu` and the scripts of bench/peers wrote; may be given several times" };
        peers.AcceptExistingOnly();
        var (quick, threads) = (Sides.Quick(), Sides.Threads());
        Command command = new("compare", "Measures the engine and its peer in turns and compares their values.") { filter, json, peers, quick, threads };
        command.SetAction((parse, cancellation) => Task.FromResult(parse.GetValue(peers) is { Length: > 0 } files
            ? Read(files, parse.GetValue(json))
            : Run(
                parse.GetValue(filter), parse.GetValue(json), parse.GetValue(threads), parse.GetValue(quick) ? Sides.QuickSamples : Sides.Samples, cancellation)));
        return command;
    }

    private static int Read(FileInfo[] files, bool json)
    {
        try
        {
            var runs = PeerRuns.Read(files);
            Console.Out.WriteLine(json ? runs.Json() : runs.Table(static name => GpuCases.All.Where(entry => entry.Case.Name == name).Select(static entry => (double?)entry.Target).FirstOrDefault()));
            return Sides.Done;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"bench: {error.Message.ReplaceLineEndings(" ")}");
            return Sides.Failed;
        }
    }

    private static int Run(string? filter, bool json, int threads, int samples, CancellationToken cancellation)
    {
        var cases = Case.All.Where(what => Pattern.Matches(what.ToString(), filter)).ToArray();
        if (cases.Length == 0)
        {
            Console.Error.WriteLine($"bench: no case matches '{filter}'; groups: {string.Join(", ", Case.All.Select(static what => what.Group).Distinct())}");
            return Sides.Failed;
        }

        return Sides.Run(threads, peak =>
        {
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
            return wrong.Length == 0 ? Sides.Done : Sides.Failed;
        });
    }
}
