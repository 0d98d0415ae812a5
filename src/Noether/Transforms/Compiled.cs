using System.Diagnostics;
using Noether.Devices;
using Noether.Graphs;

namespace Noether.Transforms;

/// <summary>The plans made of a function so far, one for each signature of its arguments.</summary>
/// <param name="donate">Positions of arguments whose blocks a call may take.</param>
internal sealed class Compiled(int[]? donate = null)
{
    private readonly Lock gate = new();
    private readonly int[] donate = donate ?? [];
    private volatile Entry[] entries = []; // the one of the last call first: a loop calls with one signature

    /// <summary>Calls the function, replaying its plan if there is one for the arguments' devices, shapes, types and structure.</summary>
    /// <param name="arguments">The tensors.</param>
    /// <param name="structure">What else the function depends on, compared by value.</param>
    /// <param name="f">The function: results, and what they are leaves of.</param>
    public (Tensor[] Results, object? Tree) Call(Tensor[] arguments, object? structure, Func<Tensor[], (Tensor[] Results, object? Tree)> f)
    {
        foreach (var position in donate)
        {
            if (position < 0 || position >= arguments.Length)
                throw new TransformException($"Compile: argument {position} is to be donated, of {arguments.Length}: {string.Join(", ", arguments.Select(static a => a.Shape))}");
        }

        foreach (var argument in arguments)
        {
            if (argument.View is not null) continue;

            // Under another transform there is no value to run on: the function becomes part of the outer graph.
            if (Array.Exists(arguments, Tracing.IsTraced)) return f(arguments);
            Executor.Evaluate(arguments);
            break;
        }

        if ((Known(arguments, structure) ?? Trace(arguments, structure, f)) is not { } entry) return f(arguments);
        lock (entry.Device.Gate)
        {
            if (entry.IsBusy) entry = entry.Twin(); // the function is called while one of its own steps runs
            entry.IsBusy = true;
            try
            {
                return (Replay(entry, arguments), entry.Tree);
            }
            finally
            {
                entry.LetGoOfLeaves();
                Array.Clear(entry.Results);
                entry.IsBusy = false;
            }
        }
    }

    private Tensor[] Replay(Entry entry, Tensor[] arguments)
    {
        for (var i = 0; i < entry.Leaves.Length; i++)
        {
            entry.Leaves[i] = Executor.ValueOf(i < arguments.Length ? arguments[i] : entry.Captured[i - arguments.Length]);
            entry.Leaves[i].Storage.Leaves++;
        }

        // A block that two leaves show is not given up: the other still needs it.
        foreach (var position in donate) entry.Owned[position] = entry.Leaves[position].Storage.Leaves == 1 && arguments[position].Donate() is not null;
        var recorder = Profiler.Current;
        var started = recorder is null ? 0 : Stopwatch.GetTimestamp();
        ReadOnlySpan<bool> owned = donate.Length > 0 ? entry.Owned : [];
        if (entry.Recorded?.TryRun(entry.Leaves, owned, entry.Results) is not true) Executor.Run(entry.Plan, entry.Device, entry.Leaves, owned, entry.Results);
        recorder?.Add(ProfileKind.Replay, started);
        return Array.ConvertAll(entry.Results, static view => new Tensor(view));
    }

    private Entry? Known(Tensor[] arguments, object? structure)
    {
        var all = entries;
        for (var i = 0; i < all.Length; i++)
        {
            if (!all[i].Fits(arguments, structure)) continue;
            if (i > 0) MoveToFront(all[i]);
            return all[i];
        }

        return null;
    }

    private void MoveToFront(Entry entry)
    {
        lock (gate) entries = [entry, .. entries.Where(e => e != entry)];
    }

    // Null if the function captures what another transform is tracing: a plan would outlive it. Lock order: this gate, then a device's.
    private Entry? Trace(Tensor[] arguments, object? structure, Func<Tensor[], (Tensor[] Results, object? Tree)> f)
    {
        lock (gate)
        {
            if (Array.Find(entries, e => e.Fits(arguments, structure)) is { } known) return known; // another thread has traced it meanwhile
            var recorder = Profiler.Current;
            var started = recorder is null ? 0 : Stopwatch.GetTimestamp();
            using var watch = CodePlace.Watched(thisThread: true); // the plan outlives this moment: a profile of a later call shows lines too
            using var scaffold = Scaffold.Raise();
            var symbols = Captured.Symbols("Compile", arguments);
            var (results, tree) = f(symbols);
            if (Tracing.AnyTraced(results, symbols)) return null;
            var device = results.Length > 0 ? results[0].Device : Device.Default;
            foreach (var result in results)
            {
                if (result.Device != device) throw new DeviceException($"Compile: results are on {device} and {result.Device}; a plan runs on one device");
            }

            // What the arguments do not touch is computed now and kept; nobody else waits for the nodes that led to it.
            scaffold.TakeDown();
            Executor.Evaluate(Walk.Invariants(symbols, results));
            var (plan, leaves) = Planner.ForReplay(device, symbols, results);
            recorder?.Add(ProfileKind.Compilation, started);
            Executor.Evaluate(leaves.AsSpan(symbols.Length));
            var entry = new Entry(plan, device, tree, structure, Array.ConvertAll(arguments, static x => (x.Device, x.DType, x.Shape)), leaves[symbols.Length..]);
            entries = [entry, .. entries];
            return entry;
        }
    }

    /// <summary>A plan, what it depends on, and room for one call's values.</summary>
    private sealed class Entry(
        Plan plan, Device device, object? tree, object? structure, (Device Device, DType Type, Shape Shape)[] signature, Tensor[] captured)
    {
        public Plan Plan { get; } = plan;

        public Device Device { get; } = device;

        public object? Tree { get; } = tree;

        public Tensor[] Captured { get; } = captured;

        /// <summary>The plan as one piece of work, where the device records.</summary>
        public RecordedPlan? Recorded { get; } = RecordedPlan.For(plan, device, signature.Length);

        public View[] Leaves { get; } = new View[signature.Length + captured.Length];

        public bool[] Owned { get; } = new bool[signature.Length];

        public View[] Results { get; } = new View[plan.Results.Length];

        /// <summary>Only under the device's gate.</summary>
        public bool IsBusy { get; set; }

        public void LetGoOfLeaves()
        {
            foreach (var leaf in Leaves)
            {
                if (leaf is not null) leaf.Storage.Leaves = 0;
            }

            Array.Clear(Leaves);
        }

        public Entry Twin() => new(Plan, Device, Tree, structure, signature, Captured);

        public bool Fits(Tensor[] arguments, object? other)
        {
            if (arguments.Length != signature.Length || !Equals(structure, other)) return false;
            for (var i = 0; i < arguments.Length; i++)
            {
                ref readonly var expected = ref signature[i];
                if (arguments[i].Device != expected.Device || arguments[i].DType != expected.Type || !arguments[i].Shape.Equals(expected.Shape)) return false;
            }

            return true;
        }
    }
}
