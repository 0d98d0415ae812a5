using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Ordinary layer normalisation over all that permutations of hidden neurons leave together.</summary>
/// <remarks>
/// Over (channels, n_0) of each row of W_0, over (n_L, channels) of each column of W_{L-1}, over (channels, n_L) of b_{L-1}, and elsewhere over the
/// channels of each entry. <c>norm{i}_w</c> and <c>norm{i}_v</c>, each with <c>weight</c> and <c>bias</c> of these sizes.
/// Source: Zhou et al., Permutation equivariant neural functionals (2023), authors' code.
/// </remarks>
/// <param name="Spec">The networks' sizes; dense, and two layers at least.</param>
/// <param name="Inputs">Channels of an entry.</param>
/// <exception cref="ArgumentException">There are no hidden neurons, or convolutions.</exception>
public sealed record ParamLayerNorm(WeightSpec Spec, int Inputs) : WeightLayer(Dense(Spec), Inputs, Inputs)
{
    private int Last => Spec.Layers - 1;

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Parameters.Nest(
        [.. Enumerable.Range(0, Spec.Layers).SelectMany(i => ((string, Parameters)[])[($"norm{i}_w", OfWeights(i).Init(key, type)), ($"norm{i}_v", OfBiases(i).Init(key, type))])]);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels, or other numbers of input or output neurons.</exception>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Check(x, ends: true);

        // [batch, channels, rows, columns], the normalised axes last
        return x.Map(
            (i, w) => i == 0
                ? OfWeights(i).Apply(parameters.Under($"norm{i}_w"), w.SwapAxes(1, 2)).SwapAxes(1, 2)
                : OfWeights(i).Apply(parameters.Under($"norm{i}_w"), w.SwapAxes(1, 3)).SwapAxes(1, 3),
            (i, b) => i == Last
                ? OfBiases(i).Apply(parameters.Under($"norm{i}_v"), b)
                : OfBiases(i).Apply(parameters.Under($"norm{i}_v"), b.SwapAxes(1, 2)).SwapAxes(1, 2));
    }

    private static WeightSpec Dense(WeightSpec spec) => Fit.Hidden(nameof(ParamLayerNorm), spec).IsDense
        ? spec
        : throw new ArgumentException($"ParamLayerNorm: {spec} has convolutions; use SimpleLayerNorm", nameof(spec));

    private LayerNorm OfWeights(int i) => new(i == 0 ? [Inputs, Spec.Widths[0]] : i == Last ? [Spec.Widths[^1], Inputs] : Shape.Create([Inputs]));

    private LayerNorm OfBiases(int i) => new(i == Last ? [Inputs, Spec.Widths[^1]] : Shape.Create([Inputs]));
}
