using static Noether.Transform;

namespace Noether.Bench.Cases;

/// <summary>
/// A linear layer on the weights of networks, equivariant to permutations of their neurons (NP; Zhou et al. 2023), forward and backward, on networks of
/// the Small CNN Zoo: three 3x3 convolutions of 16 channels and a dense layer.
/// </summary>
internal static class WeightSpaceCases
{
    public const int MapsPerLayer = 6;
    private const int Channels = 16;

    /// <summary>Neurons of each layer of the networks, from the input on, and filter positions of each weight tensor.</summary>
    public static readonly int[] Widths = [1, 16, 16, 16, 10], Filters = [9, 9, 9, 1];

    public static IEnumerable<Case> All { get; } = [Layer("NP layer, 16 channels, CNN zoo, batch 32, gradients", 32, Widths, Filters)];

    // Operands: weights of the networks, filters folded into channels, and biases; then for each layer six maps with a bias each: of the entry
    // itself, of the means over everything, of what belongs to its column and to its row, and for the bias what belongs to its row and the means.
    public static Case Layer(string name, int batch, int[] widths, int[] filters)
    {
        var layers = filters.Length;
        var operands = new List<Operand>();
        double flops = 0;
        for (var i = 0; i < layers; i++) operands.Add(new([batch, filters[i] * Channels, widths[i + 1], widths[i]]));
        for (var i = 0; i < layers; i++) operands.Add(new([batch, Channels, widths[i + 1]]));
        var all = Channels * (filters.Sum() + layers);
        for (var i = 0; i < layers; i++)
        {
            int own = filters[i] * Channels, column = own + (i > 0 ? Channels * (filters[i - 1] + 1) : 0);
            var row = own + Channels + (i < layers - 1 ? Channels * filters[i + 1] : 0);
            foreach (var (outputs, inputs) in ((int, int)[])[(own, own), (own, all), (own, column), (own, row), (Channels, row), (Channels, all)])
            {
                operands.Add(new([outputs, inputs], Scale: 0.1 / Math.Sqrt(inputs)));
                operands.Add(new([outputs], Scale: 0.1));
            }

            double n = widths[i], m = widths[i + 1];
            flops += 2.0 * batch * (own * own * n * m + own * (column * n + row * m + all) + Channels * (row * m + all));
        }

        double weights = 0;
        for (var i = 0; i < layers; i++) weights += operands[i].Size;
        return new("weight-space", name, "np-gradient", [.. operands], a =>
        {
            var gradient = Compile(Grad((Tensor[] t) => Loss(t, layers)));
            return () => gradient(a);
        })
        {
            Flops = 3 * flops,
            Bytes = sizeof(float) * 4 * weights,
        };
    }

    private static Tensor Loss(Tensor[] a, int layers)
    {
        Tensor[] weights = a[..layers], biases = a[layers..(2 * layers)];
        var means = Array.ConvertAll(weights, static w => w.RowAndColumnMeans());
        var all = Tensor.Concatenate(1, [.. means.Select(static m => m.Total), .. biases.Select(static b => b.Mean(-1))]);
        var loss = Tensor.From(0f);
        for (var i = 0; i < layers; i++)
        {
            Tensor Map(int which, Tensor x)
            {
                var at = 2 * (layers + MapsPerLayer * i + which);
                return x.Rank == 2 ? (x.MatMul(a[at].Transpose()) + a[at + 1]).Unsqueeze(-1) : a[at].MatMul(x) + a[at + 1].Unsqueeze(-1);
            }

            var column = i == 0 ? means[0].Columns : Tensor.Concatenate(1, means[i].Columns, means[i - 1].Rows, biases[i - 1]);
            var row = i == layers - 1
                ? Tensor.Concatenate(1, means[i].Rows, biases[i])
                : Tensor.Concatenate(1, means[i].Rows, biases[i], means[i + 1].Columns);
            var bias = a[2 * (layers + MapsPerLayer * i) + 1].Unsqueeze(-1);
            var y = weights[i].MixChannels(a[2 * (layers + MapsPerLayer * i)], Map(3, row) + Map(1, all) + bias, Map(2, column));
            var z = Map(4, row) + Map(5, all);
            loss += 0.5 * (y.Square().Sum() + z.Square().Sum());
        }

        return loss;
    }
}
