using System.Diagnostics;
using Noether.Devices;

namespace Noether.Graphs;

/// <summary>Runs plans. Blocks return to the pool at the last use of the last value in them; an elementwise group may write over a dying input.</summary>
internal static class Executor
{
    /// <summary>Evaluates tensors, which may be on several devices: one device's after another's, so that no two gates are held together.</summary>
    public static void Evaluate(params Tensor[] tensors)
    {
        foreach (var tensor in tensors)
        {
            if (tensor.View is null) EvaluateOn(tensor.Device, tensors);
        }
    }

    /// <summary>The values of a tensor, evaluated if need be. A donated one has none, and throws.</summary>
    public static View ValueOf(Tensor tensor)
    {
        if (tensor.View is null) Evaluate(tensor);
        return tensor.View!;
    }

    /// <summary>Runs a plan on the values of its leaves, and may overwrite donated blocks; the caller holds the device's gate.</summary>
    public static View[] Run(Plan plan, Device device, View[] leaves, params ReadOnlySpan<Storage> donated)
    {
        var views = new View?[plan.Values.Length];
        for (var i = 0; i < leaves.Length; i++) views[plan.LeafValues[i]] = leaves[i];

        // A donated block is this run's, and holds as many values as leaves show it. Other leaves' blocks count none and so are never freed.
        foreach (var storage in donated) storage.LiveValues = 1;
        foreach (var leaf in leaves) leaf.Storage.LiveValues += leaf.Storage.LiveValues > 0 ? 1 : 0;
        foreach (var storage in donated) storage.LiveValues--;

        foreach (var step in plan.Steps)
        {
            Perform(plan, step, device, views);
            foreach (var dead in step.Dies)
            {
                var storage = views[dead]!.Storage;
                views[dead] = null;
                if (storage.LiveValues > 0 && --storage.LiveValues == 0) storage.Release();
            }
        }

        var results = new View[plan.Results.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = views[plan.Results[i]]!;
            results[i].Storage.LiveValues = 0;
            results[i].Storage.Keep();
        }

        return results;
    }

    private static void EvaluateOn(Device device, Tensor[] tensors)
    {
        lock (device.Gate)
        {
            var asked = Pending(device, tensors);
            if (asked.Length == 0) return; // another thread has evaluated them meanwhile
            var evaluation = Planner.ForEvaluation(device, asked);
            var results = Run(evaluation.Plan, device, Array.ConvertAll(evaluation.Plan.Leaves, ValueOf));
            for (var i = 0; i < results.Length; i++) evaluation.Kept[i].Materialise(results[i]);
            foreach (var node in evaluation.Covered) node.Release();
        }
    }

    private static Tensor[] Pending(Device device, Tensor[] tensors)
    {
        if (tensors.Length == 1) return tensors[0].View is null ? tensors : [];
        var pending = new List<Tensor>(tensors.Length);
        var met = new HashSet<Tensor>();
        foreach (var tensor in tensors)
        {
            if (tensor.View is null && tensor.Device == device && met.Add(tensor)) pending.Add(tensor);
        }

        return [.. pending];
    }

    private static void Perform(Plan plan, Step step, Device device, View?[] views)
    {
        var x = new View[step.Inputs.Length];
        for (var i = 0; i < x.Length; i++) x[i] = views[step.Inputs[i]]!;
        if (x.Length > 0 && step.Primitive?.AsView(x[0].Layout) is { } layout)
        {
            views[step.Outputs[0]] = x[0].With(layout);
            if (x[0].Storage.LiveValues > 0) x[0].Storage.LiveValues++;
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
            y[i] = Reusable(step, x, type) ?? device.NewView(type.Shape, type.DType);
            y[i].Storage.LiveValues++;
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
    private static View? Reusable(Step step, View[] x, Primitives.TensorType type)
    {
        if (step.Group is null || step.Outputs.Length != 1 || Noether.Debug.CheckNumerics) return null; // a check needs the operands as they were
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i].Type.Bytes() == type.DType.Bytes() && x[i].Layout.IsContiguous && x[i].Layout.Offset == 0 && x[i].Size == type.Shape.Size
                && x[i].Storage.LiveValues == 1 && step.Dies.AsSpan().Contains(step.Inputs[i]))
            {
                return new(x[i].Storage, Layout.Contiguous(type.Shape), type.DType);
            }
        }

        return null;
    }
}
