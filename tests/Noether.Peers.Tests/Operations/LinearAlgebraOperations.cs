using Noether.Peers.Tests.Oracle;
using static TorchSharp.torch;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Peers.Tests.Operations;

/// <summary>
/// Well-conditioned matrices are made from the operands on both sides: X + (n + 2) I, or X Xᵀ + I. The slack covers condition numbers of some tens.
/// </summary>
internal static class LinearAlgebraOperations
{
    private const double Slack = 50;

    public static IEnumerable<Operation> All { get; } =
    [
        Regular("determinant", static a => LinearAlgebra.Determinant(a), static a => linalg.det(a)),
        Regular("log-determinant", static a => LinearAlgebra.LogDeterminant(a).Log, static a => linalg.slogdet(a).Item2),
        Regular("inverse", static a => LinearAlgebra.Inverse(a), static a => linalg.inv(a)),
        Regular("singular values", static a => LinearAlgebra.SingularValues(a), static a => linalg.svdvals(a)),
        Regular("pseudo-inverse", static a => LinearAlgebra.PseudoInverse(a), static a => linalg.pinv(a)),
        Regular("matrix power", static a => LinearAlgebra.MatrixPower(a, 3), static a => a.matmul(a).matmul(a)),
        Regular("|R| of QR", static a => LinearAlgebra.Qr(a).R.Abs(), static a => linalg.qr(a).R.abs()),
        Definite("Cholesky", static a => LinearAlgebra.Cholesky(a), static a => linalg.cholesky(a)),
        Definite("symmetric eigenvalues", static a => LinearAlgebra.SymmetricEigenvalues(a), static a => linalg.eigvalsh(a)),
        Definite("squared eigenvectors", static a => LinearAlgebra.SymmetricEigen(a).Vectors.Square(), static a => linalg.eigh(a).Item2.square()),
        System("solve", static (a, b) => LinearAlgebra.Solve(a, b), static (a, b) => linalg.solve(a, b)),
        System("solve, lower triangle", static (a, b) => LinearAlgebra.SolveTriangular(a.LowerTriangle(), b), static (a, b) => linalg.solve_triangular(a.tril(), b, upper: false)),
        System("solve, upper triangle", static (a, b) => LinearAlgebra.SolveTriangular(a.UpperTriangle(), b, lower: false), static (a, b) => linalg.solve_triangular(a.triu(), b, upper: true)),
        new("least squares", static d =>
        {
            var (rows, columns) = (d.Next(5, 7), d.Next(1, 3));
            return new([d.Operand([rows, columns], Domain.Real, distinct: true), d.Operand([rows, 2], Domain.Real)],
                x => LinearAlgebra.LeastSquares(x[0], x[1]), x => linalg.lstsq(x[0], x[1]).Solution);
        })
        { Slack = Slack },
    ];

    private static Operation Regular(string name, Func<Tensor, Tensor> ours, Func<TorchTensor, TorchTensor> theirs) => new(name, d =>
    {
        var shape = Square(d);
        return new([d.Operand(shape, Domain.Real, distinct: true)],
            x => ours(x[0] + (shape[^1] + 2) * Tensor.Eye(shape[^1], x[0].DType)),
            x => theirs(x[0] + (shape[^1] + 2) * eye(shape[^1], dtype: x[0].dtype)));
    })
    { Slack = Slack };

    private static Operation Definite(string name, Func<Tensor, Tensor> ours, Func<TorchTensor, TorchTensor> theirs) => new(name, d =>
    {
        var shape = Square(d);
        return new([d.Operand(shape, Domain.Real, distinct: true)],
            x => ours(x[0].MatMul(x[0].SwapAxes(-1, -2)) + Tensor.Eye(shape[^1], x[0].DType)),
            x => theirs(x[0].matmul(x[0].mT) + eye(shape[^1], dtype: x[0].dtype)));
    })
    { Slack = Slack };

    private static Operation System(string name, Func<Tensor, Tensor, Tensor> ours, Func<TorchTensor, TorchTensor, TorchTensor> theirs) => new(name, d =>
    {
        var shape = Square(d);
        return new([d.Operand(shape, Domain.Real, distinct: true), d.Operand([.. shape[..^1], d.Next(1, 3)], Domain.Real)],
            x => ours(x[0] + (shape[^1] + 2) * Tensor.Eye(shape[^1], x[0].DType), x[1]),
            x => theirs(x[0] + (shape[^1] + 2) * eye(shape[^1], dtype: x[0].dtype), x[1]));
    })
    { Slack = Slack };

    private static int[] Square(Draw d)
    {
        var n = d.Next(1, 5);
        return d.Flip() ? [n, n] : [d.Next(1, 3), n, n];
    }
}
