using Noether.Devices;
using Noether.Graphs;
using Noether.Primitives;

namespace Noether.Transforms;

/// <summary>A function and the plans made of it so far, one for each signature of its arguments.</summary>
internal sealed class Compiled(Func<Tensor[], Tensor[]> f, int[]? donate = null)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Plan> plans = [];

    /// <summary>How many times the function has been traced.</summary>
    public int Traces { get; private set; }

    public Tensor[] Call(Tensor[] arguments)
    {
        // Under another transform there is no value to run on: the function becomes part of the outer graph.
        if (Array.Exists(arguments, Tracing.IsTraced)) return f(arguments);

        Executor.Evaluate(arguments);
        var plan = PlanFor(arguments, out var device);
        lock (device.Gate)
        {
            var leaves = plan.Leaves.Select((leaf, i) => (i < arguments.Length ? arguments[i] : leaf).View!).ToArray();
            var donated = Array.ConvertAll(donate ?? [], i => arguments[i].Donate()).OfType<Storage>().ToArray();
            return Array.ConvertAll(Executor.Run(plan, device, leaves, donated), static view => new Tensor(view));
        }
    }

    private Plan PlanFor(Tensor[] arguments, out Device device)
    {
        device = arguments.Length > 0 ? arguments[0].Device : Device.Default;
        var signature = $"{device}: {string.Join(", ", arguments.Select(a => new TensorType(a.Shape, a.DType)))}";
        lock (gate)
        {
            if (plans.TryGetValue(signature, out var known)) return known;
            Traces++;
            var on = device;
            var symbols = Array.ConvertAll(arguments, a => Tensor.ApplyOn(on, new Symbol(new(a.Shape, a.DType), "Compile"))[0]);
            var results = f(symbols);
            var plan = Planner.ForReplay(device, symbols, results);
            Executor.Evaluate(plan.Leaves[symbols.Length..]);
            return plans[signature] = plan;
        }
    }
}

/// <summary>Tells whether a tensor is known only inside a transform.</summary>
internal static class Tracing
{
    /// <summary>True if the value depends on an argument of a transform that is still tracing, or on a symbol.</summary>
    public static bool IsTraced(Tensor tensor)
    {
        var met = new HashSet<Node>();
        var stack = new Stack<Tensor>([tensor]);
        while (stack.TryPop(out var top))
        {
            if (top.View is not null || top.Node is not { } node || !met.Add(node)) continue;
            if (node.Primitive is Symbol || node.Primitive is Variable { Scope.IsOpen: true }) return true;
            foreach (var input in node.Inputs) stack.Push(input);
        }

        return false;
    }
}
