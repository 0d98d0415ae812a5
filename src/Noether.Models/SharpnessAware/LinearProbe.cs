using Noether.Nn;

namespace Noether.Models.SharpnessAware;

/// <summary>A linear classifier on frozen features: how much of the classes is to be had from them by planes.</summary>
/// <param name="Mean">Of each feature, subtracted: [features].</param>
/// <param name="Scale">What centred features are divided by: [features].</param>
/// <param name="Weights">Of a <see cref="Linear"/> layer on them.</param>
/// <remarks>Multinomial logistic regression with a quadratic penalty: convex, so there is one answer whatever the start.</remarks>
public sealed record LinearProbe(Tensor Mean, Tensor Scale, Parameters Weights)
{
    /// <summary>Fits a probe.</summary>
    /// <param name="features">[examples, features…].</param>
    /// <param name="classes">[examples], from 0.</param>
    /// <param name="penalty">λ of λ/2·‖weight‖² beside the mean cross-entropy of standardised features.</param>
    /// <param name="iterations">Of L-BFGS at most.</param>
    public static LinearProbe Fit(Tensor features, Tensor classes, double penalty = 1e-3, int iterations = 100)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(classes);
        if (features.Rank < 2 || classes.Rank != 1 || classes.Shape[0] != features.Shape[0])
            throw new ShapeException($"LinearProbe: features {features.Shape} and classes {classes.Shape} do not belong together");
        var rows = Rows(features);
        var mean = rows.Mean(0);
        var deviation = (rows - mean).Square().Mean(0).Sqrt();
        var scale = Tensor.Select(deviation > 0, deviation, 1); // a feature that never changes stays zero
        var standard = ((rows - mean) / scale).Evaluate();
        var layer = new Linear(rows.Shape[1], (int)classes.Max().Item<long>() + 1) { WeightInitializer = Initializer.Zeros, BiasInitializer = Initializer.Zeros };
        var start = layer.Init(RandomKey.From(0, rows.Device), rows.DType);
        var found = new Lbfgs { Iterations = iterations }.Minimize(
            p => Loss.CrossEntropy(layer.Apply(p, standard), classes) + penalty / 2 * p["weight"].Square().Sum(), start);
        return new(mean, scale, found.Parameters);
    }

    /// <summary>Logits [examples, classes].</summary>
    /// <param name="features">[examples, features…].</param>
    public Tensor Apply(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        var weight = Weights["weight"];
        var rows = Rows(features);
        if (rows.Shape[1] != weight.Shape[1]) throw new ShapeException($"LinearProbe: {features.Shape} does not have {weight.Shape[1]} features an example");
        return new Linear(weight.Shape[1], weight.Shape[0]).Apply(Weights, (rows - Mean) / Scale);
    }

    private static Tensor Rows(Tensor features) => features.Reshape([features.Shape[0], checked((int)features.Shape[1..].Size)]);
}
