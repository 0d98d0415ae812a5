using static Noether.Tests.Errors.Operands;

namespace Noether.Tests.Errors;

/// <summary>Wrong calls of products, convolution, pooling and resizing.</summary>
internal static class ContractionCalls
{
    private const string MatrixShape = "[2, 3]";
    private const string VectorShape = "[4]";
    private const string SignalShape = "[1, 2, 5]";
    private const string KernelShape = "[3, 4, 3]";

    private static Tensor Cells => Tensor.Ones([1, 2, 3, 4]);

    public static IEnumerable<WrongCall> Table =>
    [
        Of("MatMul", () => TwoByThree.MatMul(FourLong), VectorShape),
        Of("MatMul", () => FourLong.MatMul(TwoByThree), VectorShape),
        Of("MatMul", () => TwoByThree.MatMul(TwoByThree)),
        Of("MatMul", () => TwoByThree.MatMul(NoAxes), "[]"),
        WrongCall.Of<ShapeException>("Tensor.MatMul", () => Square.BroadcastTo([2, 3, 3]).MatMul(Square.BroadcastTo([4, 3, 3])), "[2, 3, 3]", "[4, 3, 3]"),
        Of("Inner", () => TwoByThree.Inner(FourLong), VectorShape),
        Of("TensorDot", () => TwoByThree.TensorDot(FourLong, 1), VectorShape),
        Of("TensorDot", () => TwoByThree.TensorDot(FourLong), VectorShape),
        WrongCall.Of<AxisException>("Tensor.TensorDot", () => TwoByThree.TensorDot(TwoByThree, [0, 0], [0, 1]), MatrixShape),
        Of("Cross", () => TwoByThree.Cross(FourLong), VectorShape),
        Of("Einsum", () => Tensor.Einsum("ij,jk->ik", TwoByThree, TwoByThree)),
        Of("Einsum", () => Tensor.Einsum("ij,j->i", TwoByThree), "'ij,j->i'"),
        Of("Einsum", () => Tensor.Einsum("ijk,l", TwoByThree, FourLong), VectorShape),
        Of("Einsum", () => Tensor.Einsum("ij,k->ijl", TwoByThree, FourLong), VectorShape),

        WrongCall.Of<ShapeException>("Tensor.RowAndColumnMeans", () => FourLong.RowAndColumnMeans(), VectorShape),
        Of("MixChannels", () => TwoByThree.MixChannels(TwoByThree, FourLong, FourLong)),
        WrongCall.Of<ShapeException>("Tensor.MixChannels", () => Cells.MixChannels(Square, NoAxes, NoAxes), "[3, 3]", "[1, 2, 3, 4]"),
        WrongCall.Of<ShapeException>("Tensor.MixChannels", () => Cells.MixChannels(Tensor.Ones([5, 2]), FourLong, NoAxes), VectorShape, "[1, 5, 3]"),
        WrongCall.Of<ShapeException>("Tensor.MixChannels", () => Cells.MixChannels(Tensor.Ones([5, 2]), NoAxes, TwoByThree), MatrixShape, "[1, 5, 4]"),

        WrongCall.Of<ShapeException>("Tensor.AttendNeurons", () => Tensor.AttendNeurons(Cells, null, null, 1), "[1, 2, 3, 4]"),
        WrongCall.Of<ShapeException>("Tensor.AttendNeurons", () => Tensor.AttendNeurons(Tensor.Ones([1, 3, 2, 4]), TwoByThree, null, 1), MatrixShape),
        WrongCall.Of<ShapeException>("Tensor.AttendNeurons", () => Tensor.AttendNeurons(null, Tensor.Ones([1, 3, 2]), Cells, 1), "[1, 2, 3, 4]"),

        Of("ScaledDotProductAttention", () => Tensor.ScaledDotProductAttention(TwoByThree, FourLong, TwoByThree), VectorShape),
        Of("ScaledDotProductAttention", () => Tensor.ScaledDotProductAttention(TwoByThree, Square, TwoByThree), "[3, 3]"),
        Of("ScaledDotProductAttention", () => Tensor.ScaledDotProductAttention(TwoByThree, Square, Square, FourLong), VectorShape),
        WrongCall.Of<DTypeException>("Tensor.ScaledDotProductAttention", () => Tensor.ScaledDotProductAttention(TwoByThree, Square, Square, WholeNumbers), MatrixShape),
        WrongCall.Of<ShapeException>(
            "Tensor.ScaledDotProductAttention",
            () => Tensor.ScaledDotProductAttention(Square.BroadcastTo([2, 3, 3]), Square.BroadcastTo([4, 3, 3]), Square), "[2, 3, 3]", "[4, 3, 3]"),

        Filter("Convolve", () => Signal.Convolve(Kernel)),
        Filter("Convolve", () => Signal.Convolve(Kernel, groups: 2)),
        Filter("ConvolveSame", () => Signal.ConvolveSame(Kernel)),
        Filter("ConvolveTransposed", () => Signal.ConvolveTransposed(Kernel)),
        WrongCall.Of<ShapeException>("Tensor.Convolve", () => TwoByThree.Convolve(TwoByThree), MatrixShape),
        WrongCall.Of<ShapeException>("Tensor.Convolve", () => Signal.Convolve(Tensor.Zeros([1, 2, 7])), SignalShape, "[1, 2, 7]"),
        WrongCall.Of<ShapeException>("Tensor.Convolve", () => Signal.Convolve(Tensor.Zeros([1, 2, 3]), bias: FourLong), VectorShape),

        Of("MaxPool", () => TwoByThree.MaxPool([4])),
        Of("MaxPool", () => TwoByThree.MaxPool([1, 1, 1])),
        Of("AveragePool", () => TwoByThree.AveragePool([4])),
        Of("AdaptiveMaxPool", () => TwoByThree.AdaptiveMaxPool(0)),
        Of("AdaptiveAveragePool", () => TwoByThree.AdaptiveAveragePool(1, 1, 1)),
        WrongCall.Of<ShapeException>("Tensor.AdaptiveAveragePool", () => Empty.AdaptiveAveragePool(1, 1), "[0, 3]"),
        Of("Resize", () => TwoByThree.Resize([1, 2, 3])),
        Of("Resize", () => TwoByThree.Resize([0])),
    ];

    private static WrongCall Of(string name, Action call, string other = MatrixShape) =>
        WrongCall.Of<ShapeException>($"Tensor.{name}", call, MatrixShape, other);

    private static WrongCall Filter(string name, Action call) => WrongCall.Of<ShapeException>($"Tensor.{name}", call, SignalShape, KernelShape);
}
