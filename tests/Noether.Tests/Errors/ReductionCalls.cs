using static Noether.Tests.Errors.Operands;

namespace Noether.Tests.Errors;

/// <summary>Wrong calls of reductions, running folds and sorting.</summary>
internal static class ReductionCalls
{
    private const string MatrixShape = "[2, 3]";

    public static IEnumerable<WrongCall> Table =>
    [
        NoAxis("Sum", axis => TwoByThree.Sum(axis)),
        NoAxis("Mean", axis => TwoByThree.Mean(axis)),
        NoAxis("Prod", axis => TwoByThree.Prod(axis)),
        NoAxis("Max", axis => TwoByThree.Max(axis)),
        NoAxis("Min", axis => TwoByThree.Min(axis)),
        NoAxis("All", axis => TwoByThree.All(axis)),
        NoAxis("Any", axis => TwoByThree.Any(axis)),
        NoAxis("CountNonzero", axis => TwoByThree.CountNonzero(axis)),
        NoAxis("ArgMax", axis => TwoByThree.ArgMax(axis)),
        NoAxis("ArgMin", axis => TwoByThree.ArgMin(axis)),
        NoAxis("Var", axis => TwoByThree.Var(axis)),
        NoAxis("Std", axis => TwoByThree.Std(axis)),
        NoAxis("Norm", axis => TwoByThree.Norm(axis)),
        NoAxis("LogSumExp", axis => TwoByThree.LogSumExp(axis)),
        NoAxis("Softmax", axis => TwoByThree.Softmax(axis)),
        NoAxis("LogSoftmax", axis => TwoByThree.LogSoftmax(axis)),
        NoAxis("CumSum", axis => TwoByThree.CumSum(axis)),
        NoAxis("CumProd", axis => TwoByThree.CumProd(axis)),
        NoAxis("CumMax", axis => TwoByThree.CumMax(axis)),
        NoAxis("CumMin", axis => TwoByThree.CumMin(axis)),
        NoAxis("CumArgMax", axis => TwoByThree.CumArgMax(axis)),
        NoAxis("CumArgMin", axis => TwoByThree.CumArgMin(axis)),
        NoAxis("ArgSort", axis => TwoByThree.ArgSort(axis)),
        NoAxis("Sort", axis => TwoByThree.Sort(axis)),
        NoAxis("TopK", axis => TwoByThree.TopK(1, axis)),
        NoAxis("Median", axis => TwoByThree.Median(axis)),
        NoAxis("Quantile", axis => TwoByThree.Quantile(0.5, axis)),

        Twice("Sum", axes => TwoByThree.Sum(axes)),
        Twice("Mean", axes => TwoByThree.Mean(axes)),
        Twice("Prod", axes => TwoByThree.Prod(axes)),
        Twice("Max", axes => TwoByThree.Max(axes)),
        Twice("Min", axes => TwoByThree.Min(axes)),
        Twice("All", axes => TwoByThree.All(axes)),
        Twice("Any", axes => TwoByThree.Any(axes)),
        Twice("Var", axes => TwoByThree.Var(axes)),
        Twice("Std", axes => TwoByThree.Std(axes)),
        Twice("Norm", axes => TwoByThree.Norm(axes)),
        Twice("LogSumExp", axes => TwoByThree.LogSumExp(axes)),

        Nothing("Max", () => Empty.Max(0)),
        Nothing("Min", () => Empty.Min(0)),
        Nothing("ArgMax", () => Empty.ArgMax(0)),
        Nothing("ArgMin", () => Empty.ArgMin(0)),
        Nothing("Median", () => Empty.Median(0)),
        Nothing("Quantile", () => Empty.Quantile(0.5, 0)),
        NoAxis("CrossEntropy", axis => TwoByThree.CrossEntropy(Tensor.From([0L, 1]), axis)),
        WrongCall.Of<ShapeException>("Tensor.CrossEntropy", () => TwoByThree.CrossEntropy(FourLong.To(DType.Int64)), MatrixShape, "[4]"),
        WrongCall.Of<DTypeException>("Tensor.CrossEntropy", () => TwoByThree.CrossEntropy(Tensor.From([0.5, 1])), "[2]"),
        WrongCall.Of<ShapeException>("Tensor.LayerNorm", () => TwoByThree.LayerNorm(3), MatrixShape),
        WrongCall.Of<ShapeException>("Tensor.BatchNorm", () => FourLong.BatchNorm(), "[4]"),
        WrongCall.Of<ShapeException>("Tensor.BatchNorm", () => TwoByThree.BatchNorm(FourLong), MatrixShape, "[4]"),
        WrongCall.Of<ShapeException>("Tensor.BatchNorm", () => Tensor.Zeros([0, 3]).BatchNorm(), "[0, 3]"),
        WrongCall.Of<ShapeException>("Tensor.LayerNorm", () => TwoByThree.LayerNorm(1, FourLong), MatrixShape, "[4]"),
        WrongCall.Of<ShapeException>("Tensor.Quantile", () => TwoByThree.Quantile(1.5, 0), MatrixShape),
        WrongCall.Of<ShapeException>("Tensor.TopK", () => TwoByThree.TopK(4), MatrixShape),
        WrongCall.Of<ShapeException>("Tensor.SearchSorted", () => TwoByThree.SearchSorted(FourLong), MatrixShape, "[4]"),
        WrongCall.Of<ShapeException>("Tensor.Histogram", () => TwoByThree.Histogram(0, 0, 1), MatrixShape),
        WrongCall.Of<TransformException>("Tensor.Unique", () => Transform.Grad(x => x.Unique().Sum())(FourLong), "[4]"),
    ];

    private static WrongCall NoAxis(string name, Action<int> call) =>
        WrongCall.Of<AxisException>($"Tensor.{name}", () => call(2), "axis 2", MatrixShape);

    private static WrongCall Twice(string name, Action<int[]> call) =>
        WrongCall.Of<AxisException>($"Tensor.{name}", () => call([0, -2]), "axis 0", MatrixShape);

    private static WrongCall Nothing(string name, Action call) => WrongCall.Of<ShapeException>($"Tensor.{name}", call, "[0, 3]");
}
