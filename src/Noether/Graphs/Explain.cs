using Noether.Devices;
using Noether.Graphs;

namespace Noether;

/// <summary>Shows what an evaluation would do, without doing it.</summary>
public static class Explain
{
    /// <summary>
    /// The plan of an evaluation: inputs, then fused groups and primitives in order, one a line, with types, shapes, floating-point operations and
    /// bytes moved; last what it needs in memory at once.
    /// </summary>
    /// <param name="tensors">On one device, not evaluated yet.</param>
    /// <exception cref="TransformException">A tensor depends on an argument that is being traced.</exception>
    public static string Plan(params Tensor[] tensors)
    {
        if (tensors.Length == 0) return "nothing";
        var device = tensors[0].Device;
        lock (device.Gate)
        {
            var (plan, _) = Planner.ForEvaluation(device, tensors, out var leaves);
            var memory = new MemoryPlan(plan, device, leaves, []);
            var total = default(Cost);
            foreach (var step in plan.Steps) total += plan.CostOf(step);
            var taken = memory.Waves.Sum(static wave => wave.Takes.Length);
            return $"{plan}{Environment.NewLine}total {total}; {memory.Waves.Sum(static wave => wave.Calls.Length)} kernels; {taken} blocks taken, " +
                $"{memory.Overwrites} results in place of an operand; peak {MemoryPool.Text(memory.Peak)} beside the inputs";
        }
    }
}
