using static Noether.Tests.Errors.Operands;

namespace Noether.Tests.Errors;

/// <summary>Wrong calls of views, arrangements, diagonals and indices.</summary>
internal static class ShapeCalls
{
    private const string MatrixShape = "[2, 3]";
    private const string VectorShape = "[4]";

    public static IEnumerable<WrongCall> Table =>
    [
        Of<ShapeException>("Reshape", () => TwoByThree.Reshape(4), "[4]"),
        Of<ShapeException>("Reshape", () => TwoByThree.Reshape(4, -1), "[4, -1]"),
        Of<AxisException>("Permute", () => TwoByThree.Permute(0)),
        Of<AxisException>("Permute", () => TwoByThree.Permute(1, -1)),
        Of<AxisException>("SwapAxes", () => TwoByThree.SwapAxes(0, 2)),
        Of<AxisException>("MoveAxis", () => TwoByThree.MoveAxis(0, 2)),
        Of<ShapeException>("BroadcastTo", () => TwoByThree.BroadcastTo([3, 3]), "[3, 3]"),
        Of<ShapeException>("Expand", () => TwoByThree.Expand(3, -1), "[3, 3]"),
        Of<ShapeException>("Expand", () => TwoByThree.Expand(-1, 2, 3)),
        Of<ShapeException>("Squeeze", () => TwoByThree.Squeeze(0)),
        Of<AxisException>("Squeeze", () => TwoByThree.Squeeze(2)),
        Of<AxisException>("Unsqueeze", () => TwoByThree.Unsqueeze(4)),
        Of<AxisException>("Narrow", () => TwoByThree.Narrow(1, 2, 2)),
        Of<AxisException>("Narrow", () => TwoByThree.Narrow(2, 0, 1)),
        Of<ShapeException>("Concatenate", () => Tensor.Concatenate(0, TwoByThree, FourLong), VectorShape),
        Of<AxisException>("Concatenate", () => Tensor.Concatenate(2, TwoByThree, TwoByThree)),
        Of<ShapeException>("Stack", () => Tensor.Stack(0, TwoByThree, FourLong), VectorShape),
        Of<AxisException>("Stack", () => Tensor.Stack(3, TwoByThree, TwoByThree)),

        Of<ShapeException>("Split", () => TwoByThree.Split([1, 1], 1)),
        Of<ShapeException>("Split", () => TwoByThree.Split(0)),
        Of<AxisException>("Split", () => TwoByThree.Split(1, 2)),
        Of<ShapeException>("Chunk", () => TwoByThree.Chunk(0)),
        Of<AxisException>("Chunk", () => TwoByThree.Chunk(2, 2)),
        Of<ShapeException>("Tile", () => TwoByThree.Tile(-1)),
        Of<ShapeException>("Repeat", () => TwoByThree.Repeat(-1)),
        Of<ShapeException>("Repeat", () => TwoByThree.Repeat([1, 2, 3])),
        Of<ShapeException>("Repeat", () => TwoByThree.Repeat([1, -2])),
        Of<AxisException>("Roll", () => TwoByThree.Roll(1, 2)),
        Of<AxisException>("Flip", () => TwoByThree.Flip(2)),
        Of<AxisException>("Flip", () => TwoByThree.Flip(0, -2)),
        Of<ShapeException>("Pad", () => TwoByThree.Pad([(1, 1), (1, 1), (1, 1)])),
        Of<ShapeException>("Pad", () => TwoByThree.Pad([(-2, -2)])),
        Of<ShapeException>("Pad", () => TwoByThree.Pad([(3, 0)], PadMode.Reflect)),
        Of<ShapeException>("SlidingWindows", () => TwoByThree.SlidingWindows(0)),
        Of<AxisException>("SlidingWindows", () => TwoByThree.SlidingWindows(2, axis: 2)),
        Of<ShapeException>("OverlapAdd", () => TwoByThree.OverlapAdd(7)),
        Of<ShapeException>("OverlapAdd", () => TwoByThree.OverlapAdd(4, axis: -1)),
        Of<ShapeException>("Unfold", () => TwoByThree.Unfold([2])),
        Of<ShapeException>("Meshgrid", () => Tensor.Meshgrid(FourLong, TwoByThree)),

        WrongCall.Of<AxisException>("Tensor.Diagonal", () => FourLong.Diagonal(), VectorShape),
        Of<AxisException>("Diagonal", () => TwoByThree.Diagonal(0, 0, -2)),
        WrongCall.Of<ShapeException>("Tensor.DiagonalMatrix", () => NoAxes.DiagonalMatrix(), "scalar"),
        WrongCall.Of<ShapeException>("Tensor.Trace", () => FourLong.Trace(), VectorShape),
        WrongCall.Of<ShapeException>("Tensor.LowerTriangle", () => FourLong.LowerTriangle(), VectorShape),
        WrongCall.Of<ShapeException>("Tensor.UpperTriangle", () => FourLong.UpperTriangle(), VectorShape),
        Of<ShapeException>("BlockDiagonal", () => Tensor.BlockDiagonal(TwoByThree, FourLong), VectorShape),

        Index<AxisException>("this", () => _ = TwoByThree[2]),
        Index<AxisException>("this", () => _ = TwoByThree[0, 0, 0]),
        Index<AxisException>("this", () => _ = TwoByThree[TensorIndex.Ellipsis, TensorIndex.Ellipsis]),
        Index<DTypeException>("this", () => _ = TwoByThree[FourLong], VectorShape),
        Index<ShapeException>("this", () => _ = TwoByThree[FourLong > 0], VectorShape),
        Index<AxisException>("At", () => TwoByThree.At(-3)),
        WrongCall.As<ShapeException>("Tensor.this", "Index", () => _ = Square[Positions, WholeNumbers], "[5]", MatrixShape),
        Of<DTypeException>("OneHot", () => TwoByThree.OneHot(3)),
        Of<ShapeException>("OneHot", () => WholeNumbers.OneHot(-1)),
        Of<AxisException>("Gather", () => TwoByThree.Gather(2, WholeNumbers)),
        Of<ShapeException>("Gather", () => TwoByThree.Gather(1, Positions), "[5]"),
        Of<DTypeException>("Gather", () => TwoByThree.Gather(1, TwoByThree)),
        Of<AxisException>("Take", () => TwoByThree.Take(Positions, 2)),
        Of<DTypeException>("Take", () => TwoByThree.Take(TwoByThree)),
        Of<AxisException>("TakeAlong", () => TwoByThree.TakeAlong(WholeNumbers, 2)),
        Of<ShapeException>("TakeAlong", () => TwoByThree.TakeAlong(Positions, 1), "[5]"),
        Of<DTypeException>("TakeAlong", () => TwoByThree.TakeAlong(TwoByThree, 1)),
        Of<AxisException>("PutAlong", () => TwoByThree.PutAlong(WholeNumbers, 2, 3)),
        Of<ShapeException>("PutAlong", () => TwoByThree.PutAlong(Positions, 1, 3), "[5]"),
        Of<ShapeException>("PutAlong", () => TwoByThree.PutAlong(WholeNumbers, 1, -1)),
        Of<ShapeException>("PutAlong", () => TwoByThree.PutAlong(WholeNumbers.Narrow(1, 0, 2), 1, 5), "[2, 2]"),

        Update<ShapeException>("Set", update => update.Set(FourLong), VectorShape),
        Update<ShapeException>("Add", update => update.Add(FourLong), VectorShape),
        Update<ShapeException>("Subtract", update => update.Subtract(FourLong), VectorShape),
        Update<ShapeException>("Multiply", update => update.Multiply(FourLong), VectorShape),
        Update<ShapeException>("Max", update => update.Max(FourLong), VectorShape),
        Update<ShapeException>("Min", update => update.Min(FourLong), VectorShape),
        WrongCall.As<DTypeException>("TensorUpdate.Set", "At.Set", () => WholeNumbers.At(0).Set(FourLong), MatrixShape, VectorShape),
        WrongCall.As<DTypeException>("TensorUpdate.Add", "At.Add", () => (TwoByThree > 0).At(0).Add(1), MatrixShape),
    ];

    private static WrongCall Of<TError>(string name, Action call, string other = MatrixShape)
        where TError : NoetherException => WrongCall.Of<TError>($"Tensor.{name}", call, MatrixShape, other);

    private static WrongCall Index<TError>(string name, Action call, string other = MatrixShape)
        where TError : NoetherException => WrongCall.As<TError>($"Tensor.{name}", "Index", call, MatrixShape, other);

    private static WrongCall Update<TError>(string name, Action<TensorUpdate> call, string other)
        where TError : NoetherException => WrongCall.As<TError>($"TensorUpdate.{name}", $"At.{name}", () => call(TwoByThree.At(0)), MatrixShape, other);
}
