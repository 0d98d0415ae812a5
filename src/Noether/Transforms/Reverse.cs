using Noether.Graphs;

namespace Noether.Transforms;

/// <summary>Reverse mode: one walk against the order of making, asking each primitive for its inputs' cotangents and adding them up.</summary>
internal sealed class Reverse
{
    private readonly Tensor[] arguments;
    private readonly Tensor[] results;
    private readonly HashSet<Tensor> active = [];
    private readonly List<Node> tape;

    /// <summary>Remembers the nodes from arguments to results: results may be evaluated before the pullback is asked for.</summary>
    public Reverse(Tensor[] arguments, Tensor[] results)
    {
        this.arguments = arguments;
        this.results = results;
        tape = Walk.Between(arguments, results, active);
    }

    /// <summary>The cotangents of the arguments for given cotangents of the results (null: zero); null where a result does not depend.</summary>
    public Tensor?[] Pull(Tensor?[] cotangents)
    {
        var sums = new Dictionary<Tensor, Tensor>();
        for (var i = 0; i < results.Length; i++)
        {
            if (cotangents[i] is { } cotangent && active.Contains(results[i])) Add(sums, results[i], cotangent);
        }

        for (var n = tape.Count - 1; n >= 0; n--)
        {
            var node = tape[n];
            var outgoing = new Tensor?[node.Outputs.Length];
            var any = false;
            for (var i = 0; i < outgoing.Length; i++)
            {
                if (sums.Remove(node.Outputs[i], out outgoing[i])) any = true;
            }

            if (!any) continue;
            var wanted = Array.ConvertAll(node.Inputs, x => x.DType.IsFloating() && active.Contains(x));
            if (!Array.Exists(wanted, static w => w)) continue;
            using var place = CodePlace.At(node.Place);
            var incoming = node.Primitive.Vjp(node.Inputs, node.Outputs, outgoing, wanted);
            for (var i = 0; i < wanted.Length; i++)
            {
                if (wanted[i] && incoming[i] is { } cotangent) Add(sums, node.Inputs[i], cotangent);
            }
        }

        return Array.ConvertAll(arguments, a => sums.GetValueOrDefault(a));
    }

    private static void Add(Dictionary<Tensor, Tensor> sums, Tensor tensor, Tensor cotangent) =>
        sums[tensor] = sums.TryGetValue(tensor, out var sum) ? sum + cotangent : cotangent;
}
