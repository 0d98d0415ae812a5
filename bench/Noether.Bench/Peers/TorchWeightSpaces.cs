using Noether.Bench.Cases;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's layer on weights, as the reference code writes it: 1x1 convolutions, linear maps, and sums that broadcast.</summary>
internal static class TorchWeightSpaces
{
    public static Func<TorchTensor[]> Gradient(TorchTensor[] a)
    {
        foreach (var operand in a) operand.requires_grad_();
        return () =>
        {
            using var scope = NewDisposeScope();
            return [.. autograd.grad([Loss(a)], a).Select(static t => t.MoveToOuterDisposeScope())];
        };
    }

    private static TorchTensor Loss(TorchTensor[] a)
    {
        var layers = WeightSpaceCases.Filters.Length;
        TorchTensor[] weights = a[..layers], biases = a[layers..(2 * layers)];
        var rows = Array.ConvertAll(weights, static w => w.mean([3L]));
        var columns = Array.ConvertAll(weights, static w => w.mean([2L]));
        var all = cat([.. weights.Select(static w => w.mean([2L, 3L])), .. biases.Select(static b => b.mean([2L]))], 1);
        TorchTensor? loss = null;
        for (var i = 0; i < layers; i++)
        {
            (TorchTensor Weight, TorchTensor Bias) Map(int which)
            {
                var at = 2 * (layers + WeightSpaceCases.MapsPerLayer * i + which);
                return (a[at], a[at + 1]);
            }

            TorchTensor Local(int which, TorchTensor x) => conv1d(x, Map(which).Weight.unsqueeze(-1), Map(which).Bias);
            TorchTensor Global(int which) => linear(all, Map(which).Weight, Map(which).Bias).unsqueeze(-1);

            var column = i == 0 ? columns[0] : cat([columns[i], rows[i - 1], biases[i - 1]], 1);
            var row = i == layers - 1 ? cat([rows[i], biases[i]], 1) : cat([rows[i], biases[i], columns[i + 1]], 1);
            var y = conv2d(weights[i], Map(0).Weight.unsqueeze(-1).unsqueeze(-1), Map(0).Bias)
                + Global(1).unsqueeze(-1) + Local(2, column).unsqueeze(-2) + Local(3, row).unsqueeze(-1);
            var z = Local(4, row) + Global(5);
            var part = 0.5 * (y.square().sum() + z.square().sum());
            loss = loss is null ? part : loss + part;
        }

        return loss!;
    }

    /// <summary>The predictor of generalisation as the reference code writes it: three HNP layers, pooling, three dense layers.</summary>
    public static Func<TorchTensor[]> Predictor(TorchTensor[] x, int channels)
    {
        TorchTensor[] parameters = [.. x[2..].Select(static w => w.clone().requires_grad_())];
        return () =>
        {
            using var scope = NewDisposeScope();
            var next = 0;
            (TorchTensor Weight, TorchTensor Bias) Take() => (parameters[next++], parameters[next++]);
            var (weights, biases) = Networks(x[0]);
            foreach (var outputs in (int[])[channels, channels, Last])
            {
                (weights, biases) = HnpLayer(weights, biases, outputs, Take);
                weights = Array.ConvertAll(weights, static w => w.relu());
                biases = Array.ConvertAll(biases, static b => b.relu());
            }

            var y = Pooled(weights, biases, Last);
            for (var i = 0; i < 3; i++)
            {
                var (weight, bias) = Take();
                y = linear(y, weight, bias);
                if (i < 2) y = y.relu();
            }

            var loss = binary_cross_entropy_with_logits(y.squeeze(-1), x[1].sigmoid());
            return [.. autograd.grad([loss], parameters).Select(static t => t.MoveToOuterDisposeScope())];
        };
    }

    // Channels after the last layer.
    private const int Last = 5;

    private static int LayerCount => WeightSpaceCases.Filters.Length;

