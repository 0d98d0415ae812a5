using System.Runtime.InteropServices;
using Noether.Devices;
using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>
/// From asked tensors to a plan: walk the graph once, follow aliases, expand definitions that the device needs, merge equal nodes, number values;
/// then fuse elementwise runs and find last uses, or take both from an earlier graph of equal structure.
/// </summary>
/// <remarks>
/// A device keeps one planner for its evaluations, which run one at a time: its lists keep their memory, and what it knows of a tensor it notes on
/// the tensor itself. So planning a graph that was met before allocates nothing.
/// </remarks>
internal sealed class Planner(Device device)
{
    private static long LastPass;

    private readonly GraphStructure structure = new();
    private readonly List<Tensor> leaves = [];
    private readonly List<Tensor> kept = [];
    private readonly List<Tensor> noted = [];
    private readonly List<Node> met = [];
    private readonly Stack<(Tensor Tensor, bool Ready)> stack = new();
    private readonly Dictionary<Node, Tensor[]> expanded = [];
    private readonly Dictionary<int, Plan> plans = []; // by hash; an equal hash of another structure takes the place
    private readonly HashSet<int> seen = [];
    private View[] leafViews = [];
    private View[] resultViews = [];
    private long pass;

    // A plan is kept when its structure comes again: numbers that change from step to step make structures that never do.
    private const int MaxPlans = 512, MaxSeen = 4096;

    /// <summary>A plan for one evaluation of the asked tensors.</summary>
    public static Evaluation ForEvaluation(Device device, Tensor[] asked) => ForEvaluation(device, asked, out _);

    /// <inheritdoc cref="ForEvaluation(Device, Tensor[])"/>
    public static Evaluation ForEvaluation(Device device, Tensor[] asked, out View[] leaves)
    {
        lock (device.Gate)
        {
            var planner = new Planner(device);
            planner.PlanEvaluation(asked);
            leaves = planner.LeafViews().ToArray();
            return new(planner.Finish(), [.. planner.kept]);
        }
    }

    /// <summary>
    /// A reusable plan of <paramref name="results"/> as functions of <paramref name="symbols"/>, which become its first leaves; and all leaves.
    /// </summary>
    public static (Plan Plan, Tensor[] Leaves) ForReplay(Device device, Tensor[] symbols, Tensor[] results)
    {
        lock (device.Gate)
        {
            using var definitions = Scaffold.Raise();
            var planner = new Planner(device) { pass = Interlocked.Increment(ref LastPass) };
            foreach (var symbol in symbols)
            {
                planner.Note(symbol).IsBound = true;
                planner.Leaf(symbol);
            }

            foreach (var tensor in results)
            {
                planner.Walk(tensor);
                planner.kept.Add(tensor);
            }

            definitions.TakeDown();
            return (planner.Finish(), [.. planner.leaves]);
        }
    }

    /// <summary>
    /// Plans the evaluation of those asked tensors that are on this device and have no value yet; null if there is none. What it covers stays here
    /// until <see cref="Clear"/>.
    /// </summary>
    public Plan? PlanEvaluation(ReadOnlySpan<Tensor> asked)
    {
        pass = Interlocked.Increment(ref LastPass);
        using var definitions = Scaffold.Raise();
        foreach (var tensor in asked)
        {
            if (tensor.Device != device || tensor.View is not null || Note(tensor).IsAsked) continue;
            Note(tensor).IsAsked = true;
            kept.Add(tensor);
            Walk(tensor);
        }

        if (kept.Count == 0) return null;

        // A tensor with consumers outside this plan is part of a graph still to be evaluated: keep it rather than compute it twice.
        for (var i = 0; i < noted.Count; i++)
        {
            var tensor = noted[i];
            if (tensor.Consumers <= tensor.Mark.Uses || tensor.View is not null || tensor.Mark.IsAsked || tensor.Node?.Primitive is Constant) continue;

            // Of a definition only the outputs that are asked for are planned.
            if (NumberOf(Resolve(tensor)) < 0) continue;
            Note(tensor).IsAsked = true;
            kept.Add(tensor);
        }

        definitions.TakeDown();
        return KnownPlan();
    }

    /// <summary>The leaves' values.</summary>
    public ReadOnlySpan<View> LeafViews()
    {
        if (leafViews.Length < leaves.Count) leafViews = new View[2 * leaves.Count];
        for (var i = 0; i < leaves.Count; i++) leafViews[i] = Executor.ValueOf(leaves[i]);
        return leafViews.AsSpan(0, leaves.Count);
    }

