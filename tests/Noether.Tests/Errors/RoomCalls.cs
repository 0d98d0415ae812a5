using System.Numerics;
using static Noether.Tests.Errors.Operands;

namespace Noether.Tests.Errors;

/// <summary>Wrong calls of complex tensors, Fourier transforms, linear algebra and random draws.</summary>
internal static class RoomCalls
{
    private const string MatrixShape = "[2, 3]";
    private const string VectorShape = "[4]";

    // Made anew for each call, so that no operand is kept.
    private static ComplexTensor Z => new(TwoByThree, TwoByThree);

    private static ComplexTensor W => new(FourLong, FourLong);

    private static RandomKey Key => RandomKey.From(7, Device.Host);

    public static IEnumerable<WrongCall> Table => [.. Complex, .. Spectral, .. Factors, .. Draws];

    private static IEnumerable<WrongCall> Complex =>
    [
        WrongCall.As<ShapeException>("ComplexTensor.op_Addition", "Add", () => _ = Z + W, MatrixShape, VectorShape),
        WrongCall.As<ShapeException>("ComplexTensor.op_Subtraction", "Subtract", () => _ = Z - W, MatrixShape, VectorShape),
        WrongCall.As<ShapeException>("ComplexTensor.op_Multiply", "Multiply", () => _ = Z * W, MatrixShape, VectorShape),
        WrongCall.As<ShapeException>("ComplexTensor.op_Division", "Divide", () => _ = Z / W, MatrixShape, VectorShape),
        WrongCall.As<ShapeException>("ComplexTensor.op_Division", "Divide", () => _ = Z / FourLong, MatrixShape, VectorShape),
        OnComplex<ShapeException>("MatMul", () => Z.MatMul(W), VectorShape),
        OnComplex<AxisException>("Sum", () => Z.Sum(2)),
        OnComplex<AxisException>("Mean", () => Z.Mean([2])),
        OnComplex<ShapeException>("Reshape", () => Z.Reshape(4), "[4]"),
        OnComplex<AxisException>("Permute", () => Z.Permute(0)),
        WrongCall.Of<ShapeException>("ComplexTensor.Adjoint", () => W.Adjoint(), VectorShape),
        OnComplex<AxisException>("SwapAxes", () => Z.SwapAxes(0, 2)),
        OnComplex<AxisException>("MoveAxis", () => Z.MoveAxis(0, 2)),
        OnComplex<ShapeException>("BroadcastTo", () => Z.BroadcastTo([3, 3]), "[3, 3]"),
        OnComplex<ShapeException>("Squeeze", () => Z.Squeeze(0)),
        OnComplex<AxisException>("Unsqueeze", () => Z.Unsqueeze(4)),
        OnComplex<AxisException>("Narrow", () => Z.Narrow(1, 2, 2)),
        OnComplex<AxisException>("Take", () => Z.Take(Positions, 2)),
        OnComplex<ShapeException>("Concatenate", () => ComplexTensor.Concatenate(0, Z, W), VectorShape),
        OnComplex<ShapeException>("Stack", () => ComplexTensor.Stack(0, Z, W), VectorShape),
        OnComplex<ShapeException>("FromPolar", () => ComplexTensor.FromPolar(TwoByThree, FourLong), VectorShape),
        WrongCall.Of<ShapeException>("ComplexTensor.From", () => ComplexTensor.From([new Complex(1, 2)], [2, 2]), "[2, 2]"),
    ];

