using System.Numerics;
using Noether.Primitives;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    // Matrices of fewer elements than this are done in one thread before another wakes.
    private const long WorthSharingMatrices = 4096;

    internal override void Factorise(Factorisation kind, View x, View[] y)
    {
        if (x.Type == DType.Float32) Factorise<float>(kind, x, y);
        else Factorise<double>(kind, x, y);
    }

    internal override void SolveTriangular(TriangularSolve system, View a, View b, View y)
    {
        if (a.Type == DType.Float32) SolveTriangular<float>(system, a, b, y);
        else SolveTriangular<double>(system, a, b, y);
    }

    private static void Factorise<T>(Factorisation kind, View x, View[] y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int m = x.Shape[^2], n = x.Shape[^1];
        ForEachMatrix(x, index =>
        {
            var from = Address<T>(x) + index * m * n;
            switch (kind)
            {
                case Factorisation.Cholesky:
                    var pivot = CholeskyFactor.Run(from, Address<T>(y[0]) + index * n * n, n);
                    if (pivot >= 0) throw new MatrixException($"Cholesky: {Which(x, index)} is not positive definite (found at row {pivot})");
                    break;
                case Factorisation.Lu:
                    LuFactors.Run(from, Address<T>(y[0]) + index * n * n, Address<long>(y[1]) + index * n, Address<T>(y[2]) + index, n);
                    break;
                case Factorisation.Qr:
                    OrthogonalFactors.Qr(from, m, n, Address<T>(y[0]) + index * m * n, Address<T>(y[1]) + index * n * n);
                    break;
                case Factorisation.Svd:
                    OrthogonalFactors.Svd(from, m, n, Address<T>(y[0]) + index * m * n, Address<T>(y[1]) + index * n, Address<T>(y[2]) + index * n * n);
                    break;
                case Factorisation.SingularValues:
                    OrthogonalFactors.Svd(from, m, n, null, Address<T>(y[0]) + index * n, null);
                    break;
                case Factorisation.SymmetricEigen:
                    OrthogonalFactors.SymmetricEigen(from, n, Address<T>(y[0]) + index * n, Address<T>(y[1]) + index * n * n);
                    break;
                default:
                    OrthogonalFactors.SymmetricEigen(from, n, Address<T>(y[0]) + index * n, null);
                    break;
            }
        });
    }

    private static void SolveTriangular<T>(TriangularSolve system, View a, View b, View y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = a.Shape[^1], k = b.Shape[^1];
        ForEachMatrix(a, index =>
        {
            var to = Address<T>(y) + index * n * k;
            var bytes = (long)n * k * sizeof(T);
            Buffer.MemoryCopy(Address<T>(b) + index * n * k, to, bytes, bytes);
            var row = TriangularSystem.Solve(Address<T>(a) + index * n * n, n, n, to, k, k, system.Lower, system.Transposed, system.UnitDiagonal);
            if (row >= 0) throw new MatrixException($"{system.Caller}: {Which(a, index)} is singular (zero pivot in row {row})");
        });
    }

    private static void ForEachMatrix(View x, Action<int> body)
    {
        var count = checked((int)x.Shape[..^2].Size);
        if (count > 1 && x.Size >= WorthSharingMatrices) WorkerPool.Shared.For(count, body);
        else for (var i = 0; i < count; i++) body(i);
    }

    private static string Which(View x, int index) => x.Shape.Rank == 2 ? $"the matrix {x.Shape}" : $"matrix {index} of {x.Shape}";
}
