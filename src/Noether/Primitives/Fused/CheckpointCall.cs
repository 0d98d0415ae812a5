using Noether.Transforms;

namespace Noether.Primitives;

/// <summary>A function whose intermediate values are computed again in the reverse pass instead of being kept for it.</summary>
/// <param name="Function">The function.</param>
internal sealed record CheckpointCall(Captured Function) : CallPrimitive(Function), ISampled
{
    public static IEnumerable<Sample> Samples
    {
        get
        {
            Tensor[] x = [Sampling.Values([2, 3]), Sampling.Values([2, 3], seed: 1)];
            var (function, arguments) = Captured.Of("Checkpoint", static x => [(x[0] * x[1]).Square()], x);
            yield return new(new CheckpointCall(function), arguments);
        }
    }

    /// <inheritdoc/>
    public override string Name => "Checkpoint";

    /// <summary>Calls the function as one node.</summary>
    public static Tensor[] Call(Func<Tensor[], Tensor[]> function, Tensor[] x)
    {
        var (body, arguments) = Captured.Of("Checkpoint", function, x);
        return Tensor.ApplyMany(new CheckpointCall(body), arguments);
    }

    // The barrier makes the second computation wait for the cotangent, and keeps it from being merged with the first.
    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var wait = cotangents.OfType<Tensor>().First();
        var again = Array.ConvertAll(x, t => Tensor.Apply(Barrier.Instance, t, wait));
        var (variables, results) = Transform.Trace(Name, again, Function.Run);
        return new Reverse(variables, results).Pull(cotangents);
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => Call(a => Batching.Run(Function.Run, a, batched, size), x);
}
