using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Indexing;

/// <summary><c>y[o, i, n] = x[o, index[i], n]</c>: slices picked along one axis.</summary>
/// <typeparam name="T">The element's size decides: <see cref="byte"/>, <see cref="short"/>, <see cref="int"/>, <see cref="long"/> or four ints.</typeparam>
/// <remarks>
/// Algorithm: a thread an element of y; who has rows that are multiples of 16 bytes gives them as such elements. An index outside [0, size) is clamped to the nearest end (as JAX's gather does): a device cannot throw.
/// Layout:    x [outer, size, inner], index [count], y [outer, count, inner], dense.
/// Limit:     bandwidth for rows of 128 bytes and more; below that the reads of x scatter.
/// Reference: in the tests.
/// </remarks>
public sealed class TakeKernel<T>(Accelerator accelerator)
    where T : unmanaged
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<int>, ArrayView<T>, long, long>> launch32 =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<int>, ArrayView<T>, long, long>(Kernel32, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<long>, ArrayView<T>, long, long>> launch64 =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<long>, ArrayView<T>, long, long>(Kernel64, Grids.Specialization(accelerator)));

    /// <summary>Enqueues the gather; <paramref name="size"/> of x's axis must not be 0 unless y is empty.</summary>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<int> index, ArrayView<T> y, long size, long inner)
    {
        if (y.Length == 0) return;
        launch32.Value(stream, Grids.Over(accelerator, y.Length), x, index, y, size, inner);
    }

    /// <inheritdoc cref="Launch(AcceleratorStream, ArrayView{T}, ArrayView{int}, ArrayView{T}, long, long)"/>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<long> index, ArrayView<T> y, long size, long inner)
    {
        if (y.Length == 0) return;
        launch64.Value(stream, Grids.Over(accelerator, y.Length), x, index, y, size, inner);
    }

    private static void Kernel32(ArrayView<T> x, ArrayView<int> index, ArrayView<T> y, long size, long inner)
    {
        var at = Grids.Thread;
        if (at >= y.Length) return;
        var place = new SlicePlace(at, index.Length, inner);
        Aligned(y)[at] = Aligned(x)[(place.Outer * size + SlicePlace.Clamp(index[place.Slice], size)) * inner + place.Inner];
    }

    private static void Kernel64(ArrayView<T> x, ArrayView<long> index, ArrayView<T> y, long size, long inner)
    {
        var at = Grids.Thread;
        if (at >= y.Length) return;
        var place = new SlicePlace(at, index.Length, inner);
        Aligned(y)[at] = Aligned(x)[(place.Outer * size + SlicePlace.Clamp(index[place.Slice], size)) * inner + place.Inner];
    }

    // Elements of 16 bytes move at once only where that is said.
    private static ArrayView<T> Aligned(ArrayView<T> view) => view.AsAligned(Interop.SizeOf<T>());
}
