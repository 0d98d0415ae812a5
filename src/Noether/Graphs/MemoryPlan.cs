using Noether.Devices;
using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>One kernel of a run, everything about it decided.</summary>
/// <param name="Step">What runs.</param>
/// <param name="X">Its operands, on slots.</param>
/// <param name="Y">Its results, on slots.</param>
/// <param name="Copies">Operands made contiguous first.</param>
/// <param name="Epilogue">The step's epilogue, on slots.</param>
internal sealed record Call(Step Step, View[] X, View[] Y, (View From, View To)[] Copies, Epilogue? Epilogue)
{
    public void Run(Device device)
    {
        foreach (var (from, to) in Copies) device.Copy(from, to);
        if (Step is { Group: { } source, Primitive: { } fold }) Reductions.Evaluate(device, fold, source, X, Y[0]);
        else if (Step.Group is { } group) device.Map(group, X, Y);
        else if (Epilogue is { } epilogue) Step.Primitive!.Evaluate(device, X, Y, epilogue);
        else device.Perform(Step.Primitive!, X, Y);
    }
}

/// <summary>Kernels that may run at once, almost always a single one, and what memory they need. None: blocks are freed.</summary>
internal sealed class Wave
{
    public Wave(Device device, Call[] calls, Storage[] takes, Storage[] frees)
    {
        (Calls, Takes, Frees) = (calls, takes, frees);
        Run = i => device.Run(calls[i]);
    }

    public Call[] Calls { get; }

    /// <summary>Slots that need a block before.</summary>
    public Storage[] Takes { get; }

    /// <summary>Slots whose block is free afterwards.</summary>
    public Storage[] Frees { get; }

    /// <summary>Runs one of the calls.</summary>
    public Action<int> Run { get; }

    /// <summary>What the device made of the wave when it first ran it.</summary>
    public object? Prepared { get; set; }
}

/// <summary>
/// Which block each value of a plan lies in, when blocks are taken and freed, and which results overwrite dying operands: decided once for given
/// layouts of the leaves, so that a run only binds blocks to slots and calls kernels.
/// </summary>
/// <remarks>
/// Invariant: a block is taken before the wave with the first value in it and freed right after the one with the last use of the last. Views share
/// their operand's block. A group may write over an operand of equal width, dense and dying, that is alone in a block of this run's own and that
/// nothing else in the wave reads: it reads element i of every operand before it writes element i, and reads no element of that operand after the
/// result's instruction. An epilogue may too, and over the product that it reads, but over no operand of that: it may run while others are read.
/// </remarks>
internal sealed class MemoryPlan
{
    private readonly Layout[] layouts;
    private readonly bool[] owned;
    private readonly bool checks = Debug.CheckNumerics;
    private readonly Device device;

    // While it is made: the values' views and how many values are in each block.
    private readonly View?[] views;
    private readonly Dictionary<Storage, int> counts = [];
    private readonly Dictionary<Storage, int> leafOf = [];
    private readonly List<Wave> waves = [];
    private long taken;

    public MemoryPlan(Plan plan, Device device, ReadOnlySpan<View> leaves, ReadOnlySpan<bool> owned)
    {
        this.device = device;
        this.owned = owned.ToArray();
        layouts = new Layout[leaves.Length];
        views = new View?[plan.Values.Length];
        Leaves = new Storage[leaves.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            var bytes = leaves[i].Storage.Bytes;
            layouts[i] = leaves[i].Layout.From(Shifts(i) ? 0 : leaves[i].Layout.Offset);
            Leaves[i] = Storage.Slot(device, bytes);
            views[plan.LeafValues[i]] = new(Leaves[i], layouts[i], leaves[i].Type);
            counts[Leaves[i]] = 1;
            leafOf[Leaves[i]] = i;
            if (Owns(i)) taken += MemoryPool.CapacityFor(bytes);
        }

        Peak = taken;
        for (int begin = 0, end; begin < plan.Steps.Length; begin = end)
        {
            end = begin + 1;
            while (end < plan.Steps.Length && plan.Steps[end].Wave == plan.Steps[begin].Wave) end++;
            Add(plan, plan.Steps.AsSpan(begin, end - begin));
        }

        Results = Array.ConvertAll(plan.Results, r => views[r]!);
        ResultLeaves = Array.ConvertAll(Results, r => leafOf.GetValueOrDefault(r.Storage, -1));
        var first = new Dictionary<Storage, int>();
        FirstOfBlock = new int[Results.Length];
        for (var i = 0; i < FirstOfBlock.Length; i++) FirstOfBlock[i] = first.TryAdd(Results[i].Storage, i) ? i : first[Results[i].Storage];
        Leftover = [.. Leaves.Where((slot, i) => Owns(i) && counts[slot] > 0 && !first.ContainsKey(slot))];
        Waves = [.. waves];
        counts.Clear();
        leafOf.Clear();
        Array.Clear(views);
        waves.Clear();
    }