    /// <summary>Room for the results.</summary>
    public Span<View> ResultViews()
    {
        if (resultViews.Length < kept.Count) resultViews = new View[2 * kept.Count];
        return resultViews.AsSpan(0, kept.Count);
    }

    /// <summary>Hands the results out; the nodes that the plan covered claim their inputs no longer.</summary>
    public void Materialise()
    {
        for (var i = 0; i < kept.Count; i++) kept[i].Materialise(resultViews[i]);
        foreach (var node in met) node.Release();
    }

    /// <summary>Forgets the graph.</summary>
    public void Clear()
    {
        leafViews.AsSpan(0, Math.Min(leaves.Count, leafViews.Length)).Clear();
        resultViews.AsSpan(0, Math.Min(kept.Count, resultViews.Length)).Clear();
        structure.Clear();
        leaves.Clear();
        kept.Clear();
        noted.Clear();
        met.Clear();
        stack.Clear();
        expanded.Clear();
    }

    // Depth first without recursion: graphs may be thousands of nodes deep.
    private void Walk(Tensor root)
    {
        stack.Push((root, false));
        while (stack.TryPop(out var top))
        {
            var tensor = Resolve(top.Tensor);
            if (NumberOf(tensor) >= 0) continue;
            var node = tensor.View is null ? tensor.Node : null;
            if (node?.Primitive is Symbol symbol) throw symbol.Unbound();
            if (node?.Primitive is Gone gone) throw gone.Error("Evaluate", tensor);
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
        while (tensor.View is null && tensor.Node is { } node && !IsBound(tensor))
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
                    using (CodePlace.At(node.Place)) definition = node.Primitive.Definition(node.Inputs);
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

    private ref PlanMark Note(Tensor tensor)
    {
        ref var mark = ref tensor.Mark;
        if (mark.Pass == pass) return ref mark;
        mark = new() { Pass = pass, Number = -1 };
        noted.Add(tensor);
        return ref mark;
    }

    private int NumberOf(Tensor tensor) => tensor.Mark.Pass == pass ? tensor.Mark.Number : -1;

    private bool IsBound(Tensor tensor) => tensor.Mark.Pass == pass && tensor.Mark.IsBound;

    private void CountUses(Node node)
    {
        if (node.Pass == pass) return;
        node.Pass = pass;
        met.Add(node);
        foreach (var output in node.Outputs) Note(output);
        if (node.IsReleased) return;
        foreach (var input in node.Inputs) Note(input).Uses++;
    }

    private void Leaf(Tensor tensor)
    {
        Note(tensor).Number = structure.AddLeaf(new(tensor.Shape, tensor.DType));
        leaves.Add(tensor);
    }

    private void Number(Node node)
    {
        var inputs = structure.Begin(node.Inputs.Length);
        for (var i = 0; i < inputs.Length; i++) inputs[i] = Resolve(node.Inputs[i]).Mark.Number;
        var first = structure.Add(node.Primitive, node.Outputs, node.Place);
        for (var i = 0; i < node.Outputs.Length; i++) Note(node.Outputs[i]).Number = first + i;
    }

    private Plan KnownPlan()
    {
        foreach (var tensor in kept) structure.AddResult(Resolve(tensor).Mark.Number);
        if (Debug.CheckNumerics) return structure.ToPlan(device); // groups differ then
        var hash = structure.Hash;
        ref var plan = ref CollectionsMarshal.GetValueRefOrNullRef(plans, hash);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref plan))
        {
            if (!structure.IsOf(plan)) plan = structure.ToPlan(device);
            return plan;
        }

        var made = structure.ToPlan(device);
        if (!seen.Add(hash))
        {
            if (plans.Count >= MaxPlans) plans.Clear();
            plans[hash] = made;
        }

        if (seen.Count >= MaxSeen) seen.Clear();
        return made;
    }

    private Plan Finish()
    {
        if (structure.Results.Count == 0)
        {
            foreach (var tensor in kept) structure.AddResult(Resolve(tensor).Mark.Number);
        }

        return structure.ToPlan(device);
    }
}

/// <summary>A plan for one evaluation.</summary>
/// <param name="Plan">What to run.</param>
/// <param name="Kept">The tensors to materialise: the asked ones, and those that pending graphs still use.</param>
internal sealed record Evaluation(Plan Plan, Tensor[] Kept);

/// <summary>A primitive applied to numbered values.</summary>
internal sealed record Operation(Primitive Primitive, int[] Inputs, int[] Outputs)
{
    /// <summary>The node's <see cref="Node.Place"/>.</summary>
    public CodePlace? Place { get; init; }
}
