using Noether.Transforms;

namespace Noether.Primitives;

/// <summary>
/// The same value as its definition, faster. A member says its shape, its definition in other primitives, and its verb; derivatives of every
/// order and batching follow from the definition.
/// </summary>
public abstract record FusedPrimitive : Primitive
{
    /// <summary>The definition: what the verb must agree with, and what transforms see.</summary>
    internal abstract Tensor[] Define(Tensor[] x);

    internal sealed override Tensor[] Definition(Tensor[] x) => Define(x);

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        var (variables, results) = Transform.Trace(Name, x, Define);
        return new Forward(variables, results).Push(dx);
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var (variables, results) = Transform.Trace(Name, x, Define);
        return new Reverse(variables, results).Pull(cotangents);
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => Batching.Run(Define, x, batched, size);
}
