namespace Noether.Bench.Cases;

/// <summary>Folds along each side of a matrix, and what is built on them.</summary>
internal static class ReductionCases
{
    private const int N = 2048;

    public static IEnumerable<Case> All { get; } =
    [
        Fold("sum of 2048x2048", "sum", 1, 1, static x => x.Sum()),
        Fold("sum of columns", "sum-0", 1, N, static x => x.Sum(0)),
        Fold("sum of rows", "sum-1", 1, N, static x => x.Sum(1)),
        Fold("largest of rows", "max-1", 1, N, static x => x.Max(1)),
        Fold("argmax of rows", "argmax-1", 1, N, static x => x.ArgMax(1)),
        Fold("variance of rows", "var-1", 4, N, static x => x.Var(1)),
        Fold("softmax of rows", "softmax-1", 5, N * N, static x => x.Softmax(1)),
        Fold("log-sum-exp of rows", "logsumexp-1", 3, N, static x => x.LogSumExp(1)),
    ];

    private static Case Fold(string name, string operation, int flops, int results, Func<Tensor, Tensor> ours) =>
        new("reduction", name, operation, [new([N, N])], x => () => [ours(x[0])])
        {
            Flops = (double)flops * N * N,
            Bytes = sizeof(float) * ((double)N * N + results),
        };
}
