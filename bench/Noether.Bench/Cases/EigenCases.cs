using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Bench.Cases;

/// <summary>The largest eigenpairs of networks' Hessians, by a Lanczos iteration of as many products on both sides, from the same start.</summary>
internal static class EigenCases
{
    /// <summary>How many pairs, and the products that they are given.</summary>
    public const int Pairs = 20, Products = 60;

    private const int ResidualBatch = 32, Side = 32, Classes = 10;
    private const int PerceptronBatch = 1024;

    private static readonly int[] Widths = [784, 128, 128, Classes];

    public static IEnumerable<Case> All { get; } = [Residual(), Perceptron()];

    /// <summary>A small classifier with tanh, whose parameters lie in the order of use.</summary>
    public static Sequential Classifier(int[] widths) => new([.. Enumerable.Range(0, widths.Length - 1).SelectMany(i => i == 0
        ? (Module[])[new Linear(widths[0], widths[1])]
        : [Activation.Tanh, new Linear(widths[i], widths[i + 1])])]);

    /// <summary>Its weights, and biases near zero.</summary>
    public static Operand[] Weights(Module network) =>
        [.. network.Init(RandomKey.From(0)).Leaves.Select(static p => ImageCases.Weights(p.Shape.AsSpan().ToArray()) is var drawn && p.Rank == 1 ? drawn with { Scale = 0.01 } : drawn)];

    private static Case Residual()
    {
        double size = CurvatureCases.Weights.Sum(static x => (double)x.Size), product = 2.0 * 6 * ResidualBatch * ImageCases.ResidualMultiplyAdds;
        return Of($"ResNet-20, batch {ResidualBatch} of 3x{Side}x{Side}", "residual-eigen", CurvatureCases.Network, new([ResidualBatch, 3, Side, Side]), CurvatureCases.Weights) with
        {
            Flops = Products * product + Orthogonalization(size),
            Bytes = sizeof(float) * Products * (6.0 * ResidualBatch * 20 * 16 * Side * Side / 2 + 2 * Products * size),
        };
    }

    private static Case Perceptron()
    {
        var network = Classifier(Widths);
        var weights = Weights(network);
        var size = weights.Sum(static x => (double)x.Size);
        return Of($"{string.Join('-', Widths)}, batch {PerceptronBatch}", "perceptron-eigen", network, new([PerceptronBatch, Widths[0]]), weights) with
        {
            Flops = Products * 2.0 * PerceptronBatch * (6 * size - 4 * Widths[0] * Widths[1]) + Orthogonalization(size),
            Bytes = sizeof(float) * Products * (6 * size + 2 * Products * size),
        };
    }

    // Operands: inputs, labels, weights, and where the iteration starts. The operator is made anew each time, as the peer's graph is.
    private static Case Of(string name, string operation, Module network, Operand inputs, Operand[] weights)
    {
        var (like, state) = (network.Init(RandomKey.From(0)), network.InitState());
        return new(
            "curvature", $"{Pairs} eigenpairs by {Products} products, {name}", operation,
            [inputs, new([inputs.Shape[0]], Classes: Classes), .. weights, .. weights.Select(static x => x with { Scale = 1 })],
            a =>
            {
                var (point, start) = (like.WithLeaves(a[2..(2 + like.Count)]), like.WithLeaves(a[(2 + like.Count)..]));
                var risk = EmpiricalRisk.Of(network, OutputLoss.CrossEntropy(), [new(a[0], a[1])], state);
                return () => [Tensor.From([.. Eigen.Extremal(new HessianOperator(risk, point), Pairs, tolerance: 0, maxProducts: Products, start: start).Values])];
            })
        {
            Tolerance = 1e-4, // of the largest eigenvalue: 1e-3 of every one above a tenth of it
            IsLong = true,
        };
    }

    // Four matrix-vector products with the basis a step.
    private static double Orthogonalization(double size) => 4.0 * Products * Products * size;
}
