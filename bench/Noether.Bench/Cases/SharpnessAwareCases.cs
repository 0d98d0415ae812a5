using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Bench.Cases;

/// <summary>A step of sharpness-aware minimisation beside one of its base: it takes two gradients, so 2 is the least that it costs.</summary>
internal static class SharpnessAwareCases
{
    public const double LearningRate = 1e-3, Momentum = 0.9, Radius = 0.05;

    private const int ResidualBatch = 32, Side = 32, Classes = 10, Batch = 128;

    private static readonly int[] Widths = [784, 512, 512, Classes];

    public static IEnumerable<Case> All { get; } = [.. Both(Perceptron), .. Both(Residual)];

    private static IEnumerable<Case> Both(Func<bool, Case> of) => [of(false), of(true)];

    private static Case Perceptron(bool ascends)
    {
        var network = EigenCases.Classifier(Widths);
        var weights = EigenCases.Weights(network);
        var size = weights.Sum(static x => (double)x.Size);
        return Of($"{string.Join('-', Widths)}, batch {Batch}", "perceptron", network, new([Batch, Widths[0]]), weights, ascends) with
        {
            Flops = (ascends ? 2 : 1) * 2.0 * Batch * (3 * size - Widths[0] * Widths[1]),
            Bytes = (ascends ? 2 : 1) * sizeof(float) * 3 * size,
        };
    }

    private static Case Residual(bool ascends) =>
        Of($"ResNet-20, batch {ResidualBatch} of 3x{Side}x{Side}", "residual", CurvatureCases.Network, new([ResidualBatch, 3, Side, Side]), CurvatureCases.Weights, ascends) with
        {
            Tolerance = 5e-3, // as of its gradient
            Flops = (ascends ? 2 : 1) * 6.0 * ResidualBatch * ImageCases.ResidualMultiplyAdds,
            Bytes = (ascends ? 2 : 1) * sizeof(float) * ResidualBatch * 3 * 20.0 * 16 * Side * Side / 2,
        };

    // Operands: inputs, labels, weights.
    private static Case Of(string name, string operation, Module network, Operand inputs, Operand[] weights, bool ascends)
    {
        var (like, state, descent) = (network.Init(RandomKey.From(0)), network.InitState(), new Sgd { LearningRate = LearningRate, Momentum = Momentum });
        var sam = new Sam(descent, Radius);
        Tensor LossOf(Parameters p, Tensor x, Tensor labels) => Loss.CrossEntropy(network.Apply(p, x, Context.ForInference(state)), labels);
        (Tensor, Parameters, Parameters) Ascending(Parameters p, Parameters memory, Tensor x, Tensor labels)
        {
            var after = sam.Step(q => LossOf(q, x, labels), p, memory);
            return (after.Loss, after.Parameters, after.State);
        }

        return new(
            "curvature", $"{(ascends ? "SAM" : "SGD")} step, {name}", $"{operation}-{(ascends ? "sam" : "sgd")}", [inputs, new([inputs.Shape[0]], Classes: Classes), .. weights],
            a => ascends
                ? NetworkCases.Training(like.WithLeaves(a[2..]), sam.Init(like), Ascending, a[0], a[1])
                : NetworkCases.Training(like.WithLeaves(a[2..]), descent, LossOf, a[0], a[1]))
        {
            CheckedRepetition = 3,
        };
    }
}
