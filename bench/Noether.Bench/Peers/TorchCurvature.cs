using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's curvature: reverse over reverse, with the graph of the gradient made anew or kept; surfaces by a loop of forward passes.</summary>
internal static class TorchCurvature
{
    /// <summary>The gradient of ResNet-20 under frozen statistics.</summary>
    public static Func<TorchTensor[]> ResidualGradient(TorchTensor[] x)
    {
        var w = Weights(x, 2, x.Length);
        return () =>
        {
            using var scope = NewDisposeScope();
            return Outwards(autograd.grad([ResidualLoss(x[0], x[1], w)], w));
        };
    }

    /// <summary>The same network's Hessian-vector product.</summary>
    public static Func<TorchTensor[]> ResidualProduct(TorchTensor[] x)
    {
        var (w, v) = Halves(x);
        return () =>
        {
            using var scope = NewDisposeScope();
            var gradient = autograd.grad([ResidualLoss(x[0], x[1], w)], w, retain_graph: true, create_graph: true);
            return Outwards(autograd.grad(gradient, w, grad_outputs: v));
        };
    }

    /// <summary>Once more with the gradient's graph kept from product to product.</summary>
    public static Func<TorchTensor[]> ResidualProductAtPoint(TorchTensor[] x)
    {
        var (w, v) = Halves(x);
        return Kept(ResidualLoss(x[0], x[1], w), w, v);
    }

    /// <summary>The Hessian-vector product of a small classifier with the gradient's graph kept.</summary>
    public static Func<TorchTensor[]> ProductAtPoint(TorchTensor[] x)
    {
        var (w, v) = Halves(x);
        return Kept(PerceptronLoss(x[0], x[1], w), w, v);
    }

    /// <summary>The largest eigenvalues of the Hessian of ResNet-20 or of a small classifier.</summary>
    public static Func<TorchTensor[]> LargestEigenvalues(TorchTensor[] x, Func<TorchTensor, TorchTensor, TorchTensor[], TorchTensor> lossOf)
    {
        var (w, v) = Halves(x);
        return TorchEigen.Largest(() => lossOf(x[0], x[1], w), w, v);
    }

    /// <summary>A step on ResNet-20 or on a small classifier.</summary>
    public static Func<TorchTensor[]> Step(TorchTensor[] x, Func<TorchTensor, TorchTensor, TorchTensor[], TorchTensor> lossOf, bool ascends) =>
        TorchSharpnessAware.Step(x[2..], w => lossOf(x[0], x[1], w), ascends);

    /// <summary>The loss of a classifier of three layers with tanh.</summary>
    public static TorchTensor PerceptronLoss(TorchTensor x, TorchTensor labels, TorchTensor[] w)
    {
        var y = linear(linear(x, w[0], w[1]).tanh(), w[2], w[3]).tanh();
        return cross_entropy(linear(y, w[4], w[5]), labels);
    }

    /// <summary>The losses at every point of a plane, by a loop.</summary>
    public static TorchTensor ResidualSurface(TorchTensor[] x)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var (rows, columns, count) = (x[2].data<float>().ToArray(), x[3].data<float>().ToArray(), (x.Length - 4) / 3);
        var losses = new float[rows.Length * columns.Length];
        for (var i = 0; i < losses.Length; i++)
        {
            using var point = NewDisposeScope();
            var w = new TorchTensor[count];
            for (var j = 0; j < count; j++)
                w[j] = x[4 + j].add(x[4 + count + j], rows[i / columns.Length]).add_(x[4 + 2 * count + j], columns[i % columns.Length]);
            losses[i] = ResidualLoss(x[0], x[1], w).item<float>();
        }

        return tensor(losses, [rows.Length, columns.Length]).MoveToOuterDisposeScope();
    }

    private static Func<TorchTensor[]> Kept(TorchTensor loss, TorchTensor[] w, TorchTensor[] v)
    {
        var gradient = autograd.grad([loss], w, retain_graph: true, create_graph: true);
        return () =>
        {
            using var scope = NewDisposeScope();
            return Outwards(autograd.grad(gradient, w, grad_outputs: v, retain_graph: true));
        };
    }

    /// <summary>The loss of ResNet-20, whose running means are 0 and variances 1.</summary>
    public static TorchTensor ResidualLoss(TorchTensor x, TorchTensor labels, TorchTensor[] w) => TorchImages.ResidualLoss(x, labels, w, (y, scale) =>
    {
        using var mean = w[scale].detach().zeros_like();
        using var variance = w[scale].detach().ones_like();
        return batch_norm(y, mean, variance, w[scale], w[scale + 1], training: false);
    });

    private static (TorchTensor[] Weights, TorchTensor[] Vectors) Halves(TorchTensor[] x)
    {
        var middle = 2 + (x.Length - 2) / 2;
        return (Weights(x, 2, middle), x[middle..]);
    }

    private static TorchTensor[] Weights(TorchTensor[] x, int from, int to)
    {
        var w = x[from..to];
        foreach (var each in w) each.requires_grad_();
        return w;
    }

    private static TorchTensor[] Outwards(IList<TorchTensor> tensors) => [.. tensors.Select(static t => t.MoveToOuterDisposeScope())];
}
