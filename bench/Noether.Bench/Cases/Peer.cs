namespace Noether.Bench.Cases;

/// <summary>Another library that computes the same cases; compiled in with <c>Peers=true</c>.</summary>
internal abstract partial class Peer
{
    /// <summary>The peer that is compiled in; null without.</summary>
    public static Peer? Present { get; } = Find();

    /// <summary>Name and version.</summary>
    public abstract string Name { get; }

    /// <summary>How many threads it computes with.</summary>
    public abstract int Threads { get; set; }

    /// <summary>The peer's side of a case.</summary>
    public abstract Subject Prepare(Case what);

    private static Peer? Find()
    {
        Peer? peer = null;
        Create(ref peer);
        return peer;
    }

    static partial void Create(ref Peer? peer);
}
