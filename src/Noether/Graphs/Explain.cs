using Noether.Graphs;

namespace Noether;

/// <summary>Shows what an evaluation would do, without doing it.</summary>
public static class Explain
{
    /// <summary>The plan of an evaluation: inputs, fused groups and primitives in order, with types and shapes, one a line.</summary>
    /// <param name="tensors">On one device, not evaluated yet.</param>
    /// <exception cref="TransformException">A tensor depends on an argument that is being traced.</exception>
    public static string Plan(params Tensor[] tensors) =>
        tensors.Length == 0 ? "nothing" : Planner.ForEvaluation(tensors[0].Device, tensors).Plan.ToString();
}
