using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>What linear layers on weight spaces know of a network beside the entry itself: for each layer of neurons and for the whole.</summary>
/// <remarks>
/// K_i, R_i and M_i are means of W_i for each column, for each row, and of all; they are means, not sums, so that their variance does not depend on
/// the width. Lists are blocks that are joined along the channels.
/// </remarks>
internal sealed class NeuronSummary
{
    private readonly WeightFeatures x;
    private readonly (Tensor Rows, Tensor Columns, Tensor Total)[] means;

    public NeuronSummary(WeightFeatures x) => (this.x, means) = (x, [.. x.Weights.Select(static w => w.RowAndColumnMeans())]);

    /// <summary>R_i [batch, channels, n_{i+1}].</summary>
    public Tensor RowMeans(int i) => means[i].Rows;

    /// <summary>K_i [batch, channels, n_i].</summary>
    public Tensor ColumnMeans(int i) => means[i].Columns;

    /// <summary>C_i: what belongs to a column k of W_i, an input neuron: its own mean, that of the row k of W_{i-1}, and b_{i-1}.</summary>
    public IEnumerable<Tensor> OfColumn(int i) => i == 0 ? [means[0].Columns] : [means[i].Columns, means[i - 1].Rows, x.Biases[i - 1]];

    /// <summary>D_i: what belongs to a row j of W_i, an output neuron: its own mean, b_i, and the mean of the column j of W_{i+1}.</summary>
    public IEnumerable<Tensor> OfRow(int i) => i == x.Spec.Layers - 1 ? [means[i].Rows, x.Biases[i]] : [means[i].Rows, x.Biases[i], means[i + 1].Columns];

    /// <summary>g: means of everything, [batch, channels] each: M_0 …, then those of the biases.</summary>
    public IEnumerable<Tensor> OfAll() => [.. means.Select(static m => m.Total), .. x.Biases.Select(static b => b.Mean(-1))];

    /// <summary>Features a channel in C_i.</summary>
    public static int ColumnSize(WeightSpec spec, int i) => spec.FilterSize(i) + (i == 0 ? 0 : spec.FilterSize(i - 1) + 1);

    /// <summary>Features a channel in D_i.</summary>
    public static int RowSize(WeightSpec spec, int i) => spec.FilterSize(i) + 1 + (i == spec.Layers - 1 ? 0 : spec.FilterSize(i + 1));

    /// <summary>Features a channel in g.</summary>
    public static int AllSize(WeightSpec spec) => spec.FilterSizes + spec.Layers;

    /// <summary>Maps into W_i and into b_i, for so many inputs from the entry, its column, its row and the whole.</summary>
    public static LinearMap[][] Maps(int i, int weights, int biases, int entry, int column, int row, int all) =>
    [
        [new($"layer_{i}", weights, entry), new($"layer_{i}_rc", weights, all), new($"layer_{i}_r", weights, column), new($"layer_{i}_c", weights, row)],
        [new($"bias_{i}", biases, row), new($"bias_{i}_rc", biases, all)],
    ];

    /// <summary>
    /// W'_i[j, k] = A W_i[j, k] + Ag g + Ac C_i[k] + Ar D_i[j] and b'_i[j] = B D_i[j] + Bg g, A being <c>layer_i</c>, Ag <c>layer_i_rc</c>, Ac
    /// <c>layer_i_r</c>, Ar <c>layer_i_c</c>, B <c>bias_i</c> and Bg <c>bias_i_rc</c>: the endings say what was averaged, not what remains.
    /// </summary>
    public static (Tensor Weight, Tensor Bias) Apply(Parameters parameters, int i, Tensor weight, Tensor column, Tensor row, Tensor all)
    {
        var rows = LinearMap.Apply(parameters, $"layer_{i}_c", row) + (LinearMap.Apply(parameters, $"layer_{i}_rc", all) + parameters[$"layer_{i}.bias"]).Unsqueeze(-1);
        var columns = LinearMap.Apply(parameters, $"layer_{i}_r", column);
        return (weight.MixChannels(parameters[$"layer_{i}.weight"], rows, columns),
            LinearMap.Apply(parameters, $"bias_{i}", row) + LinearMap.Apply(parameters, $"bias_{i}_rc", all).Unsqueeze(-1));
    }

    /// <summary>Blocks joined along the channels.</summary>
    public static Tensor Join(IEnumerable<Tensor> blocks) => Tensor.Concatenate(1, [.. blocks]);
}
