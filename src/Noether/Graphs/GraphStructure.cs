using System.Runtime.InteropServices;
using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>
/// A graph without its tensors: leaves' types, primitives on numbered values, results. Two graphs of equal structure have one plan.
/// </summary>
/// <remarks>
/// Values are numbered in the order of the walk, leaves and outputs alike. Equal primitives on equal values are one operation. Everything lies in
/// flat lists that keep their memory when cleared.
/// </remarks>
internal sealed class GraphStructure
{
    private readonly List<TensorType> values = [];
    private readonly List<int> leafValues = [];
    private readonly List<Entry> entries = [];
    private readonly List<int> edges = []; // the operations' inputs, one after another
    private readonly List<int> results = [];
    private int[] buckets = new int[64]; // of operations by hash: 1 + the index of the first
    private int pending;

    /// <summary>The values asked for.</summary>
    public IReadOnlyList<int> Results => results;

    /// <summary>Of everything that equality compares.</summary>
    public int Hash
    {
        get
        {
            var hash = new HashCode();
            foreach (var leaf in leafValues)
            {
                hash.Add(leaf);
                hash.Add((int)values[leaf].DType);
                hash.Add(values[leaf].Shape);
            }

            foreach (ref readonly var entry in CollectionsMarshal.AsSpan(entries))
            {
                hash.Add(entry.Hash);
                if (entry.Place is not null) hash.Add(entry.Place); // of places that profiles tell apart
            }

            foreach (var result in results) hash.Add(result);
            return hash.ToHashCode();
        }
    }

    public void Clear()
    {
        values.Clear();
        leafValues.Clear();
        entries.Clear();
        edges.Clear();
        results.Clear();
        if (buckets.Length > 1024) buckets = new int[64];
        else Array.Clear(buckets);
    }

    public int AddLeaf(TensorType type)
    {
        leafValues.Add(values.Count);
        values.Add(type);
        return values.Count - 1;
    }

    public void AddResult(int value) => results.Add(value);

    /// <summary>Room for the numbers of an operation's inputs, to be filled before <see cref="Add"/>.</summary>
    public Span<int> Begin(int inputs)
    {
        pending = edges.Count;
        CollectionsMarshal.SetCount(edges, pending + inputs);
        return CollectionsMarshal.AsSpan(edges)[pending..];
    }

    /// <summary>An operation on the inputs begun, or the equal one that is there already: the number of its first output.</summary>
    public int Add(Primitive primitive, ReadOnlySpan<Tensor> outputs, CodePlace? place = null)
    {
        var inputs = CollectionsMarshal.AsSpan(edges)[pending..];
        var code = new HashCode();
        code.Add(primitive);
        foreach (var input in inputs) code.Add(input);
        var hash = code.ToHashCode();
        for (var i = buckets[hash & (buckets.Length - 1)] - 1; i >= 0; i = entries[i].Next)
        {
            ref readonly var entry = ref CollectionsMarshal.AsSpan(entries)[i];
            if (entry.Hash != hash || !InputsOf(entry).SequenceEqual(inputs) || !entry.Primitive.Equals(primitive)) continue;
            CollectionsMarshal.SetCount(edges, pending);
            return entry.FirstOutput;
        }

        if (entries.Count >= buckets.Length) Grow();
        ref var bucket = ref buckets[hash & (buckets.Length - 1)];
        entries.Add(new(primitive, hash, pending, inputs.Length, values.Count, outputs.Length, bucket - 1, place));
        bucket = entries.Count;
        foreach (var output in outputs) values.Add(new(output.Shape, output.DType));
        return values.Count - outputs.Length;
    }

    /// <summary>True if the plan was made of an equal structure.</summary>
    public bool IsOf(Plan plan)
    {
        var other = plan.Origin.Operations;
        if (entries.Count != other.Length || leafValues.Count != plan.LeafValues.Length
            || !CollectionsMarshal.AsSpan(results).SequenceEqual(plan.Origin.Results)) return false;
        for (var i = 0; i < leafValues.Count; i++)
        {
            var leaf = leafValues[i];
            if (leaf != plan.LeafValues[i] || values[leaf].DType != plan.Values[leaf].DType || !values[leaf].Shape.Equals(plan.Values[leaf].Shape)) return false;
        }

        for (var i = 0; i < entries.Count; i++)
        {
            ref readonly var entry = ref CollectionsMarshal.AsSpan(entries)[i];
            var operation = other[i];
            if (!InputsOf(entry).SequenceEqual(operation.Inputs) || !ReferenceEquals(entry.Place, operation.Place)) return false;
            if (!ReferenceEquals(entry.Primitive, operation.Primitive) && !entry.Primitive.Equals(operation.Primitive)) return false;
        }

        return true;
    }

    /// <summary>Simplifies, fuses, puts in order and finds last uses.</summary>
    /// <param name="device">Where the plan will run: what its verbs can do decides what is fused and what runs at once.</param>
    public Plan ToPlan(Device device)
    {
        var operations = new List<Operation>(entries.Count);
        foreach (var entry in entries)
        {
            var outputs = new int[entry.OutputCount];
            for (var i = 0; i < outputs.Length; i++) outputs[i] = entry.FirstOutput + i;
            operations.Add(new(entry.Primitive, InputsOf(entry).ToArray(), outputs) { Place = entry.Place });
        }

        var types = new List<TensorType>(values);
        var asked = results.ToArray();
        var origin = new PlanOrigin([.. operations], asked);
        if (!Debug.CheckNumerics) // a check shows operations as they were written
        {
            (operations, asked) = Simplification.Run(operations, types, asked, device);
            operations = Duals.Join(operations, types, device);
        }

        var steps = Fusion.Fuse(operations, types, asked, device.FoldsGroups);
        if (device.TakesEpilogues && !Debug.CheckNumerics) steps = Epilogues.Join(steps, types, asked);
        steps = Waves.Arrange(steps, types, Debug.CheckNumerics ? null : device.WaveRule);
        MarkLastUses(steps, asked, types.Count);
        return new([.. types], [.. leafValues], steps, asked) { Origin = origin };
    }

    private ReadOnlySpan<int> InputsOf(in Entry entry) => CollectionsMarshal.AsSpan(edges).Slice(entry.FirstInput, entry.InputCount);

    private void Grow()
    {
        buckets = new int[4 * buckets.Length];
        for (var i = 0; i < entries.Count; i++)
        {
            ref var entry = ref CollectionsMarshal.AsSpan(entries)[i];
            ref var bucket = ref buckets[entry.Hash & (buckets.Length - 1)];
            entry = entry with { Next = bucket - 1 };
            bucket = i + 1;
        }
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

    private readonly record struct Entry(Primitive Primitive, int Hash, int FirstInput, int InputCount, int FirstOutput, int OutputCount, int Next, CodePlace? Place);
}

/// <summary>A structure before it was simplified and fused: by this a plan is found again.</summary>
/// <param name="Operations">In the order of the walk.</param>
/// <param name="Results">The values asked for.</param>
internal sealed record PlanOrigin(Operation[] Operations, int[] Results);
