using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>One application of a primitive: the edge between input and output tensors. Immutable but for its claim on the inputs.</summary>
/// <remarks>
/// Nodes are numbered in the order of their making, so a node never depends on one with a higher number: walks stop early by it.
/// A node claims its inputs (<see cref="Tensor.Consumers"/>) until it is evaluated, or known never to be (<see cref="Scaffold"/>).
/// </remarks>
internal sealed class Node
{
    /// <summary>What a disposed tensor stands on.</summary>
    public static readonly Node Disposed = new(new Gone("was disposed"), [], []);

    /// <summary>What a donated tensor stands on.</summary>
    public static readonly Node Donated = new(new Gone("was donated to a compiled function"), [], []);

    private static long Last;

    private int released;

    public Node(Primitive primitive, Tensor[] inputs, Tensor[] outputs)
    {
        Id = Interlocked.Increment(ref Last);
        Primitive = primitive;
        Inputs = inputs;
        Outputs = outputs;
        Place = CodePlace.Current;
        foreach (var input in inputs) input.GainConsumer();
    }

    public long Id { get; }

    public Primitive Primitive { get; }

    public Tensor[] Inputs { get; }

    public Tensor[] Outputs { get; }

    /// <summary>The line of the caller's code that asked for it, where a <see cref="Profiler"/> may want to know; else null.</summary>
    public CodePlace? Place { get; }

    /// <summary>The last planning that walked over this node; only under the device's gate.</summary>
    public long Pass { get; set; }

    /// <summary>True if the node no longer claims its inputs: what it computes is there, or nobody is expected to ask for it.</summary>
    public bool IsReleased => Volatile.Read(ref released) != 0;

    /// <summary>The highest number given so far: nodes made later have a higher one.</summary>
    public static long LastId => Interlocked.Read(ref Last);

    /// <summary>Lets go of the inputs, once. The node stays valid: whoever holds an output may still have it computed.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref released, 1) != 0) return;
        foreach (var input in Inputs) input.LoseConsumer();
    }
}
