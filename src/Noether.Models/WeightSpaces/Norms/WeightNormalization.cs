using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Subtracts means and divides by deviations that a training set of networks has.</summary>
/// <remarks>
/// Statistics are state: <c>mean_weights_i</c>, <c>std_weights_i</c> [1, channels · filter, rows, columns], <c>mean_bias_i</c>, <c>std_bias_i</c>
/// [1, channels, rows]. Statistics of single entries tell hidden neurons apart, so that what follows is not equivariant any more; symmetric ones, which
/// have sizes of 1 there, do not. Source: Zhou et al., Permutation equivariant neural functionals (2023), authors' code.
/// </remarks>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Statistics">The state, from <see cref="Of"/>.</param>
public sealed record WeightNormalization(WeightSpec Spec, Parameters Statistics) : WeightModule
{
    // Deviations below this are those of entries that do not vary: such are left in their scale.
    private const double Smallest = 1e-5;

    /// <summary>With the statistics of a training set.</summary>
    /// <param name="training">Networks along the batch; all of them at once.</param>
    /// <param name="symmetric">Statistics over neurons that may be permuted, too; else of each entry by itself.</param>
    /// <param name="hiddenOnly">Of the symmetric: whether hidden neurons alone may be permuted (HNP), or all (NP).</param>
    public static WeightNormalization Of(WeightFeatures training, bool symmetric = true, bool hiddenOnly = true)
    {
        ArgumentNullException.ThrowIfNull(training);
        var last = training.Spec.Layers - 1;
        return new(training.Spec, new(Enumerable.Range(0, training.Spec.Layers).SelectMany(i =>
        {
            int[] rows = symmetric && (i < last || !hiddenOnly) ? [2] : [], columns = symmetric && (i > 0 || !hiddenOnly) ? [3] : [];
            var (weightMean, weightDeviation) = Measure(training.Weights[i], [0, .. rows, .. columns]);
            var (biasMean, biasDeviation) = Measure(training.Biases[i], [0, .. rows]);
            return (KeyValuePair<string, Tensor>[])
            [
                new($"mean_weights_{i}", weightMean), new($"std_weights_{i}", weightDeviation), new($"mean_bias_{i}", biasMean), new($"std_bias_{i}", biasDeviation),
            ];
        })));
    }

    /// <inheritdoc/>
    public override Parameters InitState(DType type = DType.Float32, Device? device = null) => Statistics.Map(t => t.To(type).To(device ?? Device.Default));

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The networks have other sizes.</exception>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!x.Spec.Equals(Spec)) throw new ShapeException($"WeightNormalization: made for networks {Spec}, not {x.Spec}");
        return x.Map(
            (i, w) => (w - context[$"mean_weights_{i}"]) / context[$"std_weights_{i}"],
            (i, b) => (b - context[$"mean_bias_{i}"]) / context[$"std_bias_{i}"]);
    }

    // A single number has no deviation: NaN, which is not above the bound either.
    private static (Tensor Mean, Tensor Deviation) Measure(Tensor t, int[] axes)
    {
        var deviation = t.Std(axes, keepAxes: true);
        return (t.Mean(axes, keepAxes: true), Tensor.Select(deviation >= Smallest, deviation, 1));
    }
}
