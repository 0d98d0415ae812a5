using Noether.Bench.Cases;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's way of computing each operation that a case names.</summary>
internal static class TorchOperations
{
    /// <summary>A repetition, and whether it differentiates.</summary>
    /// <exception cref="InvalidOperationException">No such operation.</exception>
    public static (bool Differentiates, Func<TorchTensor[]> Repetition) Prepare(Case what, TorchTensor[] x)
    {
        var options = Array.ConvertAll(what.Options, static n => (long)n);
        Func<TorchTensor>? plain = what.Operation switch
        {
            "matmul" => () => matmul(x[0], x[1]),
            "matmul-transposed" => () => MatMulTransposed(x[0], x[1]),
            "add" => () => x[0] + x[1],
            "add-transposed" => () => AddTransposed(x[0], x[1]),
            "multiply-add" => () => MultiplyAdd(x[0], x[1], x[2]),
            "chain" => () => Chain(x[0]),
            "small-step" => () => SmallStep(x),
            "chain-10" => () => TenOperations(x[0], x[1]),
            "convolution" when x[0].dim() == 3 => () => conv1d(x[0], x[1], null, options[0], options[1], 1, options[2]),
            "convolution" => () => conv2d(x[0], x[1], null, [options[0], options[0]], [options[1], options[1]], [1, 1], options[2]),
            "rfft-irfft" => () => TorchSpectral.Rows(x[0]),
            "rfft2-irfft2" => () => TorchSpectral.Images(x[0]),
            "max-pool" => () => max_pool2d(x[0], 2),
            "loss-surface" => () => TorchPopulations.LossSurface(x),
            "residual-surface" => () => TorchCurvature.ResidualSurface(x),
            "sort" => () => Values(x[0].sort(-1)),
            "top-k" => () => Values(x[0].topk((int)options[0])),
            _ => TorchFactorisations.Plain(what, x) ?? TorchRows.Fold(what, x) ?? TorchFunctions.Map(what, x),
        };
        if (plain is not null) return (false, () => [plain()]);

        return (true, what.Operation switch
        {
            "convolution-gradient" => ConvolutionGradient(x),
            "attention-gradient" => AttentionGradient(x, options[0] != 0),
            "spectral-gradient" => TorchSpectral.ConvolutionGradient(x),
            "np-gradient" => TorchWeightSpaces.Gradient(x),
            "hnp-predictor" => TorchWeightSpaces.Predictor(x, (int)options[0]),
            "adam-step" => TrainingStep(x),
            "adam-update" => Update(x),
            "gradient" => () => Gradient(x),
            "hvp" => () => HessianVectorProduct(x),
            "digits-hvp" => () => TorchImages.DigitsProduct(x),
            "digits-step" => TorchImages.DigitsStep(x),
            "resnet" => TorchImages.ResidualGradient(x),
            "hvp-fixed" => TorchCurvature.ProductAtPoint(x),
            "residual-gradient" => TorchCurvature.ResidualGradient(x),
            "residual-hvp" => TorchCurvature.ResidualProduct(x),
            "residual-hvp-fixed" => TorchCurvature.ResidualProductAtPoint(x),
            "residual-eigen" => TorchCurvature.LargestEigenvalues(x, TorchCurvature.ResidualLoss),
            "perceptron-eigen" => TorchCurvature.LargestEigenvalues(x, TorchCurvature.PerceptronLoss),
            "residual-sgd" or "residual-sam" => TorchCurvature.Step(x, TorchCurvature.ResidualLoss, ascends: what.Operation == "residual-sam"),
            "perceptron-sgd" or "perceptron-sam" => TorchCurvature.Step(x, TorchCurvature.PerceptronLoss, ascends: what.Operation == "perceptron-sam"),
            "siren-loop" => TorchPopulations.SirenLoop(x),
            "siren-fit" => TorchBulkFitting.Sirens(x),
            "zoo-fit" => TorchBulkFitting.Zoo(x),
            "siren-batched" => TorchPopulations.SirenBatched(x),
            _ => TorchRows.Gradient(what, x) ?? TorchFunctions.Gradient(what, x) ?? throw new InvalidOperationException($"{what}: the peer has no operation '{what.Operation}'"),
        });
    }

    // Positions of equal elements may differ between the sides, and are dropped.
    private static TorchTensor Values((TorchTensor Values, TorchTensor Indices) order)
    {
        order.Indices.Dispose();
        return order.Values;
    }

    private static TorchTensor MatMulTransposed(TorchTensor x, TorchTensor y)
    {
        using var a = x.t();
        using var b = y.t();
        return matmul(a, b);
    }

