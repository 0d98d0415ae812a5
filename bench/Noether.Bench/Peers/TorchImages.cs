using Noether.Bench.Cases;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's networks of convolutions.</summary>
internal static class TorchImages
{
    /// <summary>A step of AdamW on the network of Digits.</summary>
    public static Func<TorchTensor[]> DigitsStep(TorchTensor[] x)
    {
        Parameter[] w = [.. x[2..].Select(static t => new Parameter(t.clone()))];
        var optimizer = optim.AdamW(w, NetworkCases.LearningRate);
        return () =>
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = DigitsLoss(x, w);
            loss.backward();
            optimizer.step();
            return [loss.detach().MoveToOuterDisposeScope()];
        };
    }

    /// <summary>A Hessian-vector product of the same loss, reverse over reverse.</summary>
    public static TorchTensor[] DigitsProduct(TorchTensor[] x)
    {
        using var scope = NewDisposeScope();
        var (w, tangents) = (x[2..8], x[8..14]);
        foreach (var parameter in w) parameter.requires_grad_();
        var gradient = autograd.grad([DigitsLoss(x, w)], w, retain_graph: true, create_graph: true);
        return [.. autograd.grad(gradient, w, grad_outputs: tangents).Select(static t => t.MoveToOuterDisposeScope())];
    }

    /// <summary>Loss and gradients of ResNet-20 in training mode.</summary>
    public static Func<TorchTensor[]> ResidualGradient(TorchTensor[] operands)
    {
        TorchTensor[] w = operands[2..];
        foreach (var parameter in w) parameter.requires_grad_();
        TorchTensor[] running = [.. w.Select(static t => t.dim() == 1 ? t.detach().zeros_like() : t), .. w.Select(static t => t.dim() == 1 ? t.detach().ones_like() : t)];
        return () =>
        {
            using var scope = NewDisposeScope();
            var loss = ResidualLoss(
                operands[0], operands[1], w, (y, scale) => batch_norm(y, running[scale], running[scale + w.Length], w[scale], w[scale + 1], training: true));
            var gradients = autograd.grad([loss], w);
            return [loss.detach().MoveToOuterDisposeScope(), .. gradients.Select(static t => t.MoveToOuterDisposeScope())];
        };
    }

    /// <summary>The loss of ResNet-20, of weights each a convolution with the scale and shift behind it.</summary>
    /// <param name="x">Images.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="w">Weights in the order of use.</param>
    /// <param name="normalize">From a convolution's result and the place of its scale in the weights.</param>
    public static TorchTensor ResidualLoss(TorchTensor x, TorchTensor labels, TorchTensor[] w, Func<TorchTensor, int, TorchTensor> normalize)
    {
        var next = 0;
        TorchTensor Normalized(TorchTensor x, int stride, int padding)
        {
            var y = normalize(conv2d(x, w[next], null, [stride, stride], [padding, padding]), next + 1);
            next += 3;
            return y;
        }

        var y = Normalized(x, 1, 1).relu();
        foreach (var (_, _, stride) in ImageCases.Blocks)
        {
            var body = Normalized(Normalized(y, stride, 1).relu(), 1, 1);
            y = ((stride > 1 ? Normalized(y, stride, 0) : y) + body).relu();
        }

        return cross_entropy(linear(y.mean([2, 3]), w[^2], w[^1]), labels);
    }

    private static TorchTensor DigitsLoss(TorchTensor[] x, TorchTensor[] w)
    {
        var y = max_pool2d(conv2d(x[0], w[0], w[1]), 2).relu();
        y = max_pool2d(conv2d(y, w[2], w[3]), 2).relu();
        return cross_entropy(linear(y.flatten(1), w[4], w[5]), x[1]);
    }
}
