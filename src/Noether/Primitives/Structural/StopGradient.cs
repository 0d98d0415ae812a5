namespace Noether.Primitives;

/// <summary>The same values, taken as constant by every derivative.</summary>
public sealed record StopGradient : AliasPrimitive, ISampled
{
    /// <summary>The primitive has no parameters: one instance serves all.</summary>
    public static readonly StopGradient Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => [new(Instance, Sampling.Values([2, 3]))];

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [null];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) => [null];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(this, x)];
}
