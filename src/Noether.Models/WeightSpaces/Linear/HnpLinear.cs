using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>The linear layer that is equivariant to permutations of hidden neurons only (HNP): those of the input and of the output have a meaning each.</summary>
/// <remarks>
/// Columns of W_0 and rows of W_{L-1} become channels of the hidden neurons beside them, and of the whole. Middle layers are those of
/// <see cref="NpLinear"/>, with these more channels. With <see cref="LastBiasTerm"/> these are all equivariant linear maps. Parameters <c>w0_rpt</c> and
/// <c>w0_rbdcst</c> into W_0, <c>bias_0</c> and <c>bias_0_rc</c> into b_0, <c>wfin_cpt</c> and <c>wfin_cbdcst</c> into W_{L-1}, <c>bias_fin_rc</c> into
/// b_{L-1}, each with <c>weight</c> [outputs, inputs] and <c>bias</c>. Sizes of <c>w0_rpt</c> grow as (n_0 · channels)², those of <c>wfin_cpt</c> as
/// (n_L · channels)²: with hundreds of inputs use <see cref="NpLinear"/> behind <see cref="IoSinusoidal"/>.
/// Source: Zhou et al., Permutation equivariant neural functionals (2023), appendix.
/// </remarks>
/// <param name="Spec">The networks' sizes; two layers at least. Hidden widths do not matter.</param>
/// <param name="Inputs">Channels of an entry that come in.</param>
/// <param name="Outputs">Channels of an entry that go out.</param>
/// <exception cref="ArgumentException">There are no hidden neurons.</exception>
public sealed record HnpLinear(WeightSpec Spec, int Inputs, int Outputs) : WeightLayer(Fit.Hidden(nameof(HnpLinear), Spec), Inputs, Outputs)
{
    /// <summary>
    /// Whether W'_{L-1}[j, k] may depend on b_{L-2}[k], through the last columns of <c>wfin_cpt</c>. The authors' code lacks this term, so that it spans
    /// n_L dimensions fewer than all equivariant maps; turn it off for their parameters, or fill them up: <see cref="WithLastBiasTerm"/>.
    /// </summary>
    public bool LastBiasTerm { get; init; } = true;

    private int Last => Spec.Layers - 1;

    // A channel's W_0[j, :] and W_{L-1}[:, k].
    private int FirstRow => Spec.FilterSize(0) * Spec.Widths[0];

    private int LastColumn => Spec.FilterSize(Last) * Spec.Widths[^1];

    /// <summary>Parameters of layers without the last bias term as those of layers with it: the new columns are zeros, so the function is the same.</summary>
    /// <param name="like">Parameters of a layer, or of a model that has such layers, with the term: a fresh <c>Init</c>.</param>
    /// <param name="parameters">Those without. Axes of size 1 behind the matrices of 1x1 convolutions may still be there.</param>
    public static Parameters WithLastBiasTerm(Parameters like, Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(like);
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.Map((name, w) =>
        {
            if (!$".{name}".EndsWith(".wfin_cpt.weight", StringComparison.Ordinal) || !like.TryGet(name, out var wider)) return w;
            var missing = wider.Shape[1] - w.Shape[1];
            return missing <= 0 ? w : Tensor.Concatenate(1, w, Tensor.Zeros(w.Shape.With(1, missing), w.DType, w.Device));
        });
    }

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        int first = Spec.FilterSize(0), final = Spec.FilterSize(Last), before = Spec.FilterSize(Last - 1);
        var all = Inputs * (NeuronSummary.AllSize(Spec) + FirstRow + LastColumn + Spec.Widths[^1]);
        var ofFirst = Inputs * (FirstRow + Spec.FilterSize(1) + 1 + (Last == 1 ? LastColumn : 0));
        var ofLast = Inputs * (LastColumn + before + (Last == 1 ? FirstRow : 0) + (LastBiasTerm ? 1 : 0));

        // As in the authors' code three maps have a bound of their own, though w0_rpt and w0_rbdcst add into one output.
        return LinearMap.Init(
            [
                [new("w0_rpt", Outputs * FirstRow, ofFirst)],
                [new("w0_rbdcst", Outputs * FirstRow, all)],
                [new("bias_0", Outputs, ofFirst), new("bias_0_rc", Outputs, all)],
                .. Enumerable.Range(1, Last - 1).SelectMany(i => NeuronSummary.Maps(
                    i, Outputs * Spec.FilterSize(i), Outputs, Inputs * Spec.FilterSize(i),
                    Inputs * (NeuronSummary.ColumnSize(Spec, i) + (i == 1 ? FirstRow : 0)), Inputs * (NeuronSummary.RowSize(Spec, i) + (i == Last - 1 ? LastColumn : 0)), all)),
                [new("wfin_cpt", Outputs * LastColumn, ofLast), new("wfin_cbdcst", Outputs * LastColumn, all)],
                [new("bias_fin_rc", Outputs * Spec.Widths[^1], all)],
            ],
            key, type);
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels or filters, or other numbers of input or output neurons.</exception>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        Check(x, ends: true);
        int batch = x.Batch, inputs = Spec.Widths[0], outputs = Spec.Widths[^1];
        var summary = new NeuronSummary(x);
        var first = x.Weights[0].SwapAxes(2, 3).Reshape(batch, Inputs * FirstRow, x.Spec.Widths[1]); // W_0[j, :] at hidden neuron j
        var final = x.Weights[Last].Reshape(batch, Inputs * LastColumn, x.Spec.Widths[Last]); // W_{L-1}[:, k] at hidden neuron k
        var all = NeuronSummary.Join(
        [
            .. summary.OfAll(),
            summary.ColumnMeans(0).Reshape(batch, Inputs * FirstRow),
            summary.RowMeans(Last).Reshape(batch, Inputs * LastColumn),
            x.Biases[Last].Reshape(batch, Inputs * outputs),
        ]);
        Tensor[] If(bool condition, Tensor x) => condition ? [x] : [];
        Tensor Spread(string name, Tensor own, string whole) => LinearMap.Apply(parameters, name, own) + LinearMap.Apply(parameters, whole, all).Unsqueeze(-1);

        var (weights, biases) = (new Tensor[Spec.Layers], new Tensor[Spec.Layers]);
        var ofFirst = NeuronSummary.Join([first, summary.ColumnMeans(1), x.Biases[0], .. If(Last == 1, final)]);
        weights[0] = Spread("w0_rpt", ofFirst, "w0_rbdcst").Reshape(batch, Outputs * Spec.FilterSize(0), inputs, x.Spec.Widths[1]).SwapAxes(2, 3);
        biases[0] = Spread("bias_0", ofFirst, "bias_0_rc");

        for (var i = 1; i < Last; i++)
        {
            var column = NeuronSummary.Join([.. summary.OfColumn(i), .. If(i == 1, first)]);
            var row = NeuronSummary.Join([.. summary.OfRow(i), .. If(i == Last - 1, final)]);
            (weights[i], biases[i]) = NeuronSummary.Apply(parameters, i, x.Weights[i], column, row, all);
        }

        var ofLast = NeuronSummary.Join([final, summary.RowMeans(Last - 1), .. If(Last == 1, first), .. If(LastBiasTerm, x.Biases[Last - 1])]);
        weights[Last] = Spread("wfin_cpt", ofLast, "wfin_cbdcst").Reshape(batch, Outputs * Spec.FilterSize(Last), outputs, x.Spec.Widths[Last]);
        biases[Last] = LinearMap.Apply(parameters, "bias_fin_rc", all).Reshape(batch, Outputs, outputs);
        return new(x.Spec, weights, biases);
    }
}
