using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The reverse pass of <see cref="Attention"/>, from its inputs and what it left of the softmax.</summary>
/// <remarks>
/// Inputs: q, k, v as <see cref="Attention"/>'s, its outputs y and lse, their cotangents dy and dlse, and the mask if there is one.
/// Outputs: dq, dk, dv. With <c>P = exp(scale·q·kᵀ + mask - lse)</c> and <c>dS = scale·P ∘ (dy·vᵀ - rows(dy ∘ y) + dlse)</c>:
/// <c>dq = dS·k</c>, <c>dk = dSᵀ·q</c>, <c>dv = Pᵀ·dy</c>. Each input counts as free, so this too is a function with derivatives of its own.
/// </remarks>
/// <param name="Scale">What the scores are multiplied by.</param>
/// <param name="Causal">Query i sees keys 0 … i only.</param>
public sealed record AttentionGradient(double Scale, bool Causal) : FusedPrimitive, ISampled
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
        var type = Attention.Check(Name, x[..3], x.Length > 7 ? x[7] : null);
        Rules.Same(Name, [type, x[3].DType, x[5].DType]);
        Rules.Same(Name, [Attention.Wide(type), x[4].DType, x[6].DType]);
        Shape rows = x[0].Shape[..^1], output = [.. rows, x[2].Shape[^1]];
        for (var i = 3; i < 7; i++)
        {
            if (!x[i].Shape.Equals(i % 2 == 1 ? output : rows))
                throw new ShapeException($"{Name}: an output, or its cotangent, {x[i].Shape} does not fit query {x[0].Shape} and value {x[2].Shape}");
        }

        return [new(x[0].Shape, type), new(x[1].Shape, type), new(x[2].Shape, type)];
    }

    internal override Tensor[] Define(Tensor[] x)
    {
        if (x[0].DType == DType.BFloat16) return Array.ConvertAll(Define(Attention.Widened(x)), static t => t.To(DType.BFloat16));

        Tensor q = x[0], k = x[1], v = x[2], dy = x[5], moved = (dy * x[3]).Sum(-1) - x[6];
        var weights = Attention.Weights(new Attention(Scale, Causal).Scores(q, k, x.Length > 7 ? x[7] : null), x[4]);
        var ds = weights * (dy.MatMul(v.SwapAxes(-2, -1)) - moved.Unsqueeze(-1)) * Scale;
        return [ds.MatMul(k), ds.SwapAxes(-2, -1).MatMul(q), weights.SwapAxes(-2, -1).MatMul(dy)];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        Tensor.ApplyMany(this, [.. x.Select((operand, i) => WithBatch(operand, batched[i], size))]);

    internal override void Evaluate(Device device, View[] x, View[] y) => device.AttendBackward(this, x, y);

    private static Sample Sample(AttentionGradient gradient, int[] batch, int queries, int keys, int depth, int width, params Tensor[] mask) => new(
        gradient,
        [
            Sampling.Values([.. batch, queries, depth]), Sampling.Values([.. batch, keys, depth], seed: 1), Sampling.Values([.. batch, keys, width], seed: 2),
            Sampling.Values([.. batch, queries, width], seed: 3), Sampling.Values([.. batch, queries], 0, 1, seed: 4),
            Sampling.Values([.. batch, queries, width], seed: 5), Sampling.Values([.. batch, queries], seed: 6),
            .. mask,
        ]);
}
