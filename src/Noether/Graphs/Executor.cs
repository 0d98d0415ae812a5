using System.Diagnostics;
using Noether.Devices;

namespace Noether.Graphs;

/// <summary>Runs plans. Blocks return to the pool at the last use of the last value in them; an elementwise group may write over a dying input.</summary>
internal static class Executor
{
    /// <summary>Evaluates tensors, which may be on several devices.</summary>
    public static void Evaluate(params Tensor[] tensors)
    {
        foreach (var group in tensors.Where(x => x.View is null).GroupBy(x => x.Device))
        {
            lock (group.Key.Gate)
            {
                var asked = group.Distinct().Where(x => x.View is null).ToArray();
                if (asked.Length == 0) continue;
                var (plan, kept) = Planner.ForEvaluation(group.Key, asked);
                var results = Run(plan, group.Key, Array.ConvertAll(plan.Leaves, LeafValue));
                for (var i = 0; i < kept.Length; i++) kept[i].Materialise(results[i]);
            }
        }
    }

    /// <summary>Runs a plan on the values of its leaves, and may overwrite donated blocks; the caller holds the device's gate.</summary>
    public static View[] Run(Plan plan, Device device, View[] leaves, params Storage[] donated)
    {
        var views = new View?[plan.Values.Length];
        for (var i = 0; i < leaves.Length; i++) views[plan.LeafValues[i]] = leaves[i];

        var owned = new Dictionary<Storage, int>(); // blocks of this run, and how many live values are in each
        foreach (var storage in donated) owned[storage] = leaves.Count(leaf => leaf.Storage == storage);
        foreach (var step in plan.Steps)
        {
            Perform(plan, step, device, views, owned);
            foreach (var dead in step.Dies)
            {
                var storage = views[dead]!.Storage;
                views[dead] = null;
                if (!owned.TryGetValue(storage, out var count)) continue;
                if (count > 1)
                {
                    owned[storage] = count - 1;
                    continue;
                }

                owned.Remove(storage);
                storage.Release();
            }
        }

        var results = new View[plan.Results.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = views[plan.Results[i]]!;
            results[i].Storage.Keep();
        }

        return results;
    }

    private static View LeafValue(Tensor leaf) => leaf.View!;

    private static void Perform(Plan plan, Step step, Device device, View?[] views, Dictionary<Storage, int> owned)
    {
        var x = Array.ConvertAll(step.Inputs, i => views[i]!);
        if (x.Length > 0 && step.Primitive?.AsView(x[0].Layout) is { } layout)
        {
            views[step.Outputs[0]] = x[0].With(layout);
            if (owned.TryGetValue(x[0].Storage, out var count)) owned[x[0].Storage] = count + 1;
            return;
        }

        List<Storage>? temporary = null;
        if (step.Primitive is { TakesStrides: false })
        {
            for (var i = 0; i < x.Length; i++)
            {
                if (x[i].Layout.IsContiguous) continue;
                var dense = device.NewView(x[i].Shape, x[i].Type);
                device.Copy(x[i], dense);
                x[i] = dense;
                (temporary ??= []).Add(dense.Storage);
            }
        }

        var y = new View[step.Outputs.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var type = plan.Values[step.Outputs[i]];
            y[i] = Reusable(step, x, type, owned) ?? device.NewView(type.Shape, type.DType);
            owned[y[i].Storage] = owned.GetValueOrDefault(y[i].Storage) + 1;
            views[step.Outputs[i]] = y[i];
        }

        var started = Noether.Trace.IsOn ? Stopwatch.GetTimestamp() : 0;
        if (step.Group is { } group) device.Map(group, x, y);
        else device.Perform(step.Primitive!, x, y);
        if (started != 0) Noether.Trace.Add(step, x, y, started);
        if (Noether.Debug.CheckNumerics) Noether.Debug.Check(step, x, y, device);
        if (temporary is null) return;
        foreach (var storage in temporary) storage.Release();
    }

    // In place: a group reads element i of every input before it writes element i, so a dying, dense, only value of a block may be overwritten.
    private static View? Reusable(Step step, View[] x, Primitives.TensorType type, Dictionary<Storage, int> owned)
    {
        if (step.Group is null || step.Outputs.Length != 1 || Noether.Debug.CheckNumerics) return null; // a check needs the operands as they were
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i].Type.Bytes() == type.DType.Bytes() && x[i].Layout.IsContiguous && x[i].Layout.Offset == 0 && x[i].Size == type.Shape.Size
                && owned.GetValueOrDefault(x[i].Storage) == 1 && step.Dies.AsSpan().Contains(step.Inputs[i]))
            {
                return new(x[i].Storage, Layout.Contiguous(type.Shape), type.DType);
            }
        }

        return null;
    }
}
