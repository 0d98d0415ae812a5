using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Attention of normalised latents to a normalised memory, or to themselves: [… , queries, features], without the residual connection.</summary>
/// <remarks>
/// <c>norm</c>, and <c>norm_context</c> of a memory; <c>fn.to_q</c> and <c>fn.to_kv</c> (keys, then values) without biases; <c>fn.to_out</c>.
/// Source: Jaegle et al., Perceiver (2021), section 3.1.
/// </remarks>
/// <param name="Features">The size of a latent.</param>
/// <param name="Heads">How many.</param>
/// <param name="HeadFeatures">The size of a query in each.</param>
public sealed record PerceiverAttention(int Features, int Heads, int HeadFeatures) : CompositeModule
{
    /// <summary>The size of the memory's last axis; null: latents attend to themselves.</summary>
    public int? MemoryFeatures { get; init; }

    /// <summary>The probability that a weight is dropped while training.</summary>
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Module Module)> Children =>
    [
        ("norm", new LayerNorm(Features)),
        .. MemoryFeatures is { } size ? [("norm_context", new LayerNorm(size))] : Array.Empty<(string, Module)>(),
        ("fn.to_q", ToQuery),
        ("fn.to_kv", ToMemory),
        ("fn.to_out", Output),
    ];

    private Linear ToQuery => new(Features, Heads * HeadFeatures, Bias: false);

    private Linear ToMemory => new(MemoryFeatures ?? Features, 2 * Heads * HeadFeatures, Bias: false);

    private Linear Output => new(Heads * HeadFeatures, Features);

    /// <summary>Self-attention.</summary>
    /// <exception cref="InvalidOperationException">The module was made for a memory.</exception>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        if (MemoryFeatures is not null) throw new InvalidOperationException($"PerceiverAttention: latents attend to a memory of {MemoryFeatures} features, which must be given");
        var normed = Call("norm", new LayerNorm(Features), parameters, x, context);
        return Attend(parameters, normed, normed, context);
    }

    /// <summary>Attention to a memory.</summary>
    /// <param name="parameters">From <see cref="CompositeModule.Init"/>.</param>
    /// <param name="x">[… , queries, features].</param>
    /// <param name="memory">[… , keys, memory's features]; leading axes broadcast.</param>
    /// <param name="context">Mode and key.</param>
    /// <exception cref="InvalidOperationException">The module was made for self-attention.</exception>
    public Tensor Apply(Parameters parameters, Tensor x, Tensor memory, Context context)
    {
        var size = MemoryFeatures ?? throw new InvalidOperationException("PerceiverAttention: made for self-attention; set MemoryFeatures");
        return Attend(
            parameters, Call("norm", new LayerNorm(Features), parameters, x, context), Call("norm_context", new LayerNorm(size), parameters, memory, context), context);
    }

    private Tensor Attend(Parameters parameters, Tensor x, Tensor memory, Context context)
    {
        var query = Call("fn.to_q", ToQuery, parameters, x, context);
        var pair = Call("fn.to_kv", ToMemory, parameters, memory, context);
        var inner = Heads * HeadFeatures;
        var dropout = new Dropout(Dropout);
        var y = Attention.ScaledDotProduct(
            Head(query), Head(pair.Narrow(-1, 0, inner)), Head(pair.Narrow(-1, inner, inner)),
            weightMap: Dropout > 0 && context.IsTraining ? w => dropout.Apply(Parameters.Empty, w, context) : null).SwapAxes(-3, -2);
        return Call("fn.to_out", Output, parameters, y.Reshape([.. y.Shape[..^2], inner]), context);

        // [… , length, inner] to [… , heads, length, inner / heads]
        Tensor Head(Tensor t) => t.Reshape([.. t.Shape[..^1], Heads, HeadFeatures]).SwapAxes(-3, -2);
    }
}
