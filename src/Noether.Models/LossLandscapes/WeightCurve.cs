using Noether.Nn;

namespace Noether.Models.LossLandscapes;

/// <summary>
/// A curve through weight space between two trained networks, as a module whose parameters are its bend θ_C: a training step draws t evenly from [0, 1] and applies the
/// network at <c>φ(t)</c>, so a <see cref="Trainer"/> minimises <c>E_t L(φ(t))</c>. It begins straight.
/// </summary>
/// <param name="Network">The network.</param>
/// <param name="First">θ_A, φ(0).</param>
/// <param name="Last">θ_B, φ(1).</param>
/// <param name="Form">How it bends.</param>
/// <remarks>
/// While it trains batch normalisation normalises by the batch; running statistics collected over many t are no network's, so <see cref="Losses"/> is to be given a landscape with
/// <see cref="BatchStatistics.Recomputed"/> where the network has some. Without training the middle of the curve is applied. Source: Garipov et al., "Loss
/// surfaces, mode connectivity, and fast ensembling of DNNs" (2018), section 3.
/// </remarks>
/// <example><code>
/// var curve = new WeightCurve(network, first, last);
/// var trained = new Trainer(curve, loss, new Sgd { LearningRate = 0.05, Momentum = 0.9 }).Fit(trainer.Init(key), data, options);
/// var losses = curve.Losses(landscape, trained.Parameters);
/// </code></example>
public sealed record WeightCurve(Module Network, Parameters First, Parameters Last, CurveForm Form = CurveForm.Bezier) : Module
{
    /// <summary>The bend of the straight curve: the middle of both ends.</summary>
    /// <param name="key">Takes no part.</param>
    /// <param name="type">The parameters' type.</param>
    /// <exception cref="ParameterException">Both ends differ in structure.</exception>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        First.CheckMatches(Last, nameof(WeightCurve));
        return First.Zip(Last, (a, b) => ((a + b) / 2).To(type));
    }

    /// <inheritdoc/>
    public override Parameters InitState(DType type = DType.Float32, Device? device = null) => Network.InitState(type, device);

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var t = context.IsTraining ? context.Under("t").Key.Uniform([], type: DType.Float64) : Tensor.From(0.5, DType.Float64, First.Leaves[0].Device);
        return Network.Apply(At(parameters, t), x, context);
    }

    /// <summary>φ(t).</summary>
    /// <param name="bend">θ_C.</param>
    /// <param name="t">In [0, 1], without axes.</param>
    public Parameters At(Parameters bend, Tensor t)
    {
        ArgumentNullException.ThrowIfNull(t);
        First.CheckMatches(bend, nameof(WeightCurve));
        First.CheckMatches(Last, nameof(WeightCurve));
        var (alpha, beta) = Form == CurveForm.Bezier ? (2 * t * (1 - t), t * t) : (1 - (2 * t - 1).Abs(), (2 * t - 1).Maximum(0));
        return First.Zip(bend, Last, (a, c, b) => a + alpha.To(a.DType) * (c - a) + beta.To(a.DType) * (b - a));
    }

    /// <summary>The losses along the curve, both ends included.</summary>
    /// <param name="landscape">The network's loss; with <see cref="BatchStatistics.Recomputed"/> if it normalises batches.</param>
    /// <param name="bend">θ_C.</param>
    /// <param name="points">How many, at equal steps of t.</param>
    public CurveLosses Losses(LossLandscape landscape, Parameters bend, int points = 61)
    {
        First.CheckMatches(bend, nameof(WeightCurve));
        return Along(landscape, bend, points, t => Form == CurveForm.Bezier ? (2 * t * (1 - t), t * t) : (1 - Math.Abs(2 * t - 1), Math.Max(2 * t - 1, 0)));
    }

    /// <summary>The losses along the straight line between both ends.</summary>
    /// <inheritdoc cref="Losses"/>
    public CurveLosses StraightLosses(LossLandscape landscape, int points = 61) => Along(landscape, First, points, static t => (0, t));

    /// <inheritdoc/>
    public override string ToString() => $"WeightCurve({Form}) of {Network}";

    // In the plane of all three points.
    private CurveLosses Along(LossLandscape landscape, Parameters bend, int points, Func<double, (double Alpha, double Beta)> at)
    {
        ArgumentNullException.ThrowIfNull(landscape);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        var origin = First.Merge(Network.InitState(First.Leaves[0].DType, First.Leaves[0].Device));
        var ts = LossLandscape.Steps(0, 1, points);
        var found = landscape.PointsThrough(origin, Direction.Between(First, bend), Direction.Between(First, Last))(
            Array.ConvertAll(ts, t => at(t).Alpha), Array.ConvertAll(ts, t => at(t).Beta));
        return new(ts, found.Loss, found.Accuracy);
    }
}