    private static TorchTensor AddTransposed(TorchTensor x, TorchTensor y)
    {
        using var transposed = y.t();
        return x + transposed;
    }

    private static TorchTensor MultiplyAdd(TorchTensor x, TorchTensor y, TorchTensor z)
    {
        using var product = x * y;
        return product + z;
    }

    private static TorchTensor Chain(TorchTensor x)
    {
        using var scope = NewDisposeScope();
        return (x.sin().square() + x.cos().square()).MoveToOuterDisposeScope();
    }

    private static TorchTensor SmallStep(TorchTensor[] x)
    {
        using var scope = NewDisposeScope();
        var y = x[0];
        for (var layer = 0; layer < NetworkCases.SmallLayers; layer++) y = matmul(y, x[1]).add_(x[2]).tanh_().mul_(x[0]);
        return y.MoveToOuterDisposeScope();
    }

    // In place wherever the left operand is a temporary, as one who knows the library writes it.
    private static TorchTensor TenOperations(TorchTensor x, TorchTensor y)
    {
        using var scope = NewDisposeScope();
        return (x * y).add_(1.5).mul_(x).sub_(y).clamp_min_(0.1).mul_(0.5).add_((x - 0.25).abs_()).div_(y + 2).MoveToOuterDisposeScope();
    }

    private static Func<TorchTensor[]> ConvolutionGradient(TorchTensor[] x)
    {
        foreach (var operand in x) operand.requires_grad_();
        return () =>
        {
            using var scope = NewDisposeScope();
            var loss = conv2d(x[0], x[1], null, [1, 1], [1, 1]).square().sum() * 0.5;
            return Outwards(autograd.grad([loss], x));
        };
    }

    private static Func<TorchTensor[]> AttentionGradient(TorchTensor[] x, bool causal)
    {
        foreach (var operand in x[..3]) operand.requires_grad_();
        return () =>
        {
            using var scope = NewDisposeScope();
            var y = scaled_dot_product_attention(x[0], x[1], x[2], is_casual: causal);
            var gradient = autograd.grad([y], x[..3], grad_outputs: [x[3]]);
            return [y.detach().MoveToOuterDisposeScope(), .. Outwards(gradient)];
        };
    }

    private static Func<TorchTensor[]> TrainingStep(TorchTensor[] x)
    {
        Parameter[] weights = [.. x[2..].Select(static w => new Parameter(w.clone()))];
        var adam = optim.Adam(weights, NetworkCases.LearningRate);
        return () =>
        {
            using var scope = NewDisposeScope();
            adam.zero_grad();
            var loss = LossOf(weights, x);
            loss.backward();
            adam.step();
            return [loss.detach().MoveToOuterDisposeScope()];
        };
    }

    // Operands: parameters, then their gradients.
    private static Func<TorchTensor[]> Update(TorchTensor[] x)
    {
        Parameter[] weights = [.. x[..(x.Length / 2)].Select(static w => new Parameter(w.clone()))];
        for (var i = 0; i < weights.Length; i++) weights[i].grad = x[weights.Length + i];
        var adam = optim.Adam(weights, NetworkCases.LearningRate);
        return () =>
        {
            using var scope = NewDisposeScope();
            adam.step();
            return [weights[0].detach().clone().MoveToOuterDisposeScope()];
        };
    }

    private static TorchTensor[] Gradient(TorchTensor[] x)
    {
        using var scope = NewDisposeScope();
        var weights = x[2..8];
        foreach (var w in weights) w.requires_grad_();
        return Outwards(autograd.grad([LossOf(weights, x)], weights));
    }

    // Reverse over reverse, the usual way in PyTorch.
    private static TorchTensor[] HessianVectorProduct(TorchTensor[] x)
    {
        using var scope = NewDisposeScope();
        var weights = x[2..8];
        foreach (var w in weights) w.requires_grad_();
        var gradient = autograd.grad([LossOf(weights, x)], weights, retain_graph: true, create_graph: true);
        return Outwards(autograd.grad(gradient, weights, grad_outputs: x[8..14]));
    }

    private static TorchTensor LossOf(TorchTensor[] weights, TorchTensor[] x)
    {
        var y = linear(x[0], weights[0], weights[1]).tanh();
        y = linear(y, weights[2], weights[3]).tanh();
        return cross_entropy(linear(y, weights[4], weights[5]), x[1]);
    }

    private static TorchTensor[] Outwards(IList<TorchTensor> tensors) => [.. tensors.Select(static t => t.MoveToOuterDisposeScope())];
}
