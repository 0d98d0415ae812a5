using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.SharpnessAware;

/// <summary>
/// Sharpness-aware minimisation that costs less: the perturbation moves some tensors only, drawn at each step, and the second gradient is that of the examples
/// whose loss the perturbation raises most.
/// </summary>
/// <param name="Base">Makes the step at θ.</param>
/// <param name="Radius">ρ: a number or a schedule of the step.</param>
/// <remarks>
/// ε = (ρ/β)·g/(‖g‖ + 1e-12) over the tensors that are drawn, each with probability β; the loss is then taken once more of all examples, without derivatives, and
/// differentiated for the γ of them that it raised most. β = γ = 1 is <see cref="Sam"/>. Source: Du et al., "Efficient sharpness-aware minimization" (2022).
/// </remarks>
public sealed record EfficientSam(Optimizer Base, Schedule Radius)
{
    private const string StepName = "step";
    private const double Tiny = 1e-12;

    /// <summary>β: the probability that a tensor is perturbed.</summary>
    public double PerturbedTensors { get; init; } = 0.6;

    /// <summary>γ: the part of the examples that the second gradient is of; at least one.</summary>
    public double PerturbedExamples { get; init; } = 0.5;

    /// <summary>The base optimiser's state.</summary>
    public Parameters Init(Parameters parameters) => Base.Init(parameters);

    /// <summary>One step.</summary>
    /// <param name="losses">The loss of every example of a batch: [examples].</param>
    /// <param name="batch">The batch; the second gradient sees some rows of it.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="state">From <see cref="Init"/> or the last step.</param>
    /// <param name="key">Draws the tensors; a fresh one each step.</param>
    public SamStep Step(Func<Parameters, Batch, Tensor> losses, Batch batch, Parameters parameters, Parameters state, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(key);
        if (PerturbedTensors is not (> 0 and <= 1) || PerturbedExamples is not (> 0 and <= 1))
            throw new InvalidOperationException($"EfficientSam: {PerturbedTensors} of the tensors and {PerturbedExamples} of the examples; both parts lie in (0, 1]");

        var (loss, gradient, before) = Transform.ValueAndGrad<Parameters, Tensor>(p =>
        {
            var each = losses(p, batch);
            if (each.Rank != 1 || each.Shape[0] != batch.Size) throw new ShapeException($"EfficientSam: losses {each.Shape} of {batch.Size} examples; one an example is needed");
            return (each.Mean(), each);
        })(parameters);
        var draws = key.Uniform([parameters.Count]) < PerturbedTensors;
        var ascent = gradient.WithLeaves([.. gradient.Leaves.Select((g, i) => g * draws.Narrow(0, i, 1).Squeeze(0).To(g.DType))]);
        var scale = Radius.At(state[StepName]) / PerturbedTensors / (ParameterSpace.Product(ascent, ascent).Sqrt() + Tiny);
        var perturbed = parameters + ascent * scale;

        var after = losses(perturbed, batch);
        var count = Math.Max(1, (int)(PerturbedExamples * batch.Size));
        var raised = (after - before).StopGradient().TopK(count, 0).Indices;
        var chosen = count == batch.Size ? batch : batch.WithLeaves([.. batch.Leaves.Select(column => column.Take(raised))]);
        var (next, memory) = Base.Step(parameters, Transform.Grad<Parameters>(p => losses(p, chosen).Mean())(perturbed), state);
        return new(next, memory, Parameters.Empty, loss, after.Mean(), perturbed);
    }
}