    /// <summary>The leaves' slots.</summary>
    public Storage[] Leaves { get; }

    /// <summary>What runs, one wave after another.</summary>
    public Wave[] Waves { get; }

    /// <summary>The results, on slots.</summary>
    public View[] Results { get; }

    /// <summary>Of each result, the leaf in whose block it is, or -1.</summary>
    public int[] ResultLeaves { get; }

    /// <summary>Of each result, the first one in the same block.</summary>
    public int[] FirstOfBlock { get; }

    /// <summary>Owned leaves that no step reads and no result shows.</summary>
    public Storage[] Leftover { get; }

    /// <summary>The most bytes that a run has at once, donated leaves included and others not.</summary>
    public long Peak { get; private set; }

    /// <summary>How many results are written over an operand.</summary>
    public int Overwrites { get; private set; }

    /// <summary>True while a run uses the slots: a run inside it needs others.</summary>
    public bool IsBusy { get; set; }

    /// <summary>True if the decisions hold for these leaves too.</summary>
    public bool Fits(Device on, ReadOnlySpan<View> leaves, ReadOnlySpan<bool> donated)
    {
        if (device != on || checks != Debug.CheckNumerics || !donated.SequenceEqual(owned)) return false;
        for (var i = 0; i < leaves.Length; i++)
        {
            if (!layouts[i].IsShapedLike(leaves[i].Layout) || (!Shifts(i) && leaves[i].Layout.Offset != layouts[i].Offset)) return false;
        }

        return true;
    }

    /// <summary>True if the run may overwrite and must free the leaf's block.</summary>
    public bool Owns(int leaf) => leaf < owned.Length && owned[leaf];

    /// <summary>True if the slot shows the leaf's first element, not its block's: where addresses can be added to, one plan then serves every offset.</summary>
    public bool Shifts(int leaf) => device.SharesMemory && !Owns(leaf);

    private void Add(Plan plan, ReadOnlySpan<Step> steps)
    {
        var calls = new List<Call>();
        var takes = new List<Storage>();
        foreach (var step in steps)
        {
            if (AsCall(plan, step, steps, takes) is { } call) calls.Add(call);
        }

        Peak = Math.Max(Peak, taken);
        var frees = new List<Storage>();
        foreach (var call in calls)
        {
            foreach (var (_, dense) in call.Copies)
            {
                frees.Add(dense.Storage);
                taken -= MemoryPool.CapacityFor(dense.Storage.Bytes);
            }
        }

        foreach (var step in steps) Bury(step, frees);
        if (calls.Count > 0 || frees.Count > 0) waves.Add(new(device, [.. calls], [.. takes], [.. frees]));
    }

