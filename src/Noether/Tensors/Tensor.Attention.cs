using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>softmax(scale·query·keyᵀ + mask)·value: for each query, the values' mean weighted by how its key answers.</summary>
    /// <remarks>
    /// As PyTorch's <c>scaled_dot_product_attention</c>; leading axes (batch, heads) broadcast. Value, tangent and gradient hold no array of queries times
    /// keys; second derivatives and derivatives of a mask of numbers do. A query that may look nowhere gets zeros.
    /// Source: Vaswani et al. (2017), equation 1.
    /// </remarks>
    /// <param name="query">[…, queries, d].</param>
    /// <param name="key">[…, keys, d].</param>
    /// <param name="value">[…, keys, e].</param>
    /// <param name="mask">Broadcasts to […, queries, keys]: bool, true where a query may look; or numbers, added to the scores. Null: everywhere.</param>
    /// <param name="causal">Query i sees keys 0 … i only.</param>
    /// <param name="scale">What the scores are multiplied by; 1/√d by default.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor ScaledDotProductAttention(
        Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool causal = false, double? scale = null)
    {
        const string name = "ScaledDotProductAttention";
        Shape q = query.Shape, k = key.Shape, v = value.Shape;
        if (q.Rank < 2 || k.Rank < 2 || v.Rank < 2 || q[^1] != k[^1] || k[^2] != v[^2])
            throw new ShapeException($"{name}: query {q}, key {k} and value {v} are not […, queries, d], […, keys, d] and […, keys, e]");
        var batch = Shape.Broadcast(q[..^2], k[..^2]) is { } both ? Shape.Broadcast(both, v[..^2]) : null;
        if (batch is not null && mask is { Rank: > 2 }) batch = Shape.Broadcast(batch, mask.Shape[..^2]);
        if (batch is null) throw new ShapeException($"{name}: leading axes do not broadcast: query {q}, key {k}, value {v}{(mask is null ? "" : $", mask {mask.Shape}")}");

        var type = DTypes.Promote(DTypes.Promote(query.DType, key.DType), value.DType);
        if (!type.IsFloating()) type = DType.Float32;
        Tensor[] operands = [Over(query), Over(key), Over(value)];
        if (mask is not null)
        {
            Shape scores = [.. batch, q[^2], k[^2]];
            if (Shape.Broadcast(mask.Shape, scores)?.Equals(scores) != true) throw new ShapeException($"{name}: the mask {mask.Shape} does not broadcast to {scores}");
            if (mask.DType != DType.Bool && !mask.DType.IsFloating()) throw new DTypeException($"{name}: the mask is {mask.DType.Name()}{mask.Shape}, neither bool nor floating");
            operands = [.. operands, (mask.DType == DType.Bool ? mask : mask.To(type)).BroadcastTo(scores)];
        }

        return ApplyMany(new Attention(scale ?? 1 / Math.Sqrt(Math.Max(1, q[^1])), causal), operands)[0];

        Tensor Over(Tensor x) => x.To(type).BroadcastTo([.. batch, .. x.Shape[^2..]]);
    }
}
