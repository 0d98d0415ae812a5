using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A function of every entry.</summary>
/// <param name="Function">A pure function of a tensor, element by element.</param>
public sealed record WeightActivation(Activation Function) : WeightModule
{
    /// <summary>max(x, 0).</summary>
    public static WeightActivation Relu { get; } = new(Activation.Relu);

    /// <summary>x·Φ(x), exactly.</summary>
    public static WeightActivation Gelu { get; } = new(Activation.Gelu);

    /// <inheritdoc/>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context) => x.Map(Function.Function);
}
