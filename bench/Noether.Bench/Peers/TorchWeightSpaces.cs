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
}
