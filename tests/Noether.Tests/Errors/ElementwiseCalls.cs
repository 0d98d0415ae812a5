using static Noether.Tests.Errors.Operands;

namespace Noether.Tests.Errors;

/// <summary>Wrong calls of operators, elementwise functions and creation.</summary>
internal static class ElementwiseCalls
{
    private const string MatrixShape = "[2, 3]";
    private const string VectorShape = "[4]";

    public static IEnumerable<WrongCall> Table =>
    [
        Operator<ShapeException>("Addition", "Add", () => _ = TwoByThree + FourLong),
        Operator<ShapeException>("Subtraction", "Subtract", () => _ = TwoByThree - FourLong),
        Operator<ShapeException>("Multiply", "Multiply", () => _ = TwoByThree * FourLong),
        Operator<ShapeException>("Division", "Divide", () => _ = TwoByThree / FourLong),
        Operator<ShapeException>("LessThan", "Less", () => _ = TwoByThree < FourLong),
        Operator<ShapeException>("GreaterThan", "Greater", () => _ = TwoByThree > FourLong),
        Operator<ShapeException>("LessThanOrEqual", "LessOrEqual", () => _ = TwoByThree <= FourLong),
        Operator<ShapeException>("GreaterThanOrEqual", "GreaterOrEqual", () => _ = TwoByThree >= FourLong),
        Operator<ShapeException>("BitwiseAnd", "BitwiseAnd", () => _ = WholeNumbers & Positions, "[5]"),
        Operator<DTypeException>("BitwiseAnd", "BitwiseAnd", () => _ = TwoByThree & FourLong),
        Operator<DTypeException>("BitwiseOr", "BitwiseOr", () => _ = TwoByThree | FourLong),
        Operator<DTypeException>("ExclusiveOr", "BitwiseXor", () => _ = WholeNumbers ^ FourLong),
        WrongCall.As<DTypeException>("Tensor.op_LogicalNot", "Not", () => _ = !TwoByThree, MatrixShape),
        WrongCall.Of<DTypeException>("Tensor.Not", () => TwoByThree.Not(), MatrixShape),

        Method("Equal", () => TwoByThree.Equal(FourLong)),
        Method("NotEqual", () => TwoByThree.NotEqual(FourLong)),
        Method("Hypot", () => TwoByThree.Hypot(FourLong)),
        Method("LogAddExp", () => TwoByThree.LogAddExp(FourLong)),
        Method("Pow", () => TwoByThree.Pow(FourLong)),
        Method("Atan2", () => TwoByThree.Atan2(FourLong)),
        Method("Maximum", () => TwoByThree.Maximum(FourLong)),
        Method("Minimum", () => TwoByThree.Minimum(FourLong)),
        Method("Lerp", () => TwoByThree.Lerp(FourLong, 0.5)),
        Method("Remainder", () => TwoByThree.Remainder(FourLong)),
        Method("Remainder", () => WholeNumbers.Remainder(Positions), "[5]"),
        Method("FloorDivide", () => TwoByThree.FloorDivide(FourLong)),
        Method("FloorDivide", () => WholeNumbers.FloorDivide(Positions), "[5]"),
        Method("ShiftLeft", () => WholeNumbers.ShiftLeft(Positions), "[5]"),
        WrongCall.Of<DTypeException>("Tensor.ShiftLeft", () => TwoByThree.ShiftLeft(FourLong), MatrixShape, VectorShape),
        WrongCall.Of<DTypeException>("Tensor.ShiftRight", () => TwoByThree.ShiftRight(FourLong), MatrixShape, VectorShape),
        WrongCall.Of<DTypeException>("Tensor.ShiftRightLogical", () => TwoByThree.ShiftRightLogical(1), MatrixShape),
        Method("Select", () => Tensor.Select(TwoByThree > 0, FourLong, NoAxes)),
        WrongCall.Of<DTypeException>("Tensor.Select", () => Tensor.Select(TwoByThree, TwoByThree, NoAxes), MatrixShape, "[]"),

        WrongCall.Of<ShapeException>("Tensor.From", () => Tensor.From([1.0, 2.0, 3.0], [2, 2]), "[2, 2]", "3 values"),
        WrongCall.Of<ShapeException>("Tensor.Create", () => Tensor.Create<float>([50_000, 50_000], static _ => { }), "[50000, 50000]"),
        WrongCall.Of<ShapeException>("Tensor.Wrap", () => Tensor.Wrap<float>(new float[3], [2, 2]), "[2, 2]", "3 values"),
        WrongCall.Of<ShapeException>("Tensor.Arange", () => Tensor.Arange(-1), "-1"),
        WrongCall.Of<ShapeException>("Tensor.Arange", () => Tensor.Arange(0.0, 1.0, 0.0), "from 0 to 1 by 0"),
        WrongCall.Of<ShapeException>("Tensor.Linspace", () => Tensor.Linspace(0, 1, -2), "-2"),
        WrongCall.Of<ShapeException>("Tensor.Eye", () => Tensor.Eye(-1), "[-1, -1]"),
    ];

    private static WrongCall Operator<TError>(string name, string named, Action call, string other = VectorShape)
        where TError : NoetherException => WrongCall.As<TError>($"Tensor.op_{name}", named, call, MatrixShape, other);

    private static WrongCall Method(string name, Action call, string other = VectorShape) =>
        WrongCall.Of<ShapeException>($"Tensor.{name}", call, MatrixShape, other);
}
