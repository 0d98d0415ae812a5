namespace Noether.Primitives;

/// <summary>
/// Linear in its leading operands, the rest (indices) constant. A member says its transpose; jvp is the primitive itself, vjp its transpose.
/// </summary>
public abstract record LinearPrimitive : Primitive
{
    /// <summary>How many of the operands it is linear in.</summary>
    internal virtual int LinearOperands(int operands) => 1;

    /// <summary>The transpose applied to the outputs' cotangents: one cotangent for each linear operand (null for those not wanted).</summary>
    internal abstract Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted);

    internal sealed override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        var linear = LinearOperands(x.Length);
        if (Array.TrueForAll(dx[..linear], static d => d is null)) return new Tensor?[y.Length];
        return Tensor.ApplyMany(this, [.. x.Select((operand, i) => i < linear ? dx[i] ?? operand.ZerosLike() : operand)]);
    }

    internal sealed override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var linear = Transpose([.. cotangents.Select((c, i) => c ?? y[i].ZerosLike())], x, wanted);
        return [.. linear, .. new Tensor?[x.Length - linear.Length]];
    }
}
