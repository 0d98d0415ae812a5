using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.SharpnessAware;

/// <summary>
/// Sharpness-aware minimisation around any optimiser: its step at θ, with the gradient at <c>θ + ε(θ)</c>. ρ = 0 is the optimiser itself, bit for bit.
/// </summary>
/// <param name="Base">Makes the step. Its weight decay and momentum act there only, at θ: neither is part of the ascent.</param>
/// <param name="Radius">ρ: a number or a schedule of the step.</param>
/// <remarks>
/// θ + ε is a second tree, so nothing has to be restored. Statistics of batch normalisation are those of the first pass. Clip gradients in
/// between by <see cref="Gradient"/> and the optimiser's own step. Sources: Foret et al. (2021); GSAM: Zhuang et al. (2022).
/// </remarks>
public sealed record Sam(Optimizer Base, Schedule Radius)
{
    private const string StepName = "step";

    /// <summary>ε.</summary>
    public Perturbation Perturbation { get; init; } = Perturbation.Normalized;

    /// <summary>How many ascents, of ρ divided by their number each, on the same data.</summary>
    public int Ascents { get; init; } = 1;

    /// <summary>
    /// The length of each ascent instead, after which ε is brought back into the ball of radius ρ; for <see cref="Perturbation.Normalized"/>, whose ball is round.
    /// </summary>
    public double? AscentLength { get; init; }

    /// <summary>α of GSAM: subtracts α times the part of the gradient at θ that is orthogonal to that at θ + ε.</summary>
    public double SurrogateGap { get; init; }

    /// <summary>The base optimiser's state.</summary>
    public Parameters Init(Parameters parameters) => Base.Init(parameters);

    /// <summary>One step on one batch.</summary>
    /// <param name="loss">The batch's loss, of parameters.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="state">From <see cref="Init"/> or the last step.</param>
    public SamStep Step(Func<Parameters, Tensor> loss, Parameters parameters, Parameters state) => Step([loss], parameters, state);

    /// <summary>One step on one batch, of a network with running statistics.</summary>
    /// <param name="loss">The batch's loss and the module's new state.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="state">From <see cref="Init"/> or the last step.</param>
    public SamStep Step(Func<Parameters, (Tensor Loss, Parameters ModuleState)> loss, Parameters parameters, Parameters state)
    {
        var found = Gradient(loss, parameters, Radius.At(state[StepName]));
        var (next, memory) = Base.Step(parameters, found.Gradient, state);
        return new(next, memory, found.ModuleState, found.Loss, found.PerturbedLoss, found.Perturbed);
    }

    /// <summary>One step on micro-batches of equal size, each with an ε of its own (m-sharpness): not SAM of the joined batch.</summary>
    /// <param name="losses">One a micro-batch.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="state">From <see cref="Init"/> or the last step.</param>
    public SamStep Step(IReadOnlyList<Func<Parameters, Tensor>> losses, Parameters parameters, Parameters state)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentOutOfRangeException.ThrowIfZero(losses.Count, nameof(losses));
        var radius = Radius.At(state[StepName]);
        var parts = losses.Select(loss => Gradient(p => (loss(p), Parameters.Empty), parameters, radius)).ToArray();
        var (next, memory) = Base.Step(parameters, MeanOf(parts.Select(static part => part.Gradient)), state);
        return new(next, memory, Parameters.Empty, MeanOf(parts.Select(static part => part.Loss)), MeanOf(parts.Select(static part => part.PerturbedLoss)), parts[^1].Perturbed);
    }

    /// <summary>The gradient that the base optimiser is to be given.</summary>
    /// <param name="loss">The batch's loss and the module's new state.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="radius">ρ, float64 without axes.</param>
    public (Parameters Gradient, Parameters ModuleState, Tensor Loss, Tensor PerturbedLoss, Parameters Perturbed) Gradient(
        Func<Parameters, (Tensor Loss, Parameters ModuleState)> loss, Parameters parameters, Tensor radius)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(radius);
        ArgumentOutOfRangeException.ThrowIfLessThan(Ascents, 1);
        if (AscentLength is not null && Perturbation != Perturbation.Normalized)
            throw new InvalidOperationException("Sam: an ascent length of its own goes with the normalised perturbation, whose ball is round");

        var differentiated = Transform.ValueAndGrad(loss);
        var (value, gradient, moduleState) = differentiated(parameters);
        var (at, perturbed, perturbedValue) = (gradient, parameters, value);
        var length = AscentLength is { } own ? Tensor.From(own, DType.Float64, radius.Device) : radius / (double)Ascents;
        for (var ascent = 0; ascent < Ascents; ascent++)
        {
            perturbed += Perturbation.Of(perturbed, at, length);
            if (AscentLength is not null) perturbed = Projected(parameters, perturbed, radius);
            (perturbedValue, at, _) = differentiated(perturbed);
        }

        return (SurrogateGap == 0 ? at : Ascending(gradient, at), moduleState, value, perturbedValue, perturbed);
    }

    // g_p - α·(g - (g·g_p/‖g_p‖²)·g_p)
    private Parameters Ascending(Parameters gradient, Parameters perturbed)
    {
        var along = ParameterSpace.Product(gradient, perturbed) / ParameterSpace.Product(perturbed, perturbed);
        return perturbed - (gradient - perturbed * along) * SurrogateGap;
    }

    private static Parameters Projected(Parameters centre, Parameters point, Tensor radius)
    {
        var offset = point - centre;
        var norm = ParameterSpace.Product(offset, offset).Sqrt();
        return centre + offset * Tensor.Select(norm > radius, radius / norm, 1);
    }

    private static Parameters MeanOf(IEnumerable<Parameters> trees)
    {
        Parameters[] all = [.. trees];
        return all.Length == 1 ? all[0] : all.Aggregate(static (a, b) => a + b) * (1.0 / all.Length);
    }

    private static Tensor MeanOf(IEnumerable<Tensor> values)
    {
        Tensor[] all = [.. values];
        return all.Length == 1 ? all[0] : all.Aggregate(static (a, b) => a + b) / (double)all.Length;
    }
}
