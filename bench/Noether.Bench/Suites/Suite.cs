using BenchmarkDotNet.Attributes;
using Noether.Bench.Cases;
using Noether.Bench.Comparing;

namespace Noether.Bench.Suites;

/// <summary>The cases of a group as BenchmarkDotNet benchmarks; the peer, where compiled in, is the baseline.</summary>
/// <param name="group">The group's name.</param>
public abstract partial class Suite(string group)
{
    private Subject? ours;

    /// <summary>The case's name in its group.</summary>
    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    public IEnumerable<string> Names => Case.All.Where(what => what.Group == group).Select(static what => what.Name);

    internal Case Case => Case.All.Single(what => what.Group == group && what.Name == Name);

    /// <summary>Prepares both sides on equally many threads; a wrong result gets no time.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        Device.Default = Device.Host;
        if (Peer.Present is { } present) present.Threads = Devices.Host.WorkerPool.Shared.Threads;
        var what = Case;
        ours = what.Engine();
        Subject? theirs = null;
        PreparePeer(what, ref theirs);
        if (Measurement.Difference(what, ours, theirs) is { } difference && !(difference <= what.Tolerance))
            throw new InvalidOperationException($"{what}: values differ by {difference:E1} of the largest, beyond {what.Tolerance:E0}");
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        ours?.Dispose();
        CleanUpPeer();
    }

    [Benchmark]
    public void Noether() => ours!.Run();

    partial void PreparePeer(Case what, ref Subject? subject);

    partial void CleanUpPeer();
}
