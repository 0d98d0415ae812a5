using Noether.Bench.Cases;
using static TorchSharp.torch;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's largest eigenvalues of a Hessian: the same Lanczos iteration on products by double backward.</summary>
internal static class TorchEigen
{
    /// <summary>A repetition: the graph of the gradient is made once, kept for all products, and dropped.</summary>
    /// <param name="loss">Of the weights.</param>
    /// <param name="weights">Where.</param>
    /// <param name="start">Of the iteration, in the weights' shapes.</param>
    public static Func<TorchTensor[]> Largest(Func<TorchTensor> loss, TorchTensor[] weights, TorchTensor[] start) => () =>
    {
        using var scope = NewDisposeScope();
        var gradient = autograd.grad([loss()], weights, retain_graph: true, create_graph: true);
        var (alpha, beta, basis) = Project(v => Flat(autograd.grad(gradient, weights, grad_outputs: Parts(v, weights), retain_graph: true)), Flat(start), EigenCases.Products);
        var matrix = diag(tensor(alpha));
        if (alpha.Length > 1) matrix += diag(tensor(beta[..^1]), 1) + diag(tensor(beta[..^1]), -1);
        var (values, vectors) = linalg.eigh(matrix);
        var top = arange(alpha.Length - 1, alpha.Length - 1 - EigenCases.Pairs, -1, ScalarType.Int64);
        var pairs = vectors.index_select(1, top).t().to_type(ScalarType.Float32).matmul(basis); // the eigenvectors, as ours makes them
        pairs.sum().item<float>();
        return [values.index_select(0, top).MoveToOuterDisposeScope()];
    };

    // Every product is made orthogonal to all before it twice; coefficients are float64.
    private static (double[] Alpha, double[] Beta, TorchTensor Basis) Project(Func<TorchTensor, TorchTensor> apply, TorchTensor start, int steps)
    {
        var (alpha, beta) = (new double[steps], new double[steps]);
        var basis = empty(steps, start.shape[0]);
        using (var first = start / Norm(start)) basis[0] = first;
        for (var j = 0; j < steps; j++)
        {
            using var step = NewDisposeScope();
            var (last, known) = (basis[j], basis.narrow(0, 0, j + 1));
            var product = apply(last);
            alpha[j] = last.to_type(ScalarType.Float64).dot(product.to_type(ScalarType.Float64)).item<double>();
            for (var pass = 0; pass < 2; pass++) product = product - known.t().mv(known.mv(product));
            beta[j] = Norm(product);
            if (j + 1 < steps) basis[j + 1] = product / beta[j];
        }

        return (alpha, beta, basis);
    }

    private static double Norm(TorchTensor x)
    {
        using var scope = NewDisposeScope();
        return x.to_type(ScalarType.Float64).square().sum().sqrt().item<double>();
    }

    private static TorchTensor Flat(IEnumerable<TorchTensor> tensors) => cat([.. tensors.Select(static t => t.flatten())]);

    private static TorchTensor[] Parts(TorchTensor vector, TorchTensor[] like)
    {
        var (parts, start) = (new TorchTensor[like.Length], 0L);
        for (var i = 0; i < like.Length; i++)
        {
            parts[i] = vector.narrow(0, start, like[i].numel()).view(like[i].shape);
            start += like[i].numel();
        }

        return parts;
    }
}
