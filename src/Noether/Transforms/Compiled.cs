using Noether.Devices;
using Noether.Graphs;

namespace Noether.Transforms;

/// <summary>The plans made of a function so far, one for each signature of its arguments.</summary>
/// <param name="donate">Positions of arguments whose blocks a call may take.</param>
internal sealed class Compiled(int[]? donate = null)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Signature, Entry> plans = [];

    /// <summary>Calls the function, replaying its plan if there is one for the arguments' devices, shapes, types and structure.</summary>
    /// <param name="arguments">The tensors.</param>
    /// <param name="structure">What else the function depends on, compared by value.</param>
    /// <param name="f">The function: results, and what they are leaves of.</param>
    public (Tensor[] Results, object? Tree) Call(Tensor[] arguments, object? structure, Func<Tensor[], (Tensor[] Results, object? Tree)> f)
    {
        // Under another transform there is no value to run on: the function becomes part of the outer graph.
        if (Array.Exists(arguments, Tracing.IsTraced)) return f(arguments);

        foreach (var position in donate ?? [])
        {
            if (position < 0 || position >= arguments.Length)
                throw new TransformException($"Compile: argument {position} is to be donated, of {arguments.Length}: {string.Join(", ", arguments.Select(static a => a.Shape))}");
        }

        Executor.Evaluate(arguments);
        if (PlanFor(arguments, structure, f) is not { } entry) return f(arguments);
        lock (entry.Device.Gate)
        {
            var leaves = new View[entry.Plan.Leaves.Length];
            for (var i = 0; i < leaves.Length; i++) leaves[i] = Executor.ValueOf(i < arguments.Length ? arguments[i] : entry.Plan.Leaves[i]);
            var views = Executor.Run(entry.Plan, entry.Device, leaves, Donated(arguments));
            return (Array.ConvertAll(views, static view => new Tensor(view)), entry.Tree);
        }
    }

    private Storage[] Donated(Tensor[] arguments)
    {
        if (donate is null || donate.Length == 0) return [];
        var storages = new List<Storage>(donate.Length);
        foreach (var position in donate)
        {
            if (arguments[position].Donate() is { } storage) storages.Add(storage);
        }

        return [.. storages];
    }

    // Null if the function captures what another transform is tracing: a plan would outlive it. Lock order: this gate, then a device's.
    private Entry? PlanFor(Tensor[] arguments, object? structure, Func<Tensor[], (Tensor[] Results, object? Tree)> f)
    {
        var signature = new Signature(arguments, structure);
        lock (gate)
        {
            if (plans.TryGetValue(signature, out var known)) return known;
            using var scaffold = Scaffold.Raise();
            var symbols = Captured.Symbols("Compile", arguments);
            var (results, tree) = f(symbols);
            if (Tracing.AnyTraced(results, symbols)) return null;
            var device = results.Length > 0 ? results[0].Device : Device.Default;
            foreach (var result in results)
            {
                if (result.Device != device) throw new DeviceException($"Compile: results are on {device} and {result.Device}; a plan runs on one device");
            }

            var plan = Planner.ForReplay(device, symbols, results);
            scaffold.TakeDown();
            Executor.Evaluate(plan.Leaves[symbols.Length..]);
            return plans[signature] = new(plan, device, tree);
        }
    }

    private sealed record Entry(Plan Plan, Device Device, object? Tree);

    /// <summary>What a plan depends on.</summary>
    private readonly struct Signature : IEquatable<Signature>
    {
        private readonly (Device Device, DType Type, Shape Shape)[] arguments;
        private readonly object? structure;
        private readonly int hash;

        public Signature(Tensor[] x, object? structure)
        {
            arguments = new (Device, DType, Shape)[x.Length];
            this.structure = structure;
            var code = new HashCode();
            code.Add(structure);
            for (var i = 0; i < x.Length; i++)
            {
                arguments[i] = (x[i].Device, x[i].DType, x[i].Shape);
                code.Add(x[i].Shape);
            }

            hash = code.ToHashCode();
        }

        public bool Equals(Signature other) => arguments.AsSpan().SequenceEqual(other.arguments) && Equals(structure, other.structure);

        public override bool Equals(object? obj) => obj is Signature other && Equals(other);

        public override int GetHashCode() => hash;
    }
}
