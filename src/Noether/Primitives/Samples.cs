namespace Noether.Primitives;

/// <summary>One application of a primitive that the conformance tests check in every way they know.</summary>
/// <param name="Primitive">The primitive with its parameters.</param>
/// <param name="Inputs">Inputs on the host; floating ones in float64, away from kinks and poles.</param>
public sealed record Sample(Primitive Primitive, params Tensor[] Inputs);

/// <summary>A primitive that supplies its own samples. Every concrete primitive does: the conformance tests fail on one that does not.</summary>
public interface ISampled
{
    /// <summary>Small, typical and awkward applications: sizes of one and zero, several axes, every parameter.</summary>
    static abstract IEnumerable<Sample> Samples { get; }
}
