using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Indexing;

/// <summary><c>y[o, index[i], n] += x[o, i, n]</c> in no order: <see cref="ScatterKernel{TOperation, T}"/>'s sums without its sort.</summary>
/// <typeparam name="TAdd">The addition.</typeparam>
/// <typeparam name="T">The element.</typeparam>
/// <remarks>
/// Algorithm: a thread an element of x, which it adds where it belongs. An index outside [0, size) is dropped.
/// Layout:    x [outer, count, inner], index [count], y [outer, size, inner], dense; no scratch.
/// Limit:     one read of x and an addition in the second-level cache for each element; the adders of one place wait for each other.
/// Order:     as threads come: the last bits of sums of several differ from run to run.
/// Where:     not on OpenCL 1.2: ILGPU's atomics want generic pointers.
/// Reference: in the tests, the plain loop.
/// </remarks>
public sealed class AtomicScatterKernel<TAdd, T>(Accelerator accelerator)
    where TAdd : struct, IAtomicAdd<T>
    where T : unmanaged
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<int>, ArrayView<T>, long, long>> launch32 =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<int>, ArrayView<T>, long, long>(Kernel32, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<long>, ArrayView<T>, long, long>> launch64 =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<long>, ArrayView<T>, long, long>(Kernel64, Grids.Specialization(accelerator)));

    /// <summary>Enqueues the scatter into <paramref name="y"/>, which holds the start values.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">[outer, count, inner].</param>
    /// <param name="index">[count].</param>
    /// <param name="y">[outer, size, inner].</param>
    /// <param name="size">The size of y's axis.</param>
    /// <param name="inner">The product of the sizes behind it.</param>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<int> index, ArrayView<T> y, long size, long inner)
    {
        if (x.Length == 0 || y.Length == 0) return;
        launch32.Value(stream, Grids.Over(accelerator, x.Length), x, index, y, size, inner);
    }

    /// <inheritdoc cref="Launch(AcceleratorStream, ArrayView{T}, ArrayView{int}, ArrayView{T}, long, long)"/>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<long> index, ArrayView<T> y, long size, long inner)
    {
        if (x.Length == 0 || y.Length == 0) return;
        launch64.Value(stream, Grids.Over(accelerator, x.Length), x, index, y, size, inner);
    }

    private static void Kernel32(ArrayView<T> x, ArrayView<int> index, ArrayView<T> y, long size, long inner)
    {
        var at = Grids.Thread;
        if (at >= x.Length) return;
        var place = new SlicePlace(at, index.Length, inner);
        Add(x[at], place, index[place.Slice], y, size, inner);
    }

    private static void Kernel64(ArrayView<T> x, ArrayView<long> index, ArrayView<T> y, long size, long inner)
    {
        var at = Grids.Thread;
        if (at >= x.Length) return;
        var place = new SlicePlace(at, index.Length, inner);
        Add(x[at], place, index[place.Slice], y, size, inner);
    }

    private static void Add(T update, SlicePlace place, long target, ArrayView<T> y, long size, long inner)
    {
        if (target >= 0 && target < size) TAdd.Add(y, (place.Outer * size + target) * inner + place.Inner, update);
    }
}
