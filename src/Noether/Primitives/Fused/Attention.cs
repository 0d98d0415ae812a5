using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// Scaled dot-product attention: <c>y = softmax(scale·q·kᵀ + mask)·v</c>, and the logarithm of each row's softmax sum, which the reverse pass needs.
/// </summary>
/// <remarks>
/// Inputs: q [batch…, m, d], k [batch…, n, d], v [batch…, n, e] and, if there is one, a mask [batch…, m, n]: bool, true where a query may look, or a
/// number added to its score. Outputs: y [batch…, m, e] and lse [batch…, m], which is float32 where operands are bfloat16. A query that may look nowhere gets y = 0 and lse = -∞.
/// The verb never holds all scores: Dao et al. (2022), "FlashAttention"; Rabe and Staats (2021). The reverse pass computes them again, in
/// <see cref="AttentionGradient"/>, and so does the tangent, <see cref="AttentionTangent"/>; derivatives of a mask of numbers come from the definition.
/// </remarks>
/// <param name="Scale">What the scores are multiplied by.</param>
/// <param name="Causal">Query i sees keys 0 … i only.</param>
public sealed record Attention(double Scale, bool Causal) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        Sample(new(0.7, false), [], 3, 4, 2, 3),
        Sample(new(0.5, true), [2], 3, 4, 2, 2),
        Sample(new(1, true), [2, 1], 4, 2, 3, 1),
        Sample(new(0.5, false), [2], 2, 3, 2, 2, Sampling.Values([2, 2, 3], seed: 3)),
        Sample(new(0.5, true), [2], 3, 3, 1, 2, SomeHidden([2, 3, 3])),
        Sample(new(1, false), [2], 0, 3, 2, 1),
    ];

    internal override bool TakesBFloat16 => true;

    internal override bool TakesStrides => true;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var type = Check(Name, x[..3], x.Length > 3 ? x[3] : null);
        return [new([.. x[0].Shape[..^1], x[2].Shape[^1]], type), new(x[0].Shape[..^1], Wide(type))];
    }

    internal override Tensor[] Define(Tensor[] x)
    {
        if (x[0].DType == DType.BFloat16) return Rounded(Define(Widened(x)));

        var scores = Scores(x[0], x[1], x.Length > 3 ? x[3] : null);
        var sums = scores.LogSumExp(-1);
        return [Weights(scores, sums).MatMul(x[2]), sums];
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        if (x.Length > 3 && dx[3] is not null) return base.Jvp(x, y, dx);
        if (Array.TrueForAll(dx, static tangent => tangent is null)) return new Tensor?[2];

        var tangents = dx[..3].Select((tangent, i) => tangent ?? x[i].ZerosLike());
        return Tensor.ApplyMany(new AttentionTangent(Scale, Causal), [.. x[..3], .. y, .. tangents, .. x[3..]]);
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        if (x.Length > 3 && wanted[3] && x[3].DType != DType.Bool) return base.Vjp(x, y, cotangents, wanted);

        var z = Tensor.ApplyMany(
            new AttentionGradient(Scale, Causal),
            [.. x[..3], y[0], y[1], cotangents[0] ?? y[0].ZerosLike(), cotangents[1] ?? y[1].ZerosLike(), .. x[3..]]);
        return [wanted[0] ? z[0] : null, wanted[1] ? z[1] : null, wanted[2] ? z[2] : null, .. new Tensor?[x.Length - 3]];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        Tensor.ApplyMany(this, [.. x.Select((operand, i) => WithBatch(operand, batched[i], size))]);

    internal override void Evaluate(Device device, View[] x, View[] y) => device.Attend(this, x, y);

    /// <summary>The type of the softmax sums, and of all that lies between operands and results: float32 for bfloat16.</summary>
    internal static DType Wide(DType type) => type == DType.BFloat16 ? DType.Float32 : type;

    /// <summary>Operands with bfloat16 widened.</summary>
    internal static Tensor[] Widened(Tensor[] x) => Array.ConvertAll(x, static t => t.DType == DType.BFloat16 ? t.To(DType.Float32) : t);

    /// <summary>An output rounded to bfloat16, beside the softmax sums or their tangent.</summary>
    internal static Tensor[] Rounded(Tensor[] y) => [y[0].To(DType.BFloat16), y[1]];

    /// <summary>The scores, -∞ where a query may not look.</summary>
    internal Tensor Scores(Tensor q, Tensor k, Tensor? mask)
    {
        var scores = (q * Scale).MatMul(k.SwapAxes(-2, -1));
        if (mask is not null && mask.DType != DType.Bool) scores += mask;
        if (Causal)
        {
            var earlier = Tensor.Arange(k.Shape[^2], device: q.Device) <= Tensor.Arange(q.Shape[^2], device: q.Device).Unsqueeze(1);
            scores = Tensor.Select(earlier, scores, double.NegativeInfinity);
        }

        return mask?.DType == DType.Bool ? Tensor.Select(mask, scores, double.NegativeInfinity) : scores;
    }

    /// <summary>softmax of the scores; zeros for a row without any.</summary>
    internal static Tensor Weights(Tensor scores, Tensor sums) =>
        (scores - Tensor.Select(sums.Equal(double.NegativeInfinity), 0, sums).Unsqueeze(-1)).Exp();

    /// <summary>The element type of q, k and v whose shapes, and the mask's, fit.</summary>
    internal static DType Check(string name, Tensor[] x, Tensor? mask)
    {
        var type = Rules.Floating(name, Array.ConvertAll(x, static t => t.DType));
        Shape q = x[0].Shape, k = x[1].Shape, v = x[2].Shape;
        if (q.Rank < 2 || k.Rank != q.Rank || v.Rank != q.Rank || q[^1] != k[^1] || k[^2] != v[^2] || !q[..^2].Equals(k[..^2]) || !q[..^2].Equals(v[..^2]))
            throw new ShapeException($"{name}: query {q}, key {k} and value {v} do not fit");
        Shape scores = [.. q[..^1], k[^2]];
        if (mask is not null && !mask.Shape.Equals(scores))
            throw new ShapeException($"{name}: the mask {mask.Shape} does not fit query {q} and key {k}");
        return mask is null || mask.DType == DType.Bool || mask.DType == type
            ? type
            : throw new DTypeException($"{name}: the mask is {mask.DType.Name()}, neither bool nor {type.Name()}");
    }

    /// <summary>A mask that hides every third key. (No row is hidden whole: -∞ has no slope to check.)</summary>
    internal static Tensor SomeHidden(Shape shape)
    {
        var seen = new bool[shape.Size];
        for (var i = 0; i < seen.Length; i++) seen[i] = i % 3 != 1;
        return Tensor.From(seen, shape, Device.Host);
    }

    private static Sample Sample(Attention attention, int[] batch, int queries, int keys, int depth, int width, params Tensor[] mask) => new(
        attention,
        [
            Sampling.Values([.. batch, queries, depth]), Sampling.Values([.. batch, keys, depth], seed: 1), Sampling.Values([.. batch, keys, width], seed: 2),
            .. mask,
        ]);
}
