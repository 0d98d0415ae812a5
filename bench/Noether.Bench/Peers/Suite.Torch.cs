using BenchmarkDotNet.Attributes;
using Noether.Bench.Cases;

namespace Noether.Bench.Suites;

public abstract partial class Suite
{
    private Subject? theirs;

    [Benchmark(Baseline = true)]
    public void Torch() => theirs!.Run();

    partial void PreparePeer(Case what, ref Subject? subject) => subject = theirs = Peer.Present!.Prepare(what);

    partial void CleanUpPeer() => theirs?.Dispose();
}
