using Noether.Transforms;

namespace Noether.Primitives;

/// <summary>A function whose intermediate values are computed again in the reverse pass instead of being kept for it.</summary>
/// <param name="function">The function.</param>
internal sealed record CheckpointCall(Func<Tensor[], Tensor[]> function) : CallPrimitive(function), ISampled
{
    public static IEnumerable<Sample> Samples =>
    [
        new(new CheckpointCall(static x => [(x[0] * x[1]).Square()]), Sampling.Values([2, 3]), Sampling.Values([2, 3], seed: 1)),
    ];

    /// <inheritdoc/>
    public override string Name => "Checkpoint";

    // The barrier makes the second computation wait for the cotangent, and keeps it from being merged with the first.
    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var wait = cotangents.OfType<Tensor>().First();
        var again = Array.ConvertAll(x, t => Tensor.Apply(Barrier.Instance, t, wait));
        var (variables, results) = Transform.Trace(Name, again, Function);
        return new Reverse(variables, results).Pull(cotangents);
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        Tensor.ApplyMany(new CheckpointCall(a => Batching.Run(Function, a, batched, size)), x);
}
