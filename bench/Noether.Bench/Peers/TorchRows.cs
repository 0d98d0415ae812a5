using Noether.Bench.Cases;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's folds and functions of rows.</summary>
internal static class TorchRows
{
    /// <summary>A fold along the axis that the case names, or over all elements; null if the operation is none.</summary>
    public static Func<TorchTensor>? Fold(Case what, TorchTensor[] x)
    {
        var axes = Array.ConvertAll(what.Options, static n => (long)n);
        return what.Operation switch
        {
            "sum" => axes is [var a] ? () => x[0].sum([a]) : () => x[0].sum(),
            "mean" => axes is [var a] ? () => x[0].mean([a]) : () => x[0].mean(),
            "var" => axes is [var a] ? () => x[0].var(a) : () => x[0].var(),
            "argmax" => axes is [var a] ? () => x[0].argmax(a) : () => x[0].argmax(),
            "max-1" => () => x[0].amax([1]),
            "norm-1" => () => linalg.vector_norm(x[0], 2, [1]),
            "cumsum-1" => () => x[0].cumsum(1),
            "cumsum-0" => () => x[0].cumsum(0),
            "softmax-1" => () => softmax(x[0], 1),
            "logsumexp-1" => () => x[0].logsumexp(1),
            _ => null,
        };
    }

    /// <summary>Value and gradients; null if the operation is none of rows.</summary>
    public static Func<TorchTensor[]>? Gradient(Case what, TorchTensor[] x) => what.Operation switch
    {
        "softmax-gradient" => Pullback(x, static x => softmax(x[0], 1)),
        "layer-norm-gradient" => Pullback(x, static x => layer_norm(x[0], [x[0].shape[1]], x[1], x[2])),
        "cross-entropy-gradient" => CrossEntropy(x),
        _ => null,
    };

    /// <summary>Value and gradients for the last operand as cotangent.</summary>
    public static Func<TorchTensor[]> Pullback(TorchTensor[] x, Func<TorchTensor[], TorchTensor> f)
    {
        var operands = x[..^1];
        foreach (var operand in operands) operand.requires_grad_();
        return () =>
        {
            using var scope = NewDisposeScope();
            var y = f(operands);
            var gradients = autograd.grad([y], operands, [x[^1]]);
            return [y.detach().MoveToOuterDisposeScope(), .. gradients.Select(static t => t.MoveToOuterDisposeScope())];
        };
    }

    private static Func<TorchTensor[]> CrossEntropy(TorchTensor[] x)
    {
        x[0].requires_grad_();
        return () =>
        {
            using var scope = NewDisposeScope();
            var loss = cross_entropy(x[0], x[1]);
            var gradients = autograd.grad([loss], [x[0]]);
            return [loss.detach().MoveToOuterDisposeScope(), gradients[0].MoveToOuterDisposeScope()];
        };
    }
}
