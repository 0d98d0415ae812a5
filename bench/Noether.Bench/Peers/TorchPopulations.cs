using Noether.Bench.Cases;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's ways of computing many networks: loops over them, and products over all at once written by hand.</summary>
internal static class TorchPopulations
{
    /// <summary>The losses at every point of a grid, by a loop: [first, second].</summary>
    public static TorchTensor LossSurface(TorchTensor[] x)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (x[2].data<float>().ToArray(), x[3].data<float>().ToArray());
        var losses = new float[rows.Length * columns.Length];
        for (var i = 0; i < losses.Length; i++)
        {
            using var point = NewDisposeScope();
            var w = new TorchTensor[6];
            for (var j = 0; j < 6; j++) w[j] = x[4 + j].add(x[10 + j], rows[i / columns.Length]).add_(x[16 + j], columns[i % columns.Length]);
            var y = linear(linear(x[0], w[0], w[1]).tanh_(), w[2], w[3]).tanh_();
            losses[i] = cross_entropy(linear(y, w[4], w[5]), x[1]).item<float>();
        }

        return tensor(losses, [rows.Length, columns.Length]).MoveToOuterDisposeScope();
    }

    /// <summary>A step of each network by itself. Results: each weight with the networks as first axis.</summary>
    public static Func<TorchTensor[]> SirenLoop(TorchTensor[] x)
    {
        var copies = (int)x[1].shape[0];
        var networks = Enumerable.Range(0, copies).Select(i => x[2..].Select(w => w.select(0, i).clone().requires_grad_()).ToArray()).ToArray();
        var targets = Enumerable.Range(0, copies).Select(i => x[1].select(0, i).clone()).ToArray();
        return () =>
        {
            using var scope = NewDisposeScope();
            var moved = new TorchTensor[copies][];
            for (var i = 0; i < copies; i++)
            {
                var w = networks[i];
                var y = linear(x[0], w[0], w[1]).mul(PopulationCases.Frequency).sin();
                y = linear(y, w[2], w[3]).mul(PopulationCases.Frequency).sin();
                moved[i] = Moved(mse_loss(linear(y, w[4], w[5]), targets[i]), w);
            }

            return [.. Enumerable.Range(0, x.Length - 2).Select(j => stack(moved.Select(m => m[j])).MoveToOuterDisposeScope())];
        };
    }

    /// <summary>A step of all SIRENs by batched products.</summary>
    public static Func<TorchTensor[]> SirenBatched(TorchTensor[] x)
    {
        TorchTensor[] w = [.. x[2..].Select(static w => w.clone().requires_grad_())];
        return () =>
        {
            using var scope = NewDisposeScope();
            var y = x[0].expand(x[1].shape[0], -1, -1);
            for (var i = 0; i < w.Length; i += 2)
            {
                y = bmm(y, w[i].transpose(1, 2)).add_(w[i + 1].unsqueeze(1));
                if (i + 2 < w.Length) y = y.mul(PopulationCases.Frequency).sin();
            }

            // The sum of each network's own mean: their gradients do not mix.
            var loss = (y - x[1]).square().mean([1L, 2L]).sum();
            return [.. Moved(loss, w).Select(static t => t.MoveToOuterDisposeScope())];
        };
    }

    private static TorchTensor[] Moved(TorchTensor loss, TorchTensor[] weights)
    {
        var gradients = autograd.grad([loss], weights);
        using var mode = no_grad();
        return [.. weights.Select((w, i) => w.add(gradients[i], -PopulationCases.LearningRate))];
    }
}
