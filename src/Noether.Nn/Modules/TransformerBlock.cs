namespace Noether.Nn;

/// <summary>Self-attention, then a network of two layers at each position, each with a residual connection and a norm.</summary>
/// <param name="Features">The size of the last axis.</param>
/// <param name="Heads">Of the attention.</param>
/// <remarks>
/// Names and defaults as torch.nn.TransformerEncoderLayer; a causal one is a decoder's block without cross-attention. Source: Vaswani et al. (2017);
/// norm before: Xiong et al. (2020).
/// </remarks>
public sealed record TransformerBlock(int Features, int Heads) : CompositeModule
{
    /// <summary>The width of the network's hidden layer.</summary>
    public int Hidden { get; init; } = 2048;

    /// <summary>The probability of dropping weights, hidden units and both branches' results while training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Whether branches see the normalised input and the sum stays as it is, instead of normalising the sum.</summary>
    public bool NormFirst { get; init; }

    /// <summary>Position i sees positions 0 … i only.</summary>
    public bool Causal { get; init; }

    /// <summary>Between the network's layers.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Module Module)> Children =>
    [
        ("self_attn", new MultiHeadAttention(Features, Heads) { Causal = Causal, Dropout = Dropout }),
        ("linear1", new Linear(Features, Hidden)),
        ("linear2", new Linear(Hidden, Features)),
        ("norm1", new LayerNorm(Features)),
        ("norm2", new LayerNorm(Features)),
        ("dropout", new Dropout(Dropout)),
        ("dropout1", new Dropout(Dropout)),
        ("dropout2", new Dropout(Dropout)),
    ];

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        var parts = Children.ToDictionary(static child => child.Name, static child => child.Module);
        if (NormFirst)
        {
            x += Attend(Run("norm1", x));
            return x + Feed(Run("norm2", x));
        }

        x = Run("norm1", x + Attend(x));
        return Run("norm2", x + Feed(x));

        Tensor Run(string name, Tensor input) => Call(name, parts[name], parameters, input, context);
        Tensor Attend(Tensor input) => Run("dropout1", Run("self_attn", input));
        Tensor Feed(Tensor input) => Run("dropout2", Run("linear2", Run("dropout", Activation.Function(Run("linear1", input)))));
    }
}
