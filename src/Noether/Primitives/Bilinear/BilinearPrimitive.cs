namespace Noether.Primitives;

/// <summary>Linear in each of two operands. A member says its two partial transposes.</summary>
public abstract record BilinearPrimitive : Primitive
{
    /// <summary>The cotangent of the first operand, the second held fixed.</summary>
    internal abstract Tensor TransposeFirst(Tensor cotangent, Tensor x, Tensor y);

    /// <summary>The cotangent of the second operand, the first held fixed.</summary>
    internal abstract Tensor TransposeSecond(Tensor cotangent, Tensor x, Tensor y);

    internal sealed override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        var first = dx[0] is { } d ? Tensor.Apply(this, d, x[1]) : null;
        var second = dx[1] is { } e ? Tensor.Apply(this, x[0], e) : null;
        return [first is null ? second : second is null ? first : first + second];
    }

    internal sealed override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) =>
    [
        wanted[0] ? TransposeFirst(cotangents[0]!, x[0], x[1]) : null,
        wanted[1] ? TransposeSecond(cotangents[0]!, x[0], x[1]) : null,
    ];
}
