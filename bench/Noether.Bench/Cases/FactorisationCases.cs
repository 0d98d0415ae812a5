namespace Noether.Bench.Cases;

/// <summary>Dense factorisations with their vectors. Values are compared; vectors have signs of their own on each side.</summary>
internal static class FactorisationCases
{
    private const int RightSides = 64;

    public static IEnumerable<Case> All { get; } =
    [
        .. from n in (int[])[64, 256, 512]
           from what in (Func<int, Case>[])[Svd, SymmetricEigen, CholeskySolve]
           select what(n),
    ];

    // Flops as LAPACK's working notes count them, for values and vectors by QR iterations.
    private static Case Svd(int n) => new("factorisation", $"singular values and vectors of {n}x{n}", "svd", [new([n, n])], x => () => [LinearAlgebra.Svd(x[0]).S])
    {
        Flops = 21.0 * n * n * n,
        Bytes = 4.0 * sizeof(float) * n * n,
    };

    private static Case SymmetricEigen(int n) => new(
        "factorisation", $"symmetric eigenvalues and vectors of {n}x{n}", "symmetric-eigen", [new([n, n])], x =>
        {
            var symmetric = (x[0] + x[0].Transpose()).Evaluate();
            return () => [LinearAlgebra.SymmetricEigen(symmetric).Values];
        })
    {
        Flops = 9.0 * n * n * n,
        Bytes = 2.0 * sizeof(float) * n * n,
    };

    private static Case CholeskySolve(int n) => new(
        "factorisation", $"Cholesky and solve of {n}x{n}, {RightSides} right sides", "cholesky-solve", [new([n, n]), new([n, RightSides])], x =>
        {
            var definite = (x[0].MatMul(x[0].Transpose()) / n + Tensor.Eye(n)).Evaluate();
            return () => [LinearAlgebra.SolveCholesky(LinearAlgebra.Cholesky(definite), x[1])];
        })
    {
        Flops = n * (double)n * n / 3 + 2.0 * n * n * RightSides,
        Bytes = sizeof(float) * (2.0 * n * n + 2.0 * n * RightSides),
    };
}
