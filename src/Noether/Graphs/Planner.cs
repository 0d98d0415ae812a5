using System.Runtime.InteropServices;
using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>
/// From asked tensors to a plan: walk the graph once, follow aliases, expand definitions that the device needs, merge equal nodes, fuse
/// elementwise runs, number values and find their last uses.
/// </summary>
internal sealed class Planner
{
    private readonly Device device;
    private readonly HashSet<Tensor> bound;
    private readonly Dictionary<Tensor, int> numbers = [];
    private readonly List<TensorType> values = [];
    private readonly List<Tensor> leaves = [];
    private readonly List<int> leafValues = [];
    private readonly List<Operation> operations = [];
    private readonly Dictionary<Node, Tensor[]> expanded = [];
    private readonly Dictionary<Key, int[]> known = [];
    private readonly Dictionary<Tensor, int> uses = [];
    private readonly HashSet<Node> met = [];

    private Planner(Device device, Tensor[] symbols)
    {
        this.device = device;
        bound = [.. symbols];
        foreach (var symbol in symbols) Leaf(symbol);
    }

    /// <summary>A plan for one evaluation of the asked tensors.</summary>
    public static Evaluation ForEvaluation(Device device, Tensor[] asked)
    {
        using var definitions = Scaffold.Raise();
        var planner = new Planner(device, []);
        foreach (var tensor in asked) planner.Walk(tensor);

        // A tensor with consumers outside this plan is part of a graph still to be evaluated: keep it rather than compute it twice.
        var kept = new List<Tensor>(asked);
        var roots = new HashSet<Tensor>(asked);
        foreach (var (tensor, inside) in planner.uses.ToArray())
        {
            if (tensor.Consumers <= inside || tensor.View is not null || tensor.Node?.Primitive is Constant || roots.Contains(tensor)) continue;

            // Of a definition only the outputs that are asked for are planned.
            if (!planner.numbers.ContainsKey(planner.Resolve(tensor))) continue;
            roots.Add(tensor);
            kept.Add(tensor);
        }

        definitions.TakeDown();
        return new(planner.Finish([.. kept]), [.. kept]) { Covered = [.. planner.met] };
    }

    /// <summary>A reusable plan of <paramref name="results"/> as functions of <paramref name="symbols"/>, which become its first leaves.</summary>
    public static Plan ForReplay(Device device, Tensor[] symbols, Tensor[] results)
    {
        using var definitions = Scaffold.Raise();
        var planner = new Planner(device, symbols);
        foreach (var tensor in results) planner.Walk(tensor);
        definitions.TakeDown();
        return planner.Finish(results);
    }

    // Depth first without recursion: graphs may be thousands of nodes deep.
    private void Walk(Tensor root)
    {
        var stack = new Stack<(Tensor Tensor, bool Ready)>();
        stack.Push((root, false));
        while (stack.TryPop(out var top))
        {
            var tensor = Resolve(top.Tensor);
            if (numbers.ContainsKey(tensor)) continue;
            var node = tensor.View is null ? tensor.Node : null;
            if (node?.Primitive is Symbol symbol) throw symbol.Unbound();
            if (node is null)
            {
                Leaf(tensor);
            }
            else if (top.Ready)
            {
                Number(node);
            }
            else
            {
                CountUses(node);
                stack.Push((tensor, true));
                foreach (var input in node.Inputs) stack.Push((input, false));
            }
        }
    }

    private Tensor Resolve(Tensor tensor)
    {
        while (tensor.View is null && tensor.Node is { } node && !bound.Contains(tensor))
        {
            if (node.Primitive is AliasPrimitive alias)
            {
                alias.Check();
                CountUses(node);
                tensor = node.Inputs[0];
            }
            else if (node.Primitive.IsComposite || !device.Runs(node.Primitive))
            {
                if (!expanded.TryGetValue(node, out var definition))
                {
                    definition = node.Primitive.Definition(node.Inputs);
                    if (definition is null) break; // the device finds a way (Device.Perform)
                    CountUses(node);
                    expanded[node] = definition;
                }

                tensor = definition[Array.IndexOf(node.Outputs, tensor)];
            }
            else
            {
                break;
            }
        }

        return tensor;
    }

    private void CountUses(Node node)
    {
        if (!met.Add(node)) return;
        foreach (var output in node.Outputs) uses.TryAdd(output, 0);
        if (node.IsReleased) return;
        foreach (var input in node.Inputs) CollectionsMarshal.GetValueRefOrAddDefault(uses, input, out _)++;
    }

    private void Leaf(Tensor tensor)
    {
        numbers[tensor] = values.Count;
        leaves.Add(tensor);
        leafValues.Add(values.Count);
        values.Add(new(tensor.Shape, tensor.DType));
    }

    private void Number(Node node)
    {
        var inputs = Array.ConvertAll(node.Inputs, x => numbers[Resolve(x)]);
        var key = new Key(node.Primitive, inputs);
        if (!known.TryGetValue(key, out var outputs))
        {
            outputs = new int[node.Outputs.Length];
            for (var i = 0; i < outputs.Length; i++)
            {
                outputs[i] = values.Count;
                values.Add(new(node.Outputs[i].Shape, node.Outputs[i].DType));
            }

            known[key] = outputs;
            operations.Add(new(node.Primitive, inputs, outputs));
        }

        for (var i = 0; i < outputs.Length; i++) numbers[node.Outputs[i]] = outputs[i];
    }

    private Plan Finish(Tensor[] results)
    {
        var asked = Array.ConvertAll(results, x => numbers[Resolve(x)]);
        var steps = Fusion.Fuse(operations, values, asked);
        MarkLastUses(steps, asked, values.Count);
        return new([.. values], [.. leaves], [.. leafValues], steps, asked);
    }

    private static void MarkLastUses(Step[] steps, int[] results, int count)
    {
        var alive = new bool[count];
        foreach (var result in results) alive[result] = true;
        var dying = new List<int>();
        for (var s = steps.Length - 1; s >= 0; s--)
        {
            dying.Clear();
            Collect(steps[s].Inputs);
            Collect(steps[s].Outputs);
            steps[s].Dies = [.. dying];
        }

        void Collect(int[] read)
        {
            foreach (var value in read)
            {
                if (alive[value]) continue;
                alive[value] = true;
                dying.Add(value);
            }
        }
    }

    /// <summary>Equal primitives on equal values compute equal values.</summary>
    private readonly struct Key(Primitive primitive, int[] inputs) : IEquatable<Key>
    {
        private readonly Primitive primitive = primitive;
        private readonly int[] inputs = inputs;

        public bool Equals(Key other) => primitive.Equals(other.primitive) && inputs.AsSpan().SequenceEqual(other.inputs);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(primitive);
            foreach (var input in inputs) hash.Add(input);
            return hash.ToHashCode();
        }
    }
}

/// <summary>A plan for one evaluation.</summary>
/// <param name="Plan">What to run.</param>
/// <param name="Kept">The tensors to materialise: the asked ones, and those that pending graphs still use.</param>
internal readonly record struct Evaluation(Plan Plan, Tensor[] Kept)
{
    /// <summary>The nodes whose values the plan computes: once it has run they claim their inputs no longer.</summary>
    public required Node[] Covered { get; init; }
}

/// <summary>A primitive applied to numbered values.</summary>
internal sealed record Operation(Primitive Primitive, int[] Inputs, int[] Outputs);
