using Noether.Devices;
using Noether.Graphs;
using Noether.Transforms;

namespace Noether.Primitives;

/// <summary>A function that a loop runs many times: its graph, and the plan made of it at the first run on a device.</summary>
internal sealed class LoopBody(Captured function)
{
    private readonly Dictionary<string, Plan> plans = [];

    public Captured Function { get; } = function;

    /// <summary>The plan for operands of the given types.</summary>
    public Plan PlanFor(Device device, string name, View[] x)
    {
        var signature = $"{device}: {string.Join(", ", x.Select(v => new TensorType(v.Shape, v.Type)))}";
        lock (plans)
        {
            if (plans.TryGetValue(signature, out var known)) return known;
            using var scaffold = Scaffold.Raise();
            var symbols = Array.ConvertAll(x, v => Tensor.ApplyOn(device, new Symbol(v.TensorType, name))[0]);
            var plan = plans[signature] = Planner.ForReplay(device, symbols, Function.Run(symbols)).Plan;
            scaffold.TakeDown();
            return plan;
        }
    }
}
