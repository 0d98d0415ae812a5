using Noether.Devices;
using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>A plan recorded as one piece of a device's work: replayed without a call for each of its kernels.</summary>
/// <remarks>
/// <para>Recorded work has fixed addresses. So arguments are copied into blocks of the recording's own, intermediate values and results stay in an
/// arena (<see cref="BlockArena"/>), and results are copied out; what the function captured is read where it lies. The arena is the price: it
/// stays in use between calls, and is given up when memory runs short.</para>
/// <para>The first call runs as ever and loads kernels; the second runs in the arena, which takes all its blocks, and records; later ones replay. A
/// plan that turns out to wait for the device (a loop of unknown length, a step on the host) is not tried again.</para>
/// <para>Only under the device's gate.</para>
/// </remarks>
internal sealed class RecordedPlan
{
    /// <summary>Fewer steps are launched as fast one by one.</summary>
    public const int LeastSteps = 8;

    private readonly Plan plan;
    private readonly Device device;
    private readonly int arguments;
    private BlockArena? arena;
    private IRecordedWork? work;
    private MemoryPlan? memory; // the waves keep what the recorded kernels read beside their operands
    private View[] slots = []; // of all leaves; captured ones show themselves
    private View[] results = [];
    private int runs;
    private bool isOff;

    private RecordedPlan(Plan plan, Device device, int arguments) => (this.plan, this.device, this.arguments) = (plan, device, arguments);

    /// <summary>True once calls replay.</summary>
    public bool IsRecorded => work is not null;

    /// <summary>True if the plan runs step by step for good.</summary>
    public bool IsOff => isOff;

    /// <summary>A plan to be recorded at its second run; null if the device does not record or it would not pay.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="device">Where.</param>
    /// <param name="arguments">How many of its leaves change from call to call.</param>
    public static RecordedPlan? For(Plan plan, Device device, int arguments) =>
        device.Recorder is not null && WhyNot(plan, device, arguments) is null ? new(plan, device, arguments) : null;

    /// <summary>Why a plan is not worth recording or cannot be recorded; null if it is and can.</summary>
    public static string? WhyNot(Plan plan, Device device, int arguments)
    {
        var launched = 0;
        foreach (var step in plan.Steps)
        {
            if (step.Primitive is While) return $"{step.Name} reads its condition on the host";
            if (step is { Group: null, Primitive: { } primitive } && !device.Runs(primitive)) return $"{step.Name} is computed on the host";
            if (step.Primitive is not (ViewPrimitive or AliasPrimitive) || step.Group is not null) launched++;
        }

        var copies = arguments + plan.Results.Length;
        return launched < LeastSteps ? $"{launched} steps are launched as fast one by one"
            : launched < copies ? $"copying {copies} arguments and results takes longer than launching {launched} steps"
            : null;
    }

    /// <summary>Runs the plan if it is recorded or can be now; else false, and nothing has happened.</summary>
    /// <param name="leaves">The leaves' values.</param>
    /// <param name="owned">Which of them the run frees. Empty: none.</param>
    /// <param name="outcome">Takes the results, each kept once.</param>
    public bool TryRun(ReadOnlySpan<View> leaves, ReadOnlySpan<bool> owned, Span<View> outcome)
    {
        // Who watches sees single steps.
        if (isOff || device.Recorder is not { } recorder || device.Pool.IsInArena || Profiler.Current is not null || Noether.Trace.IsOn || Noether.Debug.CheckNumerics) return false;
        if (runs++ == 0) return false;
        arena ??= device.Pool.NewArena();
        if (!device.Pool.TryHold(arena))
        {
            TurnOff(); // memory ran short meanwhile
            return false;
        }

        var isOver = false;
        try
        {
            if (work is null) Rehearse(leaves);
            else CopyIn(leaves);
            work?.Launch();
            GC.KeepAlive(memory);
            CopyOut(outcome);
            isOver = true;
            Free(leaves, owned);
            if (work is null) Record(recorder);
            return true;
        }
        catch (MemoryException) when (work is null && !isOver)
        {
            TurnOff(); // no room for blocks of its own
            return false;
        }
        catch when (!isOver)
        {
            Free(leaves, owned);
            throw;
        }
        finally
        {
            device.Pool.LetGo(arena);
            if (isOff) arena.Dispose();
        }
    }

    // Runs the plan on blocks of the arena.
    private void Rehearse(ReadOnlySpan<View> leaves)
    {
        slots = leaves.ToArray();
        device.Pool.Enter(arena!);
        try
        {
            for (var i = 0; i < arguments; i++) Keep((slots[i] = device.NewView(leaves[i].Shape, leaves[i].Type)).Storage);
        }
        finally
        {
            device.Pool.Leave();
        }

        CopyIn(leaves);
        RunInArena();
    }

    // The same run again, with all its blocks free and its kernels loaded, queued to nowhere.
    private void Record(IWorkRecorder recorder)
    {
        try
        {
            var before = arena!.Count;
            work = recorder.Record(RunAgain);
            memory = plan.Memory;
            if (arena.Count != before) throw new RecordingException("the second run took other blocks than the first");
        }
        catch (Exception error) when (error is RecordingException or NoetherException)
        {
            TurnOff();
        }
    }

    private void RunAgain()
    {
        FreeResults();
        RunInArena();
    }

    private void RunInArena()
    {
        device.Pool.Enter(arena!, isRun: true);
        try
        {
            results = Executor.Run(plan, device, slots);
        }
        finally
        {
            device.Pool.Leave();
        }

        foreach (var result in results)
        {
            if (Array.Exists(slots, slot => slot.Storage == result.Storage)) result.Storage.LetGo(); // shows a leaf
            else Keep(result.Storage);
        }
    }

    private void FreeResults()
    {
        var freed = new HashSet<nint>(slots.Select(static slot => slot.Storage.Handle)); // a result may lie in a leaf
        foreach (var result in results)
        {
            if (freed.Add(result.Storage.Handle)) arena!.Free(result.Storage.Handle, result.Storage.Capacity);
        }
    }

    private void CopyIn(ReadOnlySpan<View> leaves)
    {
        for (var i = 0; i < arguments; i++) device.Copy(leaves[i], slots[i]);
    }

    private void CopyOut(Span<View> outcome)
    {
        for (var i = 0; i < outcome.Length; i++)
        {
            outcome[i] = device.NewView(results[i].Shape, results[i].Type);
            device.Copy(results[i], outcome[i]);
            outcome[i].Storage.Keep();
        }
    }

    private void Free(ReadOnlySpan<View> leaves, ReadOnlySpan<bool> owned)
    {
        for (var i = 0; i < owned.Length; i++)
        {
            if (owned[i]) device.Pool.Return(leaves[i].Storage.Handle, leaves[i].Storage.Capacity);
        }
    }

    private void TurnOff()
    {
        isOff = true;
        work?.Dispose();
        (work, memory, slots, results) = (null, null, [], []);
    }

    // The arena has the block instead of the storage.
    private void Keep(Storage storage)
    {
        if (storage.Surrender()) arena!.Keep(storage.Handle, storage.Capacity);
    }
}
