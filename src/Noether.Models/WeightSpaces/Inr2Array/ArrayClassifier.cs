using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Classes of arrays, such as those of <see cref="Inr2Array"/>, by a transformer: [batch, tokens, inputs] to logits [batch, classes].</summary>
/// <remarks>
/// <c>proj</c>; learned positions <c>pos.weight</c> [tokens, features], normal at the start; blocks <c>transformer_encoder.layers.i</c> with the norm
/// before each branch and none at the end; of the first token, <c>classifier.0</c>, ReLU, <c>classifier.2</c>.
/// Source: Zhou et al., Neural functional transformers (2023), section 5.2.
/// </remarks>
/// <param name="Tokens">The most tokens of an array.</param>
/// <param name="Inputs">Their size.</param>
/// <param name="Classes">How many classes.</param>
public sealed record ArrayClassifier(int Tokens = 64, int Inputs = 256, int Classes = 10) : CompositeModule
{
    /// <summary>The transformer's features.</summary>
    public int Features { get; init; } = 512;

    /// <summary>Heads of each block.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>How many blocks.</summary>
    public int Blocks { get; init; } = 12;

    /// <summary>Hidden units of each block.</summary>
    public int Hidden { get; init; } = 2048;

    /// <summary>The probability of dropout in the blocks while training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Whether the mean of the tokens is classified, instead of the first one.</summary>
    public bool MeanOfTokens { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Module Module)> Children =>
    [
        ("proj", Projection),
        ("pos", Positions),
        ("transformer_encoder.layers", Transformer),
        ("classifier", Head),
    ];

    private Linear Projection => new(Inputs, Features);

    private Embedding Positions => new(Tokens, Features);

    private Sequential Transformer => new([.. Enumerable.Repeat(
        new TransformerBlock(Features, Heads) { Hidden = Hidden, Dropout = Dropout, NormFirst = true, Activation = Activation.Gelu }, Blocks)]);

    private Sequential Head => new(new Linear(Features, Features), Activation.Relu, new Linear(Features, Classes));

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The array has more tokens, none, or tokens of another size.</exception>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        if (x.Rank != 3 || x.Shape[1] < 1 || x.Shape[1] > Tokens || x.Shape[2] != Inputs)
            throw new ShapeException($"ArrayClassifier: {x.Shape} is not [batch, 1 … {Tokens} tokens, {Inputs}]");
        var y = Call("proj", Projection, parameters, x, context) + parameters["pos.weight"].Narrow(0, 0, x.Shape[1]);
        y = Call("transformer_encoder.layers", Transformer, parameters, y, context);
        return Call("classifier", Head, parameters, MeanOfTokens ? y.Mean(1) : y.Narrow(1, 0, 1).Squeeze(1), context);
    }
}
