using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>x + y, element by element, with broadcasting.</summary>
    public static Tensor operator +(Tensor x, Tensor y) => Joined(Primitives.Add.Instance, x, y);

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator +(Tensor x, Scalar y) => Joined(Primitives.Add.Instance, x, y);

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator +(Scalar x, Tensor y) => Joined(Primitives.Add.Instance, x, y);

    /// <summary>x - y, element by element, with broadcasting.</summary>
    public static Tensor operator -(Tensor x, Tensor y) => Joined(Primitives.Subtract.Instance, x, y);

    /// <inheritdoc cref="op_Subtraction(Tensor, Tensor)"/>
    public static Tensor operator -(Tensor x, Scalar y) => Joined(Primitives.Subtract.Instance, x, y);

    /// <inheritdoc cref="op_Subtraction(Tensor, Tensor)"/>
    public static Tensor operator -(Scalar x, Tensor y) => Joined(Primitives.Subtract.Instance, x, y);

    /// <summary>x·y, element by element, with broadcasting. For matrices see <see cref="MatMul(Tensor)"/>.</summary>
    public static Tensor operator *(Tensor x, Tensor y) => Joined(Multiply.Instance, x, y);

    /// <inheritdoc cref="op_Multiply(Tensor, Tensor)"/>
    public static Tensor operator *(Tensor x, Scalar y) => Joined(Multiply.Instance, x, y);

    /// <inheritdoc cref="op_Multiply(Tensor, Tensor)"/>
    public static Tensor operator *(Scalar x, Tensor y) => Joined(Multiply.Instance, x, y);

    /// <summary>x / y, element by element, with broadcasting; integers divide as floating numbers.</summary>
    public static Tensor operator /(Tensor x, Tensor y) => Joined(Divide.Instance, x.Floating(), y.Floating());

    /// <inheritdoc cref="op_Division(Tensor, Tensor)"/>
    public static Tensor operator /(Tensor x, Scalar y) => Joined(Divide.Instance, x.Floating(), y);

    /// <inheritdoc cref="op_Division(Tensor, Tensor)"/>
    public static Tensor operator /(Scalar x, Tensor y) => Joined(Divide.Instance, x, y.Floating());

    /// <summary>-x.</summary>
    public static Tensor operator -(Tensor x) => Apply(Negate.Instance, x.Number());

    /// <summary>True where x &lt; y.</summary>
    public static Tensor operator <(Tensor x, Tensor y) => Joined(Less.Instance, x, y);

    /// <inheritdoc cref="op_LessThan(Tensor, Tensor)"/>
    public static Tensor operator <(Tensor x, Scalar y) => Joined(Less.Instance, x, y);

    /// <summary>True where x &gt; y.</summary>
    public static Tensor operator >(Tensor x, Tensor y) => Turned("Greater", Less.Instance, x, y);

    /// <inheritdoc cref="op_GreaterThan(Tensor, Tensor)"/>
    public static Tensor operator >(Tensor x, Scalar y) => Joined(Less.Instance, y, x);

    /// <summary>True where x ≤ y.</summary>
    public static Tensor operator <=(Tensor x, Tensor y) => Joined(LessOrEqual.Instance, x, y);

    /// <inheritdoc cref="op_LessThanOrEqual(Tensor, Tensor)"/>
    public static Tensor operator <=(Tensor x, Scalar y) => Joined(LessOrEqual.Instance, x, y);

    /// <summary>True where x ≥ y.</summary>
    public static Tensor operator >=(Tensor x, Tensor y) => Turned("GreaterOrEqual", LessOrEqual.Instance, x, y);

    /// <inheritdoc cref="op_GreaterThanOrEqual(Tensor, Tensor)"/>
    public static Tensor operator >=(Tensor x, Scalar y) => Joined(LessOrEqual.Instance, y, x);

    /// <summary>Bitwise and; logical and of bool.</summary>
    public static Tensor operator &(Tensor x, Tensor y) => Joined(BitwiseAnd.Instance, Bits("BitwiseAnd", x, y), y);

    /// <summary>Bitwise or; logical or of bool.</summary>
    public static Tensor operator |(Tensor x, Tensor y) => Joined(BitwiseOr.Instance, Bits("BitwiseOr", x, y), y);

    /// <summary>Bitwise exclusive or; inequality of bool.</summary>
    public static Tensor operator ^(Tensor x, Tensor y) => Joined(BitwiseXor.Instance, Bits("BitwiseXor", x, y), y);

    /// <summary>Logical not of bool, bitwise complement of integers.</summary>
    public static Tensor operator !(Tensor x) => x.Not();

    /// <summary>True where x equals y; NaN equals nothing. (<c>==</c> compares handles, as for every class.)</summary>
    public Tensor Equal(Tensor y) => Joined(Primitives.Equal.Instance, this, y);

    /// <inheritdoc cref="Equal(Tensor)"/>
    public Tensor Equal(Scalar y) => Joined(Primitives.Equal.Instance, this, y);

    /// <summary>True where x differs from y.</summary>
    public Tensor NotEqual(Tensor y) => Joined(Primitives.Equal.Instance, this, y, "NotEqual").Not();

    /// <inheritdoc cref="NotEqual(Tensor)"/>
    public Tensor NotEqual(Scalar y) => Equal(y).Not();

    /// <summary>Logical not of bool, bitwise complement of integers.</summary>
    public Tensor Not() => DType == DType.Bool ? Joined(BitwiseXor.Instance, this, true) : Joined(BitwiseXor.Instance, Bits("Not", this), -1);

    /// <summary><c>mask ? x : y</c>, element by element, with broadcasting.</summary>
    /// <exception cref="DTypeException">The mask is not bool.</exception>
    public static Tensor Select(Tensor mask, Tensor x, Tensor y)
    {
        var type = DTypes.Promote(x.DType, y.DType);
        var shape = JoinedShape("Select", mask, x, y);
        if (mask.DType != DType.Bool) throw new DTypeException($"Select: the mask is {mask.DType.Name()}{mask.Shape}, not bool, between {x.Shape} and {y.Shape}");
        return Apply(Primitives.Select.Instance, mask.BroadcastTo(shape), x.To(type).BroadcastTo(shape), y.To(type).BroadcastTo(shape));
    }

    /// <inheritdoc cref="Select(Tensor, Tensor, Tensor)"/>
    public static Tensor Select(Tensor mask, Tensor x, Scalar y) => Select(mask, x, Full([], y, y.Meet(x.DType), x.Device));

    /// <inheritdoc cref="Select(Tensor, Tensor, Tensor)"/>
    public static Tensor Select(Tensor mask, Scalar x, Tensor y) => Select(mask, Full([], x, x.Meet(y.DType), y.Device), y);

    /// <summary>Another element type; the same tensor if it has it already.</summary>
    public Tensor To(DType type) => type == DType ? this : Apply(new Cast(type), this);

    /// <summary>The same values as a floating type: itself, or float32.</summary>
    internal Tensor Floating() => To(DType.ToFloating());

    internal Tensor Number() => DType == DType.Bool ? To(DType.Int32) : this;

    /// <summary>Promotes, broadcasts, applies.</summary>
    internal static Tensor Joined(ElementwisePrimitive primitive, Tensor x, Tensor y, string? operation = null)
    {
        var type = DTypes.Promote(x.DType, y.DType);
        var shape = JoinedShape(operation ?? primitive.Name, x, y);
        return Apply(Meant(primitive, type, x, y), x.To(type).BroadcastTo(shape), y.To(type).BroadcastTo(shape));
    }

    internal static Tensor Joined(ElementwisePrimitive primitive, Tensor x, Scalar y)
    {
        x = x.To(y.Meet(x.DType));
        y.CheckFits(x.DType, primitive.Name);
        return Apply(Meant(primitive, x.DType, x), x, Full(x.Shape, y, x.DType, x.Device));
    }

    internal static Tensor Joined(ElementwisePrimitive primitive, Scalar x, Tensor y)
    {
        y = y.To(x.Meet(y.DType));
        x.CheckFits(y.DType, primitive.Name);
        return Apply(Meant(primitive, y.DType, y), Full(y.Shape, x, y.DType, y.Device), y);
    }

    // Two truth values add and multiply to a truth value, as in NumPy, PyTorch and JAX: or, and. They have no difference there either.
    private static ElementwisePrimitive Meant(ElementwisePrimitive primitive, DType type, params ReadOnlySpan<Tensor> operands)
    {
        if (type != DType.Bool) return primitive;
        switch (primitive)
        {
            case Primitives.Add or Primitives.Maximum: return BitwiseOr.Instance;
            case Multiply or Primitives.Minimum: return BitwiseAnd.Instance;
            case Subtract: throw new DTypeException($"Subtract: truth values have no difference: {string.Join(" and ", operands.ToArray().Select(x => $"{x.DType.Name()}{x.Shape}"))}; use ^");
            default: return primitive;
        }
    }

    // x > y as y < x; a message tells the operands as they were written.
    private static Tensor Turned(string operation, ElementwisePrimitive primitive, Tensor x, Tensor y)
    {
        JoinedShape(operation, x, y);
        return Joined(primitive, y, x);
    }

    // The first operand, if all have bits.
    private static Tensor Bits(string operation, params ReadOnlySpan<Tensor> operands)
    {
        foreach (var operand in operands)
        {
            if (!operand.DType.IsFloating()) continue;
            var types = string.Join(" and ", operands.ToArray().Select(static x => $"{x.DType.Name()}{x.Shape}"));
            throw new DTypeException($"{operation}: takes integers or bool, not {types}");
        }

        return operands[0];
    }

    private static Shape JoinedShape(string operation, params Tensor[] operands)
    {
        var shape = operands[0].Shape;
        foreach (var operand in operands[1..])
        {
            shape = Shape.Broadcast(shape, operand.Shape)
                ?? throw new ShapeException($"{operation}: shapes do not broadcast: {string.Join(" and ", operands.Select(x => x.Shape))}");
        }

        return shape;
    }
}
