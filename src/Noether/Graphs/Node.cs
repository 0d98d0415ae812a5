using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>One application of a primitive: the edge between input and output tensors. Immutable.</summary>
/// <remarks>
/// Nodes are numbered in the order of their making, so a node never depends on one with a higher number: walks stop early by it.
/// </remarks>
internal sealed class Node
{
    private static long Last;

    public Node(Primitive primitive, Tensor[] inputs, Tensor[] outputs)
    {
        Id = Interlocked.Increment(ref Last);
        Primitive = primitive;
        Inputs = inputs;
        Outputs = outputs;
    }

    public long Id { get; }

    public Primitive Primitive { get; }

    public Tensor[] Inputs { get; }

    public Tensor[] Outputs { get; }

    /// <summary>The highest number given so far: nodes made later have a higher one.</summary>
    public static long LastId => Interlocked.Read(ref Last);
}
