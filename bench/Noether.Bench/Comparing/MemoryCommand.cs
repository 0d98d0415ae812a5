using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Noether.Bench.Cases;

namespace Noether.Bench.Comparing;

/// <summary><c>memory</c>: what a case needs, and whether it grows over many repetitions; each side in a process of its own, which nothing else has filled.</summary>
internal static class MemoryCommand
{
    private const string SideOption = "--side", Engine = "engine", PeerSide = "peer";

    public static Command Create()
    {
        Option<string> filter = new("--filter") { Description = "cases whose group and name contain this text, or match it as a pattern with *", Required = true };
        Option<int> repetitions = new("--repetitions") { Description = "how often each case runs", DefaultValueFactory = static _ => 100 };
        repetitions.Validators.Add(static result =>
        {
            if (result.Tokens is [var word] && (!int.TryParse(word.Value, out var n) || n < 10))
                result.AddError($"--repetitions takes a whole number from 10, not '{word.Value}'");
        });
        Option<string?> side = new(SideOption) { Description = "measure this side here and print one line of JSON", Hidden = true };
        side.AcceptOnlyFromAmong(Engine, PeerSide);
        var threads = Sides.Threads();
        Command command = new("memory", "Measures resident memory over many repetitions, a process a side.") { filter, repetitions, threads, side };
        command.SetAction((parse, cancellation) => Task.FromResult(
            Run(parse.GetValue(filter)!, parse.GetValue(repetitions), parse.GetValue(threads), parse.GetValue(side), cancellation)));
        return command;
    }

    private static int Run(string filter, int repetitions, int threads, string? side, CancellationToken cancellation)
    {
        var cases = Case.All.Where(what => what.ToString() == filter) is var exact && exact.Any()
            ? exact.ToArray()
            : [.. Case.All.Where(what => Pattern.Matches(what.ToString(), filter))];
        if (cases.Length == 0)
        {
            Console.Error.WriteLine($"bench: no case matches '{filter}'; groups: {string.Join(", ", Case.All.Select(static what => what.Group).Distinct())}");
            return Sides.Failed;
        }

        return Sides.Guard(threads, () =>
        {
            if (side is not null)
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(Measure(cases[0], side == PeerSide, repetitions, cancellation)));
                return Sides.Done;
            }

            Console.Out.WriteLine($"| case | side | MiB at first | MiB after {repetitions / 10} | MiB after {repetitions} | peak, MiB | peak beyond the first, MiB |");
            Console.Out.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
            foreach (var what in cases)
            {
                Tell(what, "Noether", InProcess(what, Engine, repetitions, threads));
                if (Peer.Present is { } peer && what.Operation.Length > 0) Tell(what, peer.Name, InProcess(what, PeerSide, repetitions, threads));
            }

            return Sides.Done;
        });
    }

    private static void Tell(Case what, string side, Resident resident) => Console.Out.WriteLine(
        $"| {what} | {side} | {resident.First:F0} | {resident.Tenth:F0} | {resident.Last:F0} | {resident.Peak:F0} | {resident.Peak - resident.First:F0} |");

    private static Resident InProcess(Case what, string side, int repetitions, int threads)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true };
        // Started by `dotnet Noether.Bench.dll`, the process's path is dotnet's own.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (var word in (string[])["memory", "--filter", what.ToString(), "--repetitions", $"{repetitions}", "--threads", $"{threads}", SideOption, side])
            start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Resident>(line)!
            : throw new InvalidOperationException($"{what}: the process that measures the {side} ended with {process.ExitCode}");
    }

    private static Resident Measure(Case what, bool peer, int repetitions, CancellationToken cancellation)
    {
        using var subject = peer ? Peer.Present!.Prepare(what) : what.Engine();
        double first = Now(), tenth = 0;
        for (var i = 1; i <= repetitions; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            subject.Run();
            if (i == repetitions / 10) tenth = Now();
        }

        using var self = Process.GetCurrentProcess();
        return new(first, tenth, Now(), self.PeakWorkingSet64 / 1048576.0);
    }

    private static double Now()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64 / 1048576.0;
    }

    /// <summary>Resident memory in MiB: when the operands are there, after a tenth of the repetitions, after all, and the most.</summary>
    private sealed record Resident(double First, double Tenth, double Last, double Peak);
}
