using Noether.Graphs;

namespace Noether.Transforms;

/// <summary>Forward mode: one walk in the order of making, asking each primitive for its outputs' tangents.</summary>
internal sealed class Forward
{
    private readonly Tensor[] arguments;
    private readonly Tensor[] results;
    private readonly List<Node> tape;

    public Forward(Tensor[] arguments, Tensor[] results)
    {
        this.arguments = arguments;
        this.results = results;
        tape = Walk.Between(arguments, results, []);
    }

    /// <summary>The tangents of the results for tangents of the arguments (null: zero).</summary>
    public Tensor?[] Push(Tensor?[] tangents)
    {
        var known = new Dictionary<Tensor, Tensor>();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (tangents[i] is { } tangent) known[arguments[i]] = tangent;
        }

        foreach (var node in tape)
        {
            var incoming = Array.ConvertAll(node.Inputs, x => known.GetValueOrDefault(x));
            if (Array.TrueForAll(incoming, static d => d is null)) continue;
            using var place = CodePlace.At(node.Place);
            var outgoing = node.Primitive.Jvp(node.Inputs, node.Outputs, incoming);
            for (var i = 0; i < outgoing.Length; i++)
            {
                if (outgoing[i] is { } tangent) known[node.Outputs[i]] = tangent;
            }
        }

        return Array.ConvertAll(results, r => known.GetValueOrDefault(r));
    }
}
