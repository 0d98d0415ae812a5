using Noether.Kernels.Factorisations;
using Noether.Kernels.Lanes;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    /// <summary>Cholesky's alone; where the host throws for a matrix, L is NaN from the row on that fails.</summary>
    internal override void Factorise(Factorisation kind, View x, View[] y)
    {
        if (x.Type == DType.Float32) Cholesky<Float32Lane>(x, y[0]);
        else Cholesky<Float64Lane>(x, y[0]);
    }

    /// <summary>Where the host throws for a zero on the diagonal, the solution is NaN from that row on.</summary>
    internal override void SolveTriangular(TriangularSolve system, View a, View b, View y)
    {
        if (y.Type == DType.Float32) SolveTriangular<Float32Lane>(system, a, b, y);
        else SolveTriangular<Float64Lane>(system, a, b, y);
    }

    private void Cholesky<V>(View x, View y)
        where V : unmanaged, IFloatLanes<V>
    {
        if (x.Shape[^1] <= Rows32.Most) Cholesky<V, Rows32>(x, y);
        else Cholesky<V, Rows64>(x, y);
    }

    private void Cholesky<V, TRows>(View x, View y)
        where V : unmanaged, IFloatLanes<V>
        where TRows : struct, ISmallRows =>
        Kernels.Get(static accelerator => new CholeskyKernel<V, TRows>(accelerator)).Launch(Stream, Dense<V>(x), Dense<V>(y), x.Shape[^1]);

    private void SolveTriangular<V>(TriangularSolve system, View a, View b, View y)
        where V : unmanaged, IFloatLanes<V>
    {
        if (a.Shape[^1] <= Rows32.Most) SolveTriangular<V, Rows32>(system, a, b, y);
        else SolveTriangular<V, Rows64>(system, a, b, y);
    }

    private void SolveTriangular<V, TRows>(TriangularSolve system, View a, View b, View y)
        where V : unmanaged, IFloatLanes<V>
        where TRows : struct, ISmallRows =>
        Kernels.Get(static accelerator => new TriangularSolveKernel<V, TRows>(accelerator)).Launch(
            Stream, Dense<V>(a), Dense<V>(b), Dense<V>(y), a.Shape[^1], b.Shape[^1], system.Lower, system.Transposed, system.UnitDiagonal);

    // Larger ones are chains of dependent steps with products between them: the host has them.
    private static bool IsForHost(Primitive primitive, View[] x) =>
        primitive is Primitives.Cholesky or TriangularSolve && x[0].Shape[^1] > SmallMatrix.MostRows;
}
