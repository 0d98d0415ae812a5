using Noether.Bench.Cases;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>A loop over networks, each with its own Adam.</summary>
internal static class TorchBulkFitting
{
    /// <summary>A step of each sinusoidal network. Result: the losses.</summary>
    public static Func<TorchTensor[]> Sirens(TorchTensor[] x)
    {
        TorchTensor[] targets = [.. Each(x[1])];
        return Loop(x[2..], (w, i) =>
        {
            var y = linear(x[0], w[0], w[1]).mul(PopulationCases.Frequency).sin();
            y = linear(y, w[2], w[3]).mul(PopulationCases.Frequency).sin();
            return mse_loss(linear(y, w[4], w[5]), targets[i]);
        });
    }

    /// <summary>A step of each convolutional network of a zoo. Result: the losses.</summary>
    public static Func<TorchTensor[]> Zoo(TorchTensor[] x)
    {
        TorchTensor[] images = [.. Each(x[0])], labels = [.. Each(x[1])];
        return Loop(x[2..], (w, i) =>
        {
            var y = images[i];
            for (var layer = 0; layer < 3; layer++)
            {
                var stride = layer == 0 ? 1 : 2;
                y = conv2d(y, w[2 * layer], w[2 * layer + 1], [stride, stride], [1, 1]).relu_();
            }

            return cross_entropy(linear(y.mean([2, 3]), w[6], w[7]), labels[i]);
        });
    }

    private static Func<TorchTensor[]> Loop(TorchTensor[] parameters, Func<Parameter[], int, TorchTensor> lossOf)
    {
        Parameter[][] networks = [.. Enumerable.Range(0, (int)parameters[0].shape[0]).Select(i => parameters.Select(w => new Parameter(w.select(0, i).clone())).ToArray())];
        Adam[] optimizers = [.. networks.Select(static w => optim.Adam(w, PopulationCases.LearningRate))];
        return () =>
        {
            using var scope = NewDisposeScope();
            var losses = new TorchTensor[networks.Length];
            for (var i = 0; i < networks.Length; i++)
            {
                optimizers[i].zero_grad();
                var loss = lossOf(networks[i], i);
                loss.backward();
                optimizers[i].step();
                losses[i] = loss.detach();
            }

            return [stack(losses).MoveToOuterDisposeScope()];
        };
    }

    private static IEnumerable<TorchTensor> Each(TorchTensor x) => Enumerable.Range(0, (int)x.shape[0]).Select(i => x.select(0, i).clone());
}
