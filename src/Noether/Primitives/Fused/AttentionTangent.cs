using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The tangent of <see cref="Attention"/>, from its inputs, what it left of the softmax, and the inputs' tangents.</summary>
/// <remarks>
/// Inputs: q, k, v as <see cref="Attention"/>'s, its outputs y and lse, the tangents q', k' and v', and the mask if there is one.
/// Outputs: y' and lse'. With <c>P = exp(scale·q·kᵀ + mask - lse)</c> and <c>S' = scale·(q'·kᵀ + q·k'ᵀ)</c>: <c>lse' = rows(P ∘ S')</c> and
/// <c>y' = (P ∘ S')·v + P·v' - lse' ∘ y</c>. Each input counts as free, so this too is a function with derivatives of its own.
/// </remarks>
/// <param name="Scale">What the scores are multiplied by.</param>
/// <param name="Causal">Query i sees keys 0 … i only.</param>
public sealed record AttentionTangent(double Scale, bool Causal) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        Sample(new(0.7, false), [], 3, 4, 2, 3),
        Sample(new(0.5, true), [2], 3, 4, 2, 2),
        Sample(new(0.5, false), [2], 2, 3, 2, 1, Sampling.Values([2, 2, 3], seed: 3)),
        Sample(new(0.5, true), [2], 3, 2, 1, 2, Attention.SomeHidden([2, 3, 2])),
        Sample(new(1, false), [], 2, 0, 2, 2),
        Sample(new(1, false), [2], 0, 3, 2, 1),
    ];

    internal override bool TakesBFloat16 => true;

    internal override bool TakesStrides => true;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var type = Attention.Check(Name, x[..3], x.Length > 8 ? x[8] : null);
        Rules.Same(Name, [type, x[3].DType, x[5].DType, x[6].DType, x[7].DType]);
        Rules.Same(Name, [Attention.Wide(type), x[4].DType]);
        Shape rows = x[0].Shape[..^1], output = [.. rows, x[2].Shape[^1]];
        if (!x[3].Shape.Equals(output) || !x[4].Shape.Equals(rows))
            throw new ShapeException($"{Name}: outputs {x[3].Shape} and {x[4].Shape} do not fit query {x[0].Shape} and value {x[2].Shape}");
        for (var i = 0; i < 3; i++)
        {
            if (!x[i + 5].Shape.Equals(x[i].Shape)) throw new ShapeException($"{Name}: an input {x[i].Shape} has a tangent {x[i + 5].Shape}");
        }

        return [new(output, type), new(rows, Attention.Wide(type))];
    }

    internal override Tensor[] Define(Tensor[] x)
    {
        if (x[0].DType == DType.BFloat16) return Attention.Rounded(Define(Attention.Widened(x)));

        Tensor q = x[0], k = x[1];
        var weights = Attention.Weights(new Attention(Scale, Causal).Scores(q, k, x.Length > 8 ? x[8] : null), x[4]);
        var moved = weights * ((x[5] * Scale).MatMul(k.SwapAxes(-2, -1)) + (q * Scale).MatMul(x[6].SwapAxes(-2, -1)));
        var sums = moved.Sum(-1);
        return [moved.MatMul(x[2]) + weights.MatMul(x[7]) - sums.Unsqueeze(-1) * x[3], sums];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        Tensor.ApplyMany(this, [.. x.Select((operand, i) => WithBatch(operand, batched[i], size))]);

    internal override void Evaluate(Device device, View[] x, View[] y) => device.AttendTangent(this, x, y);

    private static Sample Sample(AttentionTangent tangent, int[] batch, int queries, int keys, int depth, int width, params Tensor[] mask) => new(
        tangent,
        [
            Sampling.Values([.. batch, queries, depth]), Sampling.Values([.. batch, keys, depth], seed: 1), Sampling.Values([.. batch, keys, width], seed: 2),
            Sampling.Values([.. batch, queries, width], seed: 3), Sampling.Values([.. batch, queries], 0, 1, seed: 4),
            Sampling.Values([.. batch, queries, depth], seed: 5), Sampling.Values([.. batch, keys, depth], seed: 6),
            Sampling.Values([.. batch, keys, width], seed: 7),
            .. mask,
        ]);
}
