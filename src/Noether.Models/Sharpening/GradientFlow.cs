using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.Sharpening;

/// <summary>
/// <c>dθ/dt = -∇L(θ)</c> on a full batch, by the classical Runge-Kutta method: sharpness that rises without an edge, as steps follow it. Gradient descent at
/// rate η is at time η·k after k steps.
/// </summary>
/// <remarks>Source: Cohen et al. (2021), appendix I.</remarks>
public sealed class GradientFlow
{
    private readonly Func<Tensor[], Tensor[]> step;
    private Parameters? like;

    /// <summary>The flow of a risk.</summary>
    /// <param name="network">f: outputs [samples, outputs] from parameters and samples.</param>
    /// <param name="loss">ℓ.</param>
    /// <param name="data">Inputs and targets.</param>
    public GradientFlow(Func<Parameters, Tensor, Tensor> network, OutputLoss loss, Batch data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(data);
        var gradient = Transform.ValueAndGrad<Parameters>(p => loss.Mean(network(p, data.Input), data.Target));
        step = Transform.Compile(a =>
        {
            var (at, h) = (like!.WithLeaves(a[..^1]), a[^1]);
            var (value, first) = gradient(at);
            var second = gradient(at - first * (h / 2)).Gradient;
            var third = gradient(at - second * (h / 2)).Gradient;
            var fourth = gradient(at - third * h).Gradient;
            return [.. (at - (first + 2 * second + 2 * third + fourth) * (h / 6)).Leaves, value];
        });
    }

    /// <summary>A step length that follows the flow: 1/λ, well below the 2.78/λ at which the method stops being stable.</summary>
    /// <param name="sharpness">λ, the largest eigenvalue of the Hessian.</param>
    public static double StepLength(double sharpness) => 1 / Math.Max(sharpness, double.Epsilon);

    /// <summary>θ a time later, and the loss before.</summary>
    /// <param name="parameters">θ.</param>
    /// <param name="time">How much later; keep below <see cref="StepLength"/>.</param>
    public (Parameters Parameters, double Loss) Step(Parameters parameters, double time)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        like ??= parameters;
        var results = step([.. parameters.Leaves, Tensor.From(time, DType.Float64, parameters.Leaves[0].Device)]);
        return (parameters.WithLeaves(results[..^1]), results[^1].Item());
    }
}
