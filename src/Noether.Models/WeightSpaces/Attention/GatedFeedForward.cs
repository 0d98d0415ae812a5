using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A network of two layers at each position behind a norm, its hidden units gated by GELU; without the residual connection.</summary>
/// <remarks><c>norm</c>; <c>fn.net.0</c> gives [value | gate], value·GELU(gate) goes into <c>fn.net.2</c>. Source: Shazeer, GLU variants (2020).</remarks>
/// <param name="Features">The size of the last axis.</param>
public sealed record GatedFeedForward(int Features) : CompositeModule
{
    /// <summary>Hidden units, as a multiple of the features.</summary>
    public int Expansion { get; init; } = 4;

    /// <summary>The probability of dropping an element of the result while training.</summary>
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Module Module)> Children =>
    [
        ("norm", new LayerNorm(Features)),
        ("fn.net.0", Widening),
        ("fn.net.2", Narrowing),
    ];

    private int Hidden => Expansion * Features;

    private Linear Widening => new(Features, 2 * Hidden);

    private Linear Narrowing => new(Hidden, Features);

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        var both = Call("fn.net.0", Widening, parameters, Call("norm", new LayerNorm(Features), parameters, x, context), context);
        var gated = both.Narrow(-1, 0, Hidden) * both.Narrow(-1, Hidden, Hidden).Gelu();
        return Call("drop", new Dropout(Dropout), parameters, Call("fn.net.2", Narrowing, parameters, gated, context), context);
    }
}
