using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Subtracts means and divides by deviations that a training set of networks has, over all axes that permute: equivariance stays.</summary>
/// <remarks>
/// Weights, scales and running variances differ in size by orders of magnitude. Statistics are state: <c>mean.i</c> and <c>std.i</c> of tensor i,
/// [1, channels · fixed places, 1…]. What does not vary is left in its scale.
/// </remarks>
/// <param name="Statistics">The state, from <see cref="Of"/>.</param>
public sealed record AxisNormalization(Parameters Statistics) : FeatureModule<AxisFeatures, AxisFeatures>
{
    // Deviations below this are those of entries that do not vary.
    private const double Smallest = 1e-5;

    /// <summary>With the statistics of a training set.</summary>
    /// <param name="training">Networks along the batch; all of them at once.</param>
    public static AxisNormalization Of(AxisFeatures training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return new(new Parameters(training.Leaves.SelectMany(static (t, i) =>
        {
            int[] axes = [0, .. Enumerable.Range(2, t.Rank - 2)];
            var deviation = t.Std(axes, keepAxes: true);
            return (KeyValuePair<string, Tensor>[])[new($"mean.{i}", t.Mean(axes, keepAxes: true)), new($"std.{i}", Tensor.Select(deviation >= Smallest, deviation, 1))];
        })));
    }

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Parameters.Empty;

    /// <inheritdoc/>
    public override Parameters InitState(DType type = DType.Float32, Device? device = null) => Statistics.Map(t => t.To(type).To(device ?? Device.Default));

    /// <inheritdoc/>
    /// <exception cref="ParameterException">The networks have more tensors.</exception>
    /// <exception cref="ShapeException">They have others.</exception>
    public override AxisFeatures Apply(Parameters parameters, AxisFeatures x, Context context)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Map((i, t) => (t - context[$"mean.{i}"]) / context[$"std.{i}"]);
    }
}
