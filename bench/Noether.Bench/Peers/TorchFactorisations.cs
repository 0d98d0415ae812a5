using Noether.Bench.Cases;
using static TorchSharp.torch;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's dense factorisations.</summary>
internal static class TorchFactorisations
{
    /// <summary>The repetition, or null if the operation is another.</summary>
    public static Func<TorchTensor>? Plain(Case what, TorchTensor[] x) => what.Operation switch
    {
        "svd" => () => SingularValues(x[0]),
        "symmetric-eigen" => SymmetricEigenvalues(x[0]),
        "cholesky-solve" => CholeskySolve(x[0], x[1]),
        _ => null,
    };

    // The vectors are computed with the values, and dropped.
    private static TorchTensor SingularValues(TorchTensor x)
    {
        var (u, s, v) = linalg.svd(x, fullMatrices: false);
        u.Dispose();
        v.Dispose();
        return s;
    }

    private static Func<TorchTensor> SymmetricEigenvalues(TorchTensor x)
    {
        var symmetric = x + x.t();
        return () =>
        {
            var (values, vectors) = linalg.eigh(symmetric);
            vectors.Dispose();
            return values;
        };
    }

    private static Func<TorchTensor> CholeskySolve(TorchTensor x, TorchTensor b)
    {
        var definite = matmul(x, x.t()) / x.size(0) + eye(x.size(0));
        return () =>
        {
            using var factor = linalg.cholesky(definite);
            return cholesky_solve(b, factor, upper: false);
        };
    }
}