    // Vectors as folded weights [batch, filter, outputs, inputs] and biases [batch, 1, outputs].
    private static (TorchTensor[] Weights, TorchTensor[] Biases) Networks(TorchTensor vectors)
    {
        int[] widths = WeightSpaceCases.Widths, filters = WeightSpaceCases.Filters;
        var batch = vectors.shape[0];
        var (weights, biases, at) = (new TorchTensor[LayerCount], new TorchTensor[LayerCount], 0L);
        for (var i = 0; i < LayerCount; i++)
        {
            var size = (long)filters[i] * widths[i] * widths[i + 1];
            weights[i] = vectors.narrow(1, at, size).reshape(batch, widths[i + 1], widths[i], filters[i]).permute(0, 3, 1, 2);
            at += size;
            biases[i] = vectors.narrow(1, at, widths[i + 1]).unsqueeze(1);
            at += widths[i + 1];
        }

        return (weights, biases);
    }

    private static (TorchTensor[] Weights, TorchTensor[] Biases) HnpLayer(
        TorchTensor[] w, TorchTensor[] b, int outputs, Func<(TorchTensor Weight, TorchTensor Bias)> take)
    {
        int[] widths = WeightSpaceCases.Widths, filters = WeightSpaceCases.Filters;
        var (batch, last) = (w[0].shape[0], LayerCount - 1);
        var rows = Array.ConvertAll(w, static t => t.mean([3L]));
        var columns = Array.ConvertAll(w, static t => t.mean([2L]));
        var first = w[0].transpose(2, 3).reshape(batch, -1, widths[1]);
        var final = w[last].reshape(batch, -1, widths[last]);
        var all = cat([
            .. w.Select(static t => t.mean([2L, 3L])), .. b.Select(static t => t.mean([2L])),
            columns[0].reshape(batch, -1), rows[last].reshape(batch, -1), b[last].reshape(batch, -1)], 1);
        TorchTensor Local(TorchTensor t)
        {
            var (weight, bias) = take();
            return matmul(weight, t) + bias.unsqueeze(-1);
        }

        TorchTensor Global()
        {
            var (weight, bias) = take();
            return linear(all, weight, bias);
        }

        var (newWeights, newBiases) = (new TorchTensor[LayerCount], new TorchTensor[LayerCount]);
        var ofFirst = cat([first, columns[1], b[0]], 1);
        newWeights[0] = (Local(ofFirst) + Global().unsqueeze(-1)).reshape(batch, outputs * filters[0], widths[0], widths[1]).transpose(2, 3);
        newBiases[0] = Local(ofFirst) + Global().unsqueeze(-1);
        for (var i = 1; i < last; i++)
        {
            List<TorchTensor> column = [columns[i], rows[i - 1], b[i - 1]], row = [rows[i], b[i], columns[i + 1]];
            if (i == 1) column.Add(first);
            if (i == last - 1) row.Add(final);
            var (weight, bias) = take();
            newWeights[i] = matmul(weight, w[i].flatten(2)).reshape(batch, -1, widths[i + 1], widths[i]) + bias.unsqueeze(-1).unsqueeze(-1) + Global().unsqueeze(-1).unsqueeze(-1)
                + Local(cat([.. column], 1)).unsqueeze(-2) + Local(cat([.. row], 1)).unsqueeze(-1);
            newBiases[i] = Local(cat([.. row], 1)) + Global().unsqueeze(-1);
        }

        newWeights[last] = (Local(cat([final, rows[last - 1], b[last - 1]], 1)) + Global().unsqueeze(-1)).reshape(batch, outputs * filters[last], widths[^1], widths[last]);
        newBiases[last] = Global().reshape(batch, outputs, widths[^1]);
        return (newWeights, newBiases);
    }

    private static TorchTensor Pooled(TorchTensor[] w, TorchTensor[] b, int channels)
    {
        var filters = WeightSpaceCases.Filters;
        var (batch, last) = (w[0].shape[0], LayerCount - 1);
        var parts = new List<TorchTensor>();
        for (var i = 0; i < LayerCount; i++)
        {
            parts.Add(i == 0 || i == last ? ByNeuron(w[i].mean([i == 0 ? 2L : 3L]), filters[i]) : w[i].mean([2L, 3L]).reshape(batch, channels, -1));
            parts.Add(i == last ? b[i] : b[i].mean([2L], keepdim: true));
        }

        return cat([.. parts], 2).flatten(1);

        TorchTensor ByNeuron(TorchTensor means, int filter) => means.reshape(batch, channels, filter, means.shape[2]).transpose(2, 3).reshape(batch, channels, -1);
    }
}
