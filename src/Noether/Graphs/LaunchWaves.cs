using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>An accelerator's waves: groups that compute the same on other operands, for one launch: an optimiser's updates of all parameters.</summary>
/// <remarks>
/// A launch takes the host some microseconds, and a kernel of less than some hundred thousand elements does not fill a GPU. What is larger runs alone: it
/// gains nothing, and its operands would live longer.
/// </remarks>
internal sealed class LaunchWaves : IWaveRule
{
    private const double MostBytes = 64 << 20;

    public int Window => 256;

    public double CostOf(Step step, IReadOnlyList<TensorType> values)
    {
        if (step is not { Group: { } group, Primitive: null } || group.Shape.Size == 0) return double.PositiveInfinity;
        double bytes = 0;
        foreach (var value in step.Inputs) bytes += (double)values[value].Shape.Size * values[value].DType.Bytes();
        foreach (var value in step.Outputs) bytes += (double)values[value].Shape.Size * values[value].DType.Bytes();
        return bytes <= MostBytes ? bytes : double.PositiveInfinity;
    }

    public bool GoTogether(Step first, Step other) => first.Group!.ComputesAs(other.Group!);

    public bool Pays(double sum, double longest) => true;
}
