using Noether.Models.WeightSpaces;
using Noether.Nn;
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

    /// <summary>Width of the hidden layers of a predictor's head.</summary>
    public const int HeadWidth = 1000;

    public static IEnumerable<Case> All { get; } =
    [
        Layer("NP layer, 16 channels, CNN zoo, batch 32, gradients", 32, Widths, Filters),
        Predictor("predictor of generalisation, HNP 16-16-5, CNN zoo, batch 8, gradients", 16, 8),
        Predictor("predictor of generalisation, HNP 32-32-5, CNN zoo, batch 8, gradients", 32, 8),
    ];

    // The whole model of the paper, section 3.1. Operands: networks as vectors, their accuracies' logits, then its parameters in their order.
    private static Case Predictor(string name, int channels, int batch)
    {
        var spec = new WeightSpec(Widths, [.. Filters.Select(static f => f == 9 ? (3, 3) : (1, 1))]);
        var model = new InvariantNfn(spec, [channels, channels, 5]) { Head = c => new MlpHead(spec, c) { Hidden = HeadWidth } };
        var like = model.Init(RandomKey.From(0, Device.Host));
        Operand[] weights = [.. like.Leaves.Select(static w => new Operand(w.Shape.AsSpan().ToArray(), w.Rank == 2 ? 1 / Math.Sqrt(w.Shape[1]) : 0.1))];

        // Multiply-adds of maps of single numbers are few beside those of entries, columns and rows; counted are the matrices once a network and, in the
        // middle, once an entry.
        double each = like.Leaves.Sum(static w => w.Rank == 2 ? (double)w.Size : 0), entries = 0;
        foreach (var (inputs, outputs) in ((int, int)[])[(1, channels), (channels, channels), (channels, 5)])
            for (var i = 1; i < spec.Layers - 1; i++) entries += (double)spec.FilterSize(i) * spec.FilterSize(i) * inputs * outputs * spec.Widths[i] * spec.Widths[i + 1];
        return new("weight-space", name, "hnp-predictor", [new([batch, spec.Parameters]), new([batch]), .. weights], a =>
        {
            var gradient = Compile(Grad((Tensor[] t) => Nn.Loss.BinaryCrossEntropy(
                model.Apply(like.WithLeaves(t), WeightFeatures.FromVectors(spec, a[0]), Context.ForInference()).Squeeze(-1), a[1].Sigmoid())));
            return () => gradient(a[2..]);
        })
        {
            Options = [channels],
            Flops = 6.0 * batch * (each + entries),
            Bytes = sizeof(float) * 3 * (batch * (double)spec.Parameters * channels * 4 + each),
        };
    }

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

    /// <summary>
    /// Self-attention among the weights of multi-layer perceptrons (NFT; Zhou et al. 2023), its projection shared by all tensors, forward and backward.
    /// </summary>
    public static Case Attention(string name, int batch, int channels, int heads, int[] widths)
    {
        var layers = widths.Length - 1;
        var operands = new List<Operand>();
        double entries = 0, attended = 0;
        for (var i = 0; i < layers; i++) operands.Add(new([batch, channels, widths[i + 1], widths[i]]));
        for (var i = 0; i < layers; i++) operands.Add(new([batch, channels, widths[i + 1]]));
        operands.Add(new([3 * channels, channels], Scale: 1 / Math.Sqrt(channels)));
        operands.Add(new([3 * channels], Scale: 0.1));
        for (var i = 0; i <= layers; i++)
        {
            double tokens = (i > 0 ? widths[i - 1] + 1 : 0) + (i < layers ? widths[i + 1] : 0);
            attended += 4 * tokens * tokens * widths[i];
            if (i < layers) entries += widths[i + 1] * (widths[i] + 1.0);
        }

        return new("weight-space", name, "nft-gradient", [.. operands], a =>
        {
            var gradient = Compile(Grad((Tensor[] t) => AttentionLoss(t, layers, heads)));
            return () => gradient(a);
        })
        {
            Flops = 3 * batch * channels * (6 * channels * entries + attended),
            Bytes = sizeof(float) * 4 * batch * channels * entries,
        };
    }

    private static Tensor AttentionLoss(Tensor[] a, int layers, int heads)
    {
        Tensor projection = a[^2], bias = a[^1].Unsqueeze(-1);
        var channels = projection.Shape[1];
        var packed = Array.ConvertAll(a[..^2], x => (projection.MatMul(x.Reshape(x.Shape[0], channels, -1)) + bias).Reshape([x.Shape[0], 3 * channels, .. x.Shape.AsSpan()[2..]]));

        // among all tensors: attention of their means, spread over each
        var means = Tensor.Stack(2, Array.ConvertAll(packed, x => x.Reshape(x.Shape[0], 3 * channels, -1).Mean(-1)));
        var parts = means.Reshape(means.Shape[0], heads, 3, channels / heads, 2 * layers).SwapAxes(-2, -1);
        var overall = Tensor.ScaledDotProductAttention(Part(0), Part(1), Part(2)).SwapAxes(-2, -1).Reshape(means.Shape[0], channels, 2 * layers);
        var sums = Enumerable.Range(0, 2 * layers).Select(i =>
        {
            var mean = overall.Narrow(2, i, 1);
            return i < layers ? mean.Unsqueeze(-1) : mean;
        }).ToArray();

        Tensor Part(int which) => parts.Narrow(2, which, 1).Squeeze(2);
        for (var i = 0; i <= layers; i++)
        {
            var (incoming, own, outgoing) = Tensor.AttendNeurons(
                i > 0 ? packed[i - 1] : null, i > 0 ? packed[layers + i - 1] : null, i < layers ? packed[i] : null, heads);
            if (i > 0) (sums[i - 1], sums[layers + i - 1]) = (sums[i - 1] + incoming!, sums[layers + i - 1] + own!);
            if (i < layers) sums[i] += outgoing!;
        }

        return sums.Aggregate(Tensor.From(0f), static (loss, y) => loss + 0.5 * y.Square().Sum());
    }
}
