using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Factorisations;

/// <summary>L of <c>A = L Lᵀ</c> for many small symmetric matrices; reads lower triangles only.</summary>
/// <typeparam name="V">The element: <see cref="Float32Lane"/> or <see cref="Float64Lane"/>.</typeparam>
/// <typeparam name="TRows">How many rows they have at most.</typeparam>
/// <remarks>
/// Algorithm: right-looking, a group a matrix, a column a step: the pivot's root, the column below it, then its product with itself off the triangle
///            that remains. Two barriers a step. A pivot that is not positive becomes NaN, and with it all of L from that row on: a device cannot throw.
/// Layout:    a and l [matrices, n, n], dense; shared memory: the matrix, rows a multiple of 32 and 8 apart, so that the 4 rows of 8 columns which
///            a warp brings up to date lie in banks of their own, and a copy of the column.
/// Limit:     up to 16 rows bandwidth, one read of a and one write of l; then latency, some n steps of two barriers, hidden by other groups.
/// Order:     fixed: equal bits on every run.
/// Reference: in the tests, the plain loop in float64.
/// </remarks>
public sealed class CholeskyKernel<V, TRows>(Accelerator accelerator)
    where V : unmanaged, IFloatLanes<V>
    where TRows : struct, ISmallRows
{
    private const int Columns = 8; // that neighbouring threads bring up to date

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, int>> launch =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, int>(Kernel, Grids.Specialization(accelerator)));

    /// <summary>Enqueues the factorisation of matrices of <paramref name="n"/> rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <typeparamref name="TRows"/>.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<V> a, ArrayView<V> l, int n)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, TRows.Most);
        if (l.Length == 0) return;
        var threads = SmallMatrix.Threads(Grids.Threads(accelerator), n * n / 2);
        var config = new KernelConfig(checked((int)(l.Length / n / n)), threads);
        launch.Value(stream, config, a, l, n);
    }

    private static void Kernel(ArrayView<V> a, ArrayView<V> l, int n)
    {
        var pitch = TRows.Most + Columns;
        var tile = SharedMemory.Allocate<V>(TRows.Most * (TRows.Most + Columns));
        var copy = SharedMemory.Allocate<V>(TRows.Most);
        var start = (long)Grid.IdxX * n * n;
        for (var i = Group.IdxX; i < n * n; i += Group.DimX)
        {
            var row = i / n;
            tile[row * pitch + i - row * n] = a[start + i];
        }

        int rows = Group.DimX / Columns, down = Group.IdxX / Columns, right = Group.IdxX % Columns;
        for (var j = 0; j < n; j++)
        {
            Group.Barrier();
            var pivot = tile[j * pitch + j];
            var root = V.Select(V.Equal(pivot, V.Constant(0)), V.Constant(double.NaN), V.Sqrt(pivot)); // of negative numbers NaN
            for (var i = j + 1 + Group.IdxX; i < n; i += Group.DimX)
            {
                var below = tile[i * pitch + j] / root;
                tile[i * pitch + j] = below;
                copy[i] = below;
            }

            Group.Barrier();
            if (Group.IdxX == 0) tile[j * pitch + j] = root; // all have read the pivot
            for (var i = j + 1 + down; i < n; i += rows)
            {
                var factor = copy[i];
                for (var k = j + 1 + right; k <= i; k += Columns)
                    tile[i * pitch + k] = tile[i * pitch + k] - factor * copy[k];
            }
        }

        Group.Barrier();
        for (var i = Group.IdxX; i < n * n; i += Group.DimX)
        {
            var row = i / n;
            var column = i - row * n;
            var value = V.Constant(0);
            if (column <= row) value = tile[row * pitch + column];
            l[start + i] = value;
        }
    }
}
