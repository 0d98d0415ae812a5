using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Factorisations;

/// <summary>X of <c>T X = B</c>, or of <c>Tᵀ X = B</c>, for many small triangles T; the other triangle is not used.</summary>
/// <typeparam name="V">The element: <see cref="Float32Lane"/> or <see cref="Float64Lane"/>.</typeparam>
/// <typeparam name="TRows">How many rows they have at most.</typeparam>
/// <remarks>
/// Algorithm: a group a matrix and up to 16 columns of B; a row of X a step, which is taken off the rows still to come. One barrier a step. A zero
///            on the diagonal makes its row of X, and those that follow, NaN: a device cannot throw.
/// Layout:    t [matrices, n, n], b and x [matrices, n, k], dense; x may be b. Shared memory: T, turned if Tᵀ is solved with, in rows of an
///            odd length, and the columns.
/// Limit:     bandwidth: one read of b and one write of x, and T once for each 16 columns; with few columns latency, n barriers.
/// Order:     fixed: equal bits on every run.
/// Reference: in the tests, the product that gives B back.
/// </remarks>
public sealed class TriangularSolveKernel<V, TRows>(Accelerator accelerator)
    where V : unmanaged, IFloatLanes<V>
    where TRows : struct, ISmallRows
{
    private const int MostColumns = 16; // of a group

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<V>, ArrayView<V>, ArrayView<V>, TriangularSizes>> launch =
        new(() => accelerator.LoadKernel<ArrayView<V>, ArrayView<V>, ArrayView<V>, TriangularSizes>(Kernel, Grids.Specialization(accelerator)));

    /// <summary>Enqueues the solution.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="t">[matrices, n, n].</param>
    /// <param name="b">[matrices, n, k].</param>
    /// <param name="x">[matrices, n, k]; b or apart from it.</param>
    /// <param name="n">The rows; at most those of <typeparamref name="TRows"/>.</param>
    /// <param name="k">The columns of B.</param>
    /// <param name="lower">Which triangle T is.</param>
    /// <param name="transposed">Whether Tᵀ is solved with.</param>
    /// <param name="unitDiagonal">True if T's diagonal is one and not used.</param>
    /// <exception cref="ArgumentOutOfRangeException">Too many rows.</exception>
    public void Launch(
        AcceleratorStream stream, ArrayView<V> t, ArrayView<V> b, ArrayView<V> x, int n, int k, bool lower, bool transposed, bool unitDiagonal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, TRows.Most);
        if (x.Length == 0) return;
        var width = 1;
        while (width < k && width < MostColumns) width *= 2;
        var sizes = new TriangularSizes
        {
            Rows = n,
            Columns = k,
            Width = width,
            Parts = (k + width - 1) / width,
            IsTurned = transposed ? 1 : 0,
            IsForward = lower != transposed ? 1 : 0,
            IsUnit = unitDiagonal ? 1 : 0,
        };
        var threads = SmallMatrix.Threads(Grids.Threads(accelerator), n * width);
        launch.Value(stream, new(checked((int)(x.Length / n / k * sizes.Parts)), threads), t, b, x, sizes);
    }

    private static void Kernel(ArrayView<V> t, ArrayView<V> b, ArrayView<V> x, TriangularSizes sizes)
    {
        var tile = SharedMemory.Allocate<V>(TRows.Most * (TRows.Most + 1));
        var solved = SharedMemory.Allocate<V>(TRows.Most * MostColumns);
        int n = sizes.Rows, width = sizes.Width, pitch = TRows.Most + 1;
        var matrix = Grid.IdxX / sizes.Parts;
        int rows = Group.DimX / width, down = Group.IdxX / width, right = Group.IdxX % width;
        var column = (Grid.IdxX - matrix * sizes.Parts) * width + right;
        var from = (long)matrix * n * n;
        for (var i = Group.IdxX; i < n * n; i += Group.DimX)
        {
            var row = i / n;
            var place = row * pitch + i - row * n;
            if (sizes.IsTurned != 0) place = (i - row * n) * pitch + row;
            tile[place] = t[from + i];
        }

        var start = (long)matrix * n * sizes.Columns + column;
        for (var i = down; i < n; i += rows)
        {
            var value = V.Constant(0);
            if (column < sizes.Columns) value = b[start + (long)i * sizes.Columns];
            solved[right + i * width] = value;
        }

        // Row i = first + s·turn in step s: down from the first row, or up from the last.
        int first = 0, turn = 1;
        if (sizes.IsForward == 0)
        {
            first = n - 1;
            turn = -1;
        }

        for (var step = 0; step < n; step++)
        {
            Group.Barrier();
            var i = first + step * turn;
            var value = solved[right + i * width];
            if (sizes.IsUnit == 0)
            {
                var diagonal = tile[i * pitch + i];
                value = V.Select(V.Equal(diagonal, V.Constant(0)), V.Constant(double.NaN), value / diagonal);
            }

            if (down == 0 && column < sizes.Columns) x[start + (long)i * sizes.Columns] = value;
            for (var s = step + 1 + down; s < n; s += rows)
            {
                var row = first + s * turn;
                solved[right + row * width] = solved[right + row * width] - tile[row * pitch + i] * value;
            }
        }
    }
}
