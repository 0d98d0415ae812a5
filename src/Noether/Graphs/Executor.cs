using System.Diagnostics;
using Noether.Devices;

namespace Noether.Graphs;

/// <summary>Runs plans: binds blocks to the slots of a memory plan and calls the kernels in order. Allocates results only.</summary>
internal static class Executor
{
    /// <summary>Evaluates tensors, which may be on several devices: one device's after another's, so that no two gates are held together.</summary>
    public static void Evaluate(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (tensor.View is null) EvaluateOn(tensor.Device, tensors);
        }
    }

    /// <summary>The values of a tensor, evaluated if need be. A donated or disposed one has none, and throws.</summary>
    public static View ValueOf(Tensor tensor)
    {
        if (tensor.View is null) Evaluate(tensor);
        return tensor.View!;
    }

    /// <summary>Runs a plan on the values of its leaves; the caller holds the device's gate.</summary>
    public static View[] Run(Plan plan, Device device, ReadOnlySpan<View> leaves)
    {
        var results = new View[plan.Results.Length];
        Run(plan, device, leaves, [], results);
        return results;
    }

    /// <summary>Runs a plan on the values of its leaves; the caller holds the device's gate.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="device">Where.</param>
    /// <param name="leaves">The leaves' values.</param>
    /// <param name="owned">Of each leaf, whether its block has been surrendered to this run: it may be overwritten and is freed. Empty: none.</param>
    /// <param name="results">Takes the results, each kept once.</param>
    public static void Run(Plan plan, Device device, ReadOnlySpan<View> leaves, ReadOnlySpan<bool> owned, Span<View> results)
    {
        var memory = plan.Memory;
        if (memory is null || memory.IsBusy || !memory.Fits(device, leaves, owned))
        {
            memory = new(plan, device, leaves, owned);
            if (plan.Memory is not { IsBusy: true }) plan.Memory = memory;
        }

        memory.IsBusy = true;
        try
        {
            Bind(memory, leaves);
            var recorder = Profiler.Current;
            foreach (var wave in memory.Waves) Perform(wave, device, recorder);
            foreach (var slot in memory.Leftover) Free(slot);
            Take(memory, leaves, results);
        }
        catch
        {
            Abandon(memory);
            throw;
        }
        finally
        {
            memory.IsBusy = false;
            foreach (var leaf in leaves) GC.KeepAlive(leaf.Storage); // slots know the address only
        }
    }

    private static void EvaluateOn(Device device, ReadOnlySpan<Tensor> tensors)
    {
        lock (device.Gate)
        {
            var planner = device.Planner ?? new Planner(device);
            device.Planner = null; // an evaluation inside this one takes another
            var recorder = Profiler.Current;
            var started = recorder is null ? 0 : Stopwatch.GetTimestamp();
            try
            {
                if (planner.PlanEvaluation(tensors) is not { } plan) return; // another thread has evaluated them meanwhile
                recorder?.Add(ProfileKind.Plan, started);
                Run(plan, device, planner.LeafViews(), [], planner.ResultViews());
                planner.Materialise();
                recorder?.Add(ProfileKind.Evaluation, started);
            }
            finally
            {
                planner.Clear();
                device.Planner = planner;
            }
        }
    }

    private static void Bind(MemoryPlan memory, ReadOnlySpan<View> leaves)
    {
        for (var i = 0; i < leaves.Length; i++)
        {
            var (storage, layout) = (leaves[i].Storage, leaves[i].Layout);
            if (memory.Owns(i)) memory.Leaves[i].Show(storage.Handle, storage.Capacity);
            else memory.Leaves[i].Show(storage.Handle + (memory.Shifts(i) ? (nint)(layout.Offset * leaves[i].Type.Bytes()) : 0));
        }
    }

    private static void Perform(Wave wave, Device device, Recorder? recorder)
    {
        foreach (var slot in wave.Takes)
        {
            var handle = device.Pool.Rent(slot.Bytes, out var capacity, slot.Content);
            slot.Show(handle, capacity);
        }

        // Who watches sees one step after another, each with all threads to itself.
        var isWatched = recorder is not null || Noether.Trace.IsOn || Noether.Debug.CheckNumerics;
        if (wave.Calls.Length > 1 && !isWatched)
        {
            device.Together(wave);
        }
        else
        {
            foreach (var call in wave.Calls)
            {
                if (isWatched) Watch(call, device, recorder);
                else device.Run(call);
            }
        }

        foreach (var slot in wave.Frees) Free(slot);
    }

    private static void Watch(Call call, Device device, Recorder? recorder)
    {
        var started = Stopwatch.GetTimestamp();
        device.Run(call);
        recorder?.Add(ProfileKind.Step, started, device, call);
        if (Noether.Trace.IsOn) Noether.Trace.Add(call.Step, call.X, call.Y, started);
        if (Noether.Debug.CheckNumerics) Noether.Debug.Check(call.Step, call.X, call.Y, device);
    }

    private static void Free(Storage slot)
    {
        slot.Device.Pool.Return(slot.Handle, slot.Capacity);
        slot.Show(0);
    }

    // Several results may be in one block, or in a leaf's.
    private static void Take(MemoryPlan memory, ReadOnlySpan<View> leaves, Span<View> results)
    {
        for (var i = 0; i < results.Length; i++)
        {
            var (view, leaf) = (memory.Results[i], memory.ResultLeaves[i]);
            if (leaf >= 0 && !memory.Owns(leaf))
            {
                var origin = leaves[leaf];
                results[i] = new(origin.Storage, view.Layout.From(view.Layout.Offset + (memory.Shifts(leaf) ? origin.Layout.Offset : 0)), view.Type);
            }
            else
            {
                var slot = view.Storage;
                var storage = memory.FirstOfBlock[i] < i ? results[memory.FirstOfBlock[i]].Storage : null;
                results[i] = new(storage ?? new(slot.Device.Pool, slot.Device, slot.Handle, slot.Bytes, slot.Capacity), view.Layout, view.Type);
            }

            results[i].Storage.Keep();
        }

        foreach (var view in memory.Results) view.Storage.Show(0);
    }

    // Blocks that a failed run still has.
    private static void Abandon(MemoryPlan memory)
    {
        for (var i = 0; i < memory.Leaves.Length; i++)
        {
            if (!memory.Owns(i)) memory.Leaves[i].Show(0);
            else if (memory.Leaves[i].Handle != 0) Free(memory.Leaves[i]);
        }

        foreach (var wave in memory.Waves)
        {
            foreach (var slot in wave.Takes)
            {
                if (slot.Handle != 0) Free(slot);
            }
        }
    }
}