    private static IEnumerable<WrongCall> Spectral =>
    [
        NoAxis("Fft", (n, axis) => Fourier.Fft(Z, n, axis)),
        NoLength("Fft", n => Fourier.Fft(Z, n)),
        NoAxis("InverseFft", (n, axis) => Fourier.InverseFft(Z, n, axis)),
        NoLength("InverseFft", n => Fourier.InverseFft(Z, n)),
        NoAxis("RealFft", (n, axis) => Fourier.RealFft(TwoByThree, n, axis)),
        NoLength("RealFft", n => Fourier.RealFft(TwoByThree, n)),
        NoAxis("InverseRealFft", (n, axis) => Fourier.InverseRealFft(Z, n, axis)),
        NoLength("InverseRealFft", n => Fourier.InverseRealFft(Z, n)),
        OneAxis("Fft2", () => Fourier.Fft2(W)),
        OneAxis("InverseFft2", () => Fourier.InverseFft2(W)),
        OneAxis("RealFft2", () => Fourier.RealFft2(FourLong)),
        OneAxis("InverseRealFft2", () => Fourier.InverseRealFft2(W)),
        Many<AxisException>("FftN", (sizes, axes) => Fourier.FftN(Z, sizes, axes), null, [0, -2]),
        Many<ShapeException>("FftN", (sizes, axes) => Fourier.FftN(Z, sizes, axes), [2], [0, 1]),
        Many<ShapeException>("InverseFftN", (sizes, axes) => Fourier.InverseFftN(Z, sizes, axes), null, []),
        Many<ShapeException>("RealFftN", (sizes, axes) => Fourier.RealFftN(TwoByThree, sizes, axes), [0, 2], null),
        Many<AxisException>("RealFftN", (sizes, axes) => Fourier.RealFftN(TwoByThree, sizes, axes), null, [0, 2]),
        Many<ShapeException>("InverseRealFftN", (sizes, axes) => Fourier.InverseRealFftN(Z, sizes, axes), [2, -1], null),
        Modes([2, 3], "[2, 3]", Weights([3, 1, 2])),
        Modes([2, 3, 8], "2 blocks", Weights([3, 1, 2]), Weights([3, 1, 2])),
        Modes([2, 3, 8, 8], "[3, 1, 2, 3]", Weights([3, 1, 2, 2]), Weights([3, 1, 2, 3])),
        Modes([2, 3, 8], "[3, 2]", Weights([3, 2])),
        Modes([2, 3, 8], "[4, 1, 2]", Weights([4, 1, 2])),
        Modes([2, 3, 8], "6 modes", Weights([3, 1, 6])),
        NoAxis("FftShift", (_, axis) => Fourier.FftShift(TwoByThree, axis)),
        NoAxis("InverseFftShift", (_, axis) => Fourier.InverseFftShift(Z, axis)),
        WrongCall.Of<ShapeException>("Fourier.FftFrequencies", () => Fourier.FftFrequencies(0), "is 0"),
        WrongCall.Of<ShapeException>("Fourier.RealFftFrequencies", () => Fourier.RealFftFrequencies(0), "is 0"),
    ];

    private static IEnumerable<WrongCall> Factors =>
    [
        NotSquare("Cholesky", a => Noether.LinearAlgebra.Cholesky(a)),
        NotSquare("Lu", a => Noether.LinearAlgebra.Lu(a)),
        NotMatrix("Qr", a => Noether.LinearAlgebra.Qr(a)),
        NotMatrix("Svd", a => Noether.LinearAlgebra.Svd(a)),
        NotMatrix("SingularValues", a => Noether.LinearAlgebra.SingularValues(a)),
        NotSquare("SymmetricEigen", a => Noether.LinearAlgebra.SymmetricEigen(a)),
        NotSquare("SymmetricEigenvalues", a => Noether.LinearAlgebra.SymmetricEigenvalues(a)),
        NotSquare("Determinant", a => Noether.LinearAlgebra.Determinant(a)),
        NotSquare("LogDeterminant", a => Noether.LinearAlgebra.LogDeterminant(a)),
        NotSquare("MatrixPower", a => Noether.LinearAlgebra.MatrixPower(a, 2)),
        NotMatrix("Norm", a => Noether.LinearAlgebra.Norm(a)),
        NotMatrix("ConditionNumber", a => Noether.LinearAlgebra.ConditionNumber(a)),
        WrongCall.Of<ShapeException>("LinearAlgebra.ConditionNumber", () => Noether.LinearAlgebra.ConditionNumber(Empty), "[0, 3]"),
        NotMatrix("Rank", a => Noether.LinearAlgebra.Rank(a)),
        NotSquare("Inverse", a => Noether.LinearAlgebra.Inverse(a)),
        NotMatrix("PseudoInverse", a => Noether.LinearAlgebra.PseudoInverse(a)),
        RightSide("Solve", b => Noether.LinearAlgebra.Solve(Square, b)),
        NotSquare("Solve", a => Noether.LinearAlgebra.Solve(a, FourLong)),
        RightSide("SolveTriangular", b => Noether.LinearAlgebra.SolveTriangular(Square, b)),
        RightSide("SolveCholesky", b => Noether.LinearAlgebra.SolveCholesky(Square, b)),
        RightSide("LeastSquares", b => Noether.LinearAlgebra.LeastSquares(Square, b)),
        NotMatrix("LeastSquares", a => Noether.LinearAlgebra.LeastSquares(a, FourLong)),
    ];

