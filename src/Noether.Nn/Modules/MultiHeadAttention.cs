namespace Noether.Nn;

/// <summary>Attention by several heads: [batch, queries, features], or without the batch.</summary>
/// <param name="Features">The size of the last axis, a multiple of the heads.</param>
/// <param name="Heads">How many.</param>
/// <remarks>
/// Names, layout and first values as torch.nn.MultiheadAttention with <c>batch_first</c>: <c>in_proj_weight</c> [3·features, features] holds query, key
/// and value, then <c>out_proj</c>. Masks are true where a query may look. Source: Vaswani et al. (2017), section 3.2.2.
/// </remarks>
public sealed record MultiHeadAttention(int Features, int Heads) : Module
{
    /// <summary>Query i sees keys 0 … i only.</summary>
    public bool Causal { get; init; }

    /// <summary>The probability that a weight is dropped while training.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the projections have biases.</summary>
    public bool Bias { get; init; } = true;

    private Linear Output => new(Features, Features, Bias) { BiasInitializer = Initializer.Zeros };

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        var (first, second) = key.Split();
        var weight = Parameters.Of(("in_proj_weight", Initializer.XavierUniform().Draw(first, [3 * Features, Features], type)));
        if (Bias) weight = weight.Merge(Parameters.Of(("in_proj_bias", Tensor.Zeros([3 * Features], type, key.Words.Device))));
        return weight.Merge(Parameters.Nest(("out_proj", Output.Init(second, type))));
    }

    /// <summary>Self-attention.</summary>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) => Apply(parameters, x, x, context);

    /// <summary>Attention of queries to a memory, which gives keys and values.</summary>
    /// <param name="parameters">From <see cref="Init"/>.</param>
    /// <param name="x">[batch, queries, features].</param>
    /// <param name="memory">[batch, keys, features]; the same tensor for self-attention.</param>
    /// <param name="context">Mode and key.</param>
    /// <param name="mask">bool, true where a query may look; broadcasts to [batch, heads, queries, keys]. Null: everywhere.</param>
    public Tensor Apply(Parameters parameters, Tensor x, Tensor memory, Context context, Tensor? mask = null)
    {
        if (Heads < 1 || Features % Heads != 0) throw new ShapeException($"MultiHeadAttention: {Heads} heads do not divide {Features} features");
        if (x.Rank is < 2 or > 3 || x.Shape[^1] != Features || memory.Rank != x.Rank || memory.Shape[^1] != Features)
            throw new ShapeException($"MultiHeadAttention: queries {x.Shape} and memory {memory.Shape} are not [batch, …, {Features}]");

        var (query, key, value) = Project(parameters, x, memory);
        var dropout = new Dropout(Dropout);
        var y = Attention.ScaledDotProduct(
            query, key, value, mask, Causal, Dropout > 0 && context.IsTraining ? w => dropout.Apply(Parameters.Empty, w, context) : null);
        var joined = y.SwapAxes(-3, -2).Reshape([.. x.Shape[..^1], Features]);
        return Output.Apply(parameters.Under("out_proj"), joined, context.Under("out_proj"));
    }

    private (Tensor Query, Tensor Key, Tensor Value) Project(Parameters parameters, Tensor x, Tensor memory)
    {
        var weight = parameters["in_proj_weight"];
        var bias = Bias ? parameters["in_proj_bias"] : null;
        if (ReferenceEquals(x, memory))
        {
            var all = Part(x, 0, 3); // one product for all three
            return (Head(all.Narrow(-1, 0, Features)), Head(all.Narrow(-1, Features, Features)), Head(all.Narrow(-1, 2 * Features, Features)));
        }

        var pair = Part(memory, 1, 2);
        return (Head(Part(x, 0, 1)), Head(pair.Narrow(-1, 0, Features)), Head(pair.Narrow(-1, Features, Features)));

        Tensor Part(Tensor input, int first, int count)
        {
            var y = input.MatMul(weight.Narrow(0, first * Features, count * Features).Transpose());
            return bias is null ? y : y + bias.Narrow(0, first * Features, count * Features);
        }

        // [batch, length, features] to [batch, heads, length, features / heads]
        Tensor Head(Tensor y) => y.Reshape([.. y.Shape[..^1], Heads, Features / Heads]).SwapAxes(-3, -2);
    }
}
