namespace Noether.Models.WeightSpaces;

/// <content>One network for all that symmetries of its neurons lead to.</content>
public static partial class WeightTransforms
{
    /// <summary>
    /// The same function with a rule for what the symmetries of sines leave open: the first weight into each hidden neuron that is not zero is positive,
    /// its phase lies within a quarter period of zero, and neurons come in the order of the norms of their incoming weights.
    /// </summary>
    /// <remarks>
    /// Orders, signs and phases of a network do not change the result, up to rounding, unless norms are equal or a phase lies at the limit. Layers are
    /// settled one after another, from the input on.
    /// </remarks>
    /// <param name="x">Raw weights of networks of sines, [batch, 1, …].</param>
    /// <param name="options">Say ω.</param>
    /// <exception cref="ShapeException">There is more than one channel.</exception>
    public static WeightFeatures CanonicalizeSines(WeightFeatures x, SirenOptions options)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(options);
        x.CheckSingle(nameof(CanonicalizeSines));
        for (var i = 0; i < x.Spec.Layers - 1; i++)
        {
            var incoming = Incoming(x, i);
            x = ScaleNeurons(x, Only(x, i, FirstSign(incoming)));
            x = ShiftPhases(x, Only(x, i, -(x.Biases[i].Squeeze(1) / HalfPeriod(options, i)).Round()), options);
            x = PermuteNeurons(x, Only(x, i, incoming.Norm(-1).ArgSort(-1)));
        }

        return x;
    }

    /// <summary>
    /// The same function with a rule for what the symmetries of ReLU leave open: the incoming weights of each hidden neuron have norm 1, and neurons come
    /// in the order of their biases.
    /// </summary>
    /// <remarks>A neuron without incoming weights keeps its scale. Convolutions too.</remarks>
    /// <param name="x">Raw weights of networks of ReLU, [batch, 1, …].</param>
    /// <exception cref="ShapeException">There is more than one channel.</exception>
    public static WeightFeatures CanonicalizeRelus(WeightFeatures x)
    {
        ArgumentNullException.ThrowIfNull(x);
        x.CheckSingle(nameof(CanonicalizeRelus));
        for (var i = 0; i < x.Spec.Layers - 1; i++)
        {
            var norm = Incoming(x, i).Norm(-1);
            x = ScaleNeurons(x, Only(x, i, 1 / Tensor.Select(norm > 0, norm, 1)));
            x = PermuteNeurons(x, Only(x, i, x.Biases[i].Squeeze(1).ArgSort(-1)));
        }

        return x;
    }

    /// <summary>
    /// How much each hidden neuron is scaled against the same network with a rule for scales: norms of 1 of the weights into each neuron, or a sum of them
    /// and its bias that is positive. Does not depend on the order of neurons, and takes a factor λ where the neuron does.
    /// </summary>
    /// <remarks>
    /// Layers are settled one after another, from the input on: weights count as they lead on from settled neurons. A neuron without incoming weights, or with
    /// a sum of zero, has 1; where the sum changes its sign, so does the result, in one step.
    /// </remarks>
    /// <param name="x">Networks; with more channels, all of which transform alike, one factor for all.</param>
    /// <param name="symmetry">Positive factors or signs.</param>
    /// <returns>For each hidden layer [batch, neurons].</returns>
    public static IReadOnlyList<Tensor> NeuronScales(WeightFeatures x, ScaleSymmetry symmetry)
    {
        ArgumentNullException.ThrowIfNull(x);
        var scales = new List<Tensor>();
        for (var i = 0; i < x.Spec.Layers - 1; i++)
        {
            var w = i == 0 ? x.Weights[0] : x.Weights[i] * scales[i - 1].Unsqueeze(1).Unsqueeze(1);
            if (symmetry == ScaleSymmetry.Positive)
            {
                var norm = w.Norm([1, 3]);
                scales.Add(Tensor.Select(norm > 0, norm, 1));
            }
            else
            {
                var sum = w.Sum([1, 3]) + x.Biases[i].Sum(1);
                scales.Add(1 - 2 * (sum < 0).To(w.DType));
            }
        }

        return scales;
    }

    /// <summary>The same functions without the freedom of scales: neurons divided by <see cref="NeuronScales"/>. Orders stay.</summary>
    /// <param name="x">Networks of ReLU, or of odd functions.</param>
    /// <param name="symmetry">Positive factors or signs.</param>
    public static WeightFeatures NormalizeScales(WeightFeatures x, ScaleSymmetry symmetry) => ScaleNeurons(x, [.. NeuronScales(x, symmetry).Select(static s => 1 / s)]);

    // What leads into each hidden neuron: [batch, neurons, inputs · filter].
    private static Tensor Incoming(WeightFeatures x, int layer)
    {
        var w = x.Weights[layer];
        return w.Permute(0, 2, 3, 1).Reshape(x.Batch, w.Shape[2], w.Shape[3] * w.Shape[1]);
    }

    // ±1 by the first number of each row that is not zero; 1 if all are.
    private static Tensor FirstSign(Tensor rows)
    {
        var first = rows.NotEqual(0).To(DType.Int32).ArgMax(-1, keepAxis: true);
        return 1 - 2 * (rows.TakeAlong(first, -1).Squeeze(-1) < 0).To(rows.DType);
    }

    // A change of one hidden layer's neurons.
    private static Tensor?[] Only(WeightFeatures x, int layer, Tensor change) => [.. Enumerable.Range(0, x.Spec.Layers - 1).Select(i => i == layer ? change : null)];
}
