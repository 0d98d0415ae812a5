using Noether.Graphs;

namespace Noether.Devices.Host;

/// <summary>When emitted loops replace the interpreter.</summary>
internal enum LoopPolicy
{
    /// <summary>After some calls or work, compiled on another thread.</summary>
    WhenWorthIt,

    /// <summary>At the first call, which waits.</summary>
    AtOnce,
    Never,
}

/// <summary>A group's loop for one way in which inputs lie and outputs are stored.</summary>
internal sealed class LoopVariant(ElementwiseGroup group, ulong uniform, bool streams)
{
    private FusedLoop? ready;

    public ulong Uniform { get; } = uniform;

    public bool Streams { get; } = streams;

    /// <summary>The loop, once it is compiled.</summary>
    public FusedLoop? Ready => Volatile.Read(ref ready);

    /// <summary>Emits the loop, and has the machine code made now rather than at its first run.</summary>
    public unsafe FusedLoop Compile()
    {
        lock (this)
        {
            if (ready is { } known) return known;
            var loop = LoopEmitter.Emit(group, Uniform, Streams, LoopEmitter.WidestRegister);
            var none = stackalloc byte*[64];
            var slots = stackalloc byte[64 * 65];
            for (var i = 0; i < 64; i++) none[i] = slots;
            loop(none, none, slots, 0); // no elements: only the constants and uniform inputs are read
            Volatile.Write(ref ready, loop);
            return loop;
        }
    }
}
