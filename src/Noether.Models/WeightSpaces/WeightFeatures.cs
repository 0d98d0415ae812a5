namespace Noether.Models.WeightSpaces;

/// <summary>
/// Features of every weight and bias of a batch of networks: what layers on weight spaces map to one another. Immutable, and a tree of tensors in
/// the order W_0, b_0, W_1, b_1 …
/// </summary>
/// <remarks>
/// <see cref="Weights"/>: [batch, channels · filter, n_{i+1}, n_i], the filter's positions folded into the channels as (channel · height + row) · width
/// + column, so that every layer works on matrices; rows are output neurons, columns input neurons. <see cref="Biases"/>: [batch, channels, n_{i+1}].
/// Fold once where networks come in (<see cref="Fold"/>, <see cref="FromVectors"/>), unfold once where they go out.
/// Source: Zhou et al., Permutation equivariant neural functionals (2023), section 2.
/// </remarks>
public sealed partial class WeightFeatures : ITensorTree<WeightFeatures>
{
    private readonly Tensor[] weights, biases;

    /// <summary>Features from folded tensors.</summary>
    /// <param name="spec">The networks' sizes.</param>
    /// <param name="weights">[batch, channels · filter, n_{i+1}, n_i] for each layer.</param>
    /// <param name="biases">[batch, channels, n_{i+1}] for each layer.</param>
    /// <exception cref="ShapeException">A tensor does not fit; the message names it, its shape and the one expected.</exception>
    public WeightFeatures(WeightSpec spec, IReadOnlyList<Tensor> weights, IReadOnlyList<Tensor> biases)
    {
        ArgumentNullException.ThrowIfNull(spec);
        (Spec, this.weights, this.biases) = (spec, [.. weights], [.. biases]);
        if (weights.Count != spec.Layers || biases.Count != spec.Layers)
            throw new ShapeException($"WeightFeatures: {weights.Count} weights and {biases.Count} biases for the {spec.Layers} layers of {spec}");
        var first = biases[0];
        if (first.Rank != 3) throw new ShapeException($"WeightFeatures: b0 is {first.Shape}, not [batch, channels, {spec.Widths[1]}]");
        (Batch, Channels) = (first.Shape[0], first.Shape[1]);
        for (var i = 0; i < spec.Layers; i++)
        {
            Check($"W{i}", weights[i], [Batch, Channels * spec.FilterSize(i), spec.Widths[i + 1], spec.Widths[i]]);
            Check($"b{i}", biases[i], [Batch, Channels, spec.Widths[i + 1]]);
        }
    }

    /// <summary>The networks' sizes.</summary>
    public WeightSpec Spec { get; }

    /// <summary>How many networks there are.</summary>
    public int Batch { get; }

    /// <summary>Features of one entry; raw weights have one.</summary>
    public int Channels { get; }

    /// <summary>Folded: [batch, channels · filter, n_{i+1}, n_i] for each layer.</summary>
    public IReadOnlyList<Tensor> Weights => weights;

    /// <summary>[batch, channels, n_{i+1}] for each layer.</summary>
    public IReadOnlyList<Tensor> Biases => biases;

    /// <summary>W_0, b_0, W_1, b_1 …</summary>
    public IReadOnlyList<Tensor> Leaves => [.. weights.Zip(biases).SelectMany(static pair => (Tensor[])[pair.First, pair.Second])];

    /// <inheritdoc/>
    public object Structure => Spec;

    /// <inheritdoc/>
    public WeightFeatures WithLeaves(IReadOnlyList<Tensor> leaves) =>
        new(Spec, [.. leaves.Where(static (_, i) => i % 2 == 0)], [.. leaves.Where(static (_, i) => i % 2 == 1)]);

    /// <summary>A function of each tensor.</summary>
    public WeightFeatures Map(Func<Tensor, Tensor> function) => Map((_, w) => function(w), (_, b) => function(b));

    /// <summary>A function of each weight tensor and one of each bias, both with the layer's number.</summary>
    public WeightFeatures Map(Func<int, Tensor, Tensor> weight, Func<int, Tensor, Tensor> bias) =>
        new(Spec, [.. weights.Select((w, i) => weight(i, w))], [.. biases.Select((b, i) => bias(i, b))]);

    /// <summary>A function of tensors at the same place of two features of the same networks.</summary>
    /// <exception cref="ShapeException">The networks have other sizes.</exception>
    public WeightFeatures Zip(WeightFeatures other, Func<Tensor, Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Spec.Equals(other.Spec)) throw new ShapeException($"WeightFeatures: networks {Spec} and {other.Spec} do not go together");
        return Map((i, w) => function(w, other.weights[i]), (i, b) => function(b, other.biases[i]));
    }

    /// <summary>The channels of these features and then those of others of the same networks.</summary>
    /// <exception cref="ShapeException">The networks have other sizes.</exception>
    public WeightFeatures Beside(WeightFeatures other) => Zip(other, static (a, b) => Tensor.Concatenate(1, a, b));

    /// <summary>The channels of these features and then numbers of each network, the same for all of its entries.</summary>
    /// <param name="numbers">[batch, count].</param>
    public WeightFeatures Beside(Tensor numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (numbers.Rank != 2 || numbers.Shape[0] != Batch) throw new ShapeException($"Beside: {numbers.Shape} is not [{Batch}, numbers]");
        var count = numbers.Shape[1];
        return Map(
            (i, w) => Tensor.Concatenate(1, w, numbers.Reshape(Batch, count, 1, 1, 1)
                .BroadcastTo([Batch, count, Spec.FilterSize(i), w.Shape[2], w.Shape[3]]).Reshape(Batch, count * Spec.FilterSize(i), w.Shape[2], w.Shape[3])),
            (_, b) => Tensor.Concatenate(1, b, numbers.Unsqueeze(2).BroadcastTo([Batch, count, b.Shape[2]])));
    }

    /// <summary>The sum, entry by entry.</summary>
    public static WeightFeatures operator +(WeightFeatures x, WeightFeatures y) => x.Zip(y, static (a, b) => a + b);

    /// <summary>The difference, entry by entry.</summary>
    public static WeightFeatures operator -(WeightFeatures x, WeightFeatures y) => x.Zip(y, static (a, b) => a - b);

    /// <summary>Each entry times a number.</summary>
    public static WeightFeatures operator *(WeightFeatures x, double factor) => x.Map(t => t * factor);

    private void Check(string name, Tensor tensor, Shape expected)
    {
        if (!tensor.Shape.Equals(expected))
            throw new ShapeException($"WeightFeatures: {name} is {tensor.Shape}, expected {expected} for {Channels} channels of {Spec}");
    }
}