    // Null for a view.
    private Call? AsCall(Plan plan, Step step, ReadOnlySpan<Step> wave, List<Storage> takes)
    {
        var x = Array.ConvertAll(step.Inputs, i => views[i]!);
        if (x.Length > 0 && step.Group is null && step.Primitive?.AsView(x[0].Layout) is { } layout)
        {
            views[step.Outputs[0]] = x[0].With(layout);
            counts[x[0].Storage]++;
            return null;
        }

        var copies = new List<(View, View)>();
        if (step.Group is null && step.Primitive is { TakesStrides: false })
        {
            for (var i = 0; i < step.Operands; i++)
            {
                if (x[i].Layout.IsContiguous) continue;
                var dense = Fresh(step, x[i].Shape, x[i].Type, takes);
                copies.Add((x[i], dense));
                x[i] = dense;
            }
        }

        var y = new View[step.Outputs.Length];
        for (var o = 0; o < y.Length; o++)
        {
            var type = plan.Values[step.Outputs[o]];
            var over = Reusable(step, wave, x, y, o, type);
            if (over is not null) Overwrites++;
            y[o] = over ?? Fresh(step, type.Shape, type.DType, takes);
            counts[y[o].Storage]++;
            views[step.Outputs[o]] = y[o];
        }

        var epilogue = step.Epilogue is { } map ? EpilogueOf(step, map, y) : null;
        if (step.Makes is { } made) y[0] = y[0].With(Layout.Contiguous(made));
        return new(step, x, y, [.. copies], epilogue);
    }

    private Epilogue EpilogueOf(Step step, Step map, View[] y) => new(
        map.Group!, Array.ConvertAll(map.Inputs, i => views[i]!), y[^map.Outputs.Length..],
        Array.ConvertAll(step.Outputs[..^map.Outputs.Length], o => !step.Dies.AsSpan().Contains(o)));

    private View Fresh(Step step, Shape shape, DType type, List<Storage> takes)
    {
        var slot = Storage.Slot(device, device.Pool.BytesOf(shape.Size, type.Bytes()), new BlockContent(new(shape, type), step));
        counts[slot] = 0;
        takes.Add(slot);
        taken += MemoryPool.CapacityFor(slot.Bytes);
        return new(slot, Layout.Contiguous(shape), type);
    }

    // Adds the blocks that hold no value any more.
    private void Bury(Step step, List<Storage> free)
    {
        foreach (var dead in step.Dies)
        {
            var slot = views[dead]!.Storage;
            views[dead] = null;
            if (--counts[slot] > 0) continue;
            var leaf = leafOf.GetValueOrDefault(slot, -1);
            if (leaf >= 0 && !Owns(leaf)) continue;
            free.Add(slot);
            taken -= MemoryPool.CapacityFor(slot.Bytes);
        }
    }

    private View? Reusable(Step step, ReadOnlySpan<Step> wave, View[] x, View[] y, int o, TensorType type)
    {
        var map = step.Epilogue ?? step;
        var first = step.Outputs.Length - map.Outputs.Length; // of the group's own
        if (o < first || map.Group is not { } group || map.Primitive is not null || checks) return null; // a check needs the operands as they were
        var operands = step.Epilogue is null ? [] : x.AsSpan(0, step.Operands);
        for (var i = 0; i < map.Inputs.Length; i++)
        {
            var (value, view) = (map.Inputs[i], views[map.Inputs[i]]!);
            var slot = view.Storage;
            if (view.Type.Bytes() != type.DType.Bytes() || !view.Layout.IsContiguous || view.Layout.Offset != 0 || view.Size != type.Shape.Size
                || counts[slot] != 1 || !step.Dies.AsSpan().Contains(value) || !group.IsReadBefore(i, o - first)
                || IsReadElsewhere(value, step, wave) || IsIn(slot, operands)) continue;
            var leaf = leafOf.GetValueOrDefault(slot, -1);
            if ((leaf < 0 || Owns(leaf)) && !IsIn(slot, y.AsSpan(first, o - first))) return new(slot, Layout.Contiguous(type.Shape), type.DType);
        }

        return null;
    }

    private static bool IsIn(Storage slot, ReadOnlySpan<View> views)
    {
        foreach (var view in views)
        {
            if (view.Storage == slot) return true;
        }

        return false;
    }

    private static bool IsReadElsewhere(int value, Step step, ReadOnlySpan<Step> wave)
    {
        foreach (var other in wave)
        {
            if (other != step && other.Inputs.AsSpan().Contains(value)) return true;
        }

        return false;
    }
}