    private static IEnumerable<WrongCall> Draws =>
    [
        NotFloating("Uniform", type => Key.Uniform([2, 3], type: type)),
        NotFloating("Normal", type => Key.Normal([2, 3], type: type)),
        NotFloating("TruncatedNormal", type => Key.TruncatedNormal([2, 3], type: type)),
        NotFloating("Gumbel", type => Key.Gumbel([2, 3], type)),
        NotFloating("Exponential", type => Key.Exponential([2, 3], type)),
        WrongCall.Of<ShapeException>("RandomKey.TruncatedNormal", () => Key.TruncatedNormal([2, 3], 1, 1), MatrixShape),
        WrongCall.Of<ShapeException>("RandomKey.Bernoulli", () => Key.Bernoulli([2, 3], 1.5), MatrixShape),
        WrongCall.Of<ShapeException>("RandomKey.Integers", () => Key.Integers([2, 3], 1, 1), MatrixShape),
        WrongCall.Of<AxisException>("RandomKey.Categorical", () => Key.Categorical(TwoByThree, 2), MatrixShape),
        WrongCall.Of<ShapeException>("RandomKey.Permutation", () => Key.Permutation(-1), "-1"),
        WrongCall.Of<AxisException>("RandomKey.Shuffle", () => Key.Shuffle(TwoByThree, 2), MatrixShape),
        WrongCall.As<DTypeException>("RandomKey.From", "RandomKey", () => RandomKey.From(TwoByThree), MatrixShape),
        WrongCall.Of<ShapeException>("RandomKey.Split", () => Key.Split(-1), "-1", "[2]"),
        WrongCall.Of<ShapeException>("RandomKey.SplitBatch", () => Key.SplitBatch(-1), "-1", "[2]"),
        WrongCall.Of<ShapeException>("RandomKey.Fold", () => Key.Fold(Positions), "[5]"),
    ];

    private static WrongCall OnComplex<TError>(string name, Action call, string other = MatrixShape)
        where TError : NoetherException => WrongCall.Of<TError>($"ComplexTensor.{name}", call, MatrixShape, other);

    private static ComplexTensor Weights(Shape shape) => ComplexTensor.From(Tensor.Ones(shape));

    private static WrongCall Modes(int[] x, string rule, params ComplexTensor[] weights) =>
        WrongCall.Of<ShapeException>("Fourier.SpectralConvolution", () => Fourier.SpectralConvolution(Tensor.Ones([.. x]), weights), rule);

    private static WrongCall NoAxis(string name, Action<int?, int> call) =>
        WrongCall.Of<AxisException>($"Fourier.{name}", () => call(null, 2), MatrixShape, "axis 2");

    private static WrongCall NoLength(string name, Action<int> call) => WrongCall.Of<ShapeException>($"Fourier.{name}", () => call(0), MatrixShape, "is 0");

    private static WrongCall OneAxis(string name, Action call) => WrongCall.Of<AxisException>($"Fourier.{name}", call, VectorShape);

    private static WrongCall Many<TError>(string name, Action<int[]?, int[]?> call, int[]? sizes, int[]? axes)
        where TError : NoetherException => WrongCall.Of<TError>($"Fourier.{name}", () => call(sizes, axes), MatrixShape);

    private static WrongCall NotMatrix(string name, Action<Tensor> call) =>
        WrongCall.Of<ShapeException>($"LinearAlgebra.{name}", () => call(FourLong), VectorShape);

    private static WrongCall NotSquare(string name, Action<Tensor> call) =>
        WrongCall.Of<ShapeException>($"LinearAlgebra.{name}", () => call(TwoByThree), MatrixShape);

    private static WrongCall RightSide(string name, Action<Tensor> call) =>
        WrongCall.Of<ShapeException>($"LinearAlgebra.{name}", () => call(FourLong), "[3, 3]", VectorShape);

    private static WrongCall NotFloating(string name, Action<DType> call) =>
        WrongCall.Of<DTypeException>($"RandomKey.{name}", () => call(DType.Int32), "int32", MatrixShape);
}
