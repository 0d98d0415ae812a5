namespace Noether.Bench.Cases;

/// <summary>Folds along each axis of a matrix and of images, and over all elements; and what is built on them.</summary>
internal static class ReductionCases
{
    private const int N = 2048;
    private static readonly int[] Matrix = [4096, 4096], Images = [64, 32, 28, 28];

    public static IEnumerable<Case> All { get; } =
    [
        .. from shape in (int[][])[Matrix, Images]
           from fold in (Func<int[], int?, Case>[])[Sum, Mean, Variance, Argmax]
           from axis in Axes(shape)
           select fold(shape, axis),
        Fold("largest of rows of 2048x2048", "max-1", 1, [N, N], 1, [], static x => x.Max(1)),
        Fold("norm of rows of 2048x2048", "norm-1", 2, [N, N], 1, [], static x => x.Norm(1)),
        Fold("running sum of rows of 2048x2048", "cumsum-1", 1, [N, N], null, [], static x => x.CumSum(1)) with { Bytes = 2.0 * sizeof(float) * N * N },
        Fold("running sum of columns of 2048x2048", "cumsum-0", 1, [N, N], null, [], static x => x.CumSum(0)) with { Bytes = 2.0 * sizeof(float) * N * N },
        Fold("softmax of rows of 2048x2048", "softmax-1", 5, [N, N], null, [], static x => x.Softmax(1)) with { Bytes = 2.0 * sizeof(float) * N * N },
        Fold("log-sum-exp of rows of 2048x2048", "logsumexp-1", 3, [N, N], 1, [], static x => x.LogSumExp(1)),
    ];

    private static IEnumerable<int?> Axes(int[] shape) => [.. Enumerable.Range(0, shape.Length).Select(static axis => (int?)axis), null];

    private static Case Sum(int[] shape, int? axis) => Fold(Named("sum", shape, axis), "sum", 1, shape, axis, Along(axis), x => axis is { } a ? x.Sum(a) : x.Sum());

    private static Case Mean(int[] shape, int? axis) => Fold(Named("mean", shape, axis), "mean", 1, shape, axis, Along(axis), x => axis is { } a ? x.Mean(a) : x.Mean());

    private static Case Variance(int[] shape, int? axis) => Fold(Named("variance", shape, axis), "var", 4, shape, axis, Along(axis), x => axis is { } a ? x.Var(a) : x.Var());

    private static Case Argmax(int[] shape, int? axis) =>
        Fold(Named("argmax", shape, axis), "argmax", 1, shape, axis, Along(axis), x => axis is { } a ? x.ArgMax(a) : x.Flatten().ArgMax(0));

    private static int[] Along(int? axis) => axis is { } a ? [a] : [];

    private static string Named(string fold, int[] shape, int? axis) => $"{fold} of {string.Join('x', shape)}{(axis is { } a ? $" along axis {a}" : "")}";

    private static Case Fold(string name, string operation, int flops, int[] shape, int? axis, int[] options, Func<Tensor, Tensor> ours)
    {
        double size = shape.Aggregate(1.0, static (product, n) => product * n);
        return new("reduction", name, operation, [new(shape)], x => () => [ours(x[0])])
        {
            Options = options,
            Flops = flops * size,
            Bytes = sizeof(float) * (size + (axis is { } a ? size / shape[a] : 1)),
        };
    }
}
