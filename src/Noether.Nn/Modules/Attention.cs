namespace Noether.Nn;

/// <summary>Attention as a function.</summary>
public static class Attention
{
    /// <summary>softmax(q·kᵀ/√d)·v: for each query, the values' mean weighted by how its key answers.</summary>
    /// <param name="query">[…, queries, d].</param>
    /// <param name="key">[…, keys, d].</param>
    /// <param name="value">[…, keys, e].</param>
    /// <param name="mask">bool, broadcasting to […, queries, keys]: true where a query may look. A query that may look nowhere gets zeros. Null: everywhere.</param>
    /// <param name="causal">Query i sees keys 0 … i only.</param>
    /// <param name="weightMap">Applied to the weights before they meet the values, for example dropout; null: nothing.</param>
    /// <remarks>
    /// Without a weight map this is <see cref="Tensor.ScaledDotProductAttention"/>, which never holds all weights; a weight map needs them.
    /// Source: Vaswani et al. (2017), equation 1.
    /// </remarks>
    public static Tensor ScaledDotProduct(
        Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool causal = false, Func<Tensor, Tensor>? weightMap = null)
    {
        if (query.Rank < 2 || key.Rank < 2 || value.Rank < 2 || query.Shape[^1] != key.Shape[^1] || key.Shape[^2] != value.Shape[^2])
            throw new ShapeException($"ScaledDotProduct: query {query.Shape}, key {key.Shape} and value {value.Shape} do not fit");
        if (mask is not null && mask.DType != DType.Bool) throw new DTypeException($"ScaledDotProduct: the mask is {mask.DType.Name()}{mask.Shape}, not bool");

        if (weightMap is null) return Tensor.ScaledDotProductAttention(query, key, value, mask, causal);

        var scores = (query * (1 / Math.Sqrt(query.Shape[^1]))).MatMul(key.SwapAxes(-1, -2));
        if (causal)
        {
            var earlier = Tensor.Arange(key.Shape[^2], device: query.Device) <= Tensor.Arange(query.Shape[^2], device: query.Device).Unsqueeze(1);
            mask = mask is null ? earlier : mask & earlier;
        }

        // Finite, so that a row without any true entry makes no NaN; the second Select then gives it zeros.
        const double farBelow = -1e30;
        if (mask is not null) scores = Tensor.Select(mask, scores, farBelow);
        var weights = scores.Softmax(-1);
        if (mask is not null) weights = Tensor.Select(mask, weights, 0);
        return weightMap(weights).MatMul(value);
    }
}
