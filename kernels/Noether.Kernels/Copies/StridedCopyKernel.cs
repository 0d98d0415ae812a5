using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Copies;

/// <summary>Copies element by element from one strided layout to another.</summary>
/// <typeparam name="T">The element's size decides: <see cref="byte"/>, <see cref="short"/>, <see cref="int"/>, <see cref="long"/> or four ints.</typeparam>
/// <remarks>
/// Algorithm: a thread an element; both places follow from its number by index maps, without divisions where they fit in 32 bits.
/// Layout:    any strides, rank up to 8 after joining; places of the destination must differ.
/// Limit:     bandwidth where both sides run along the same axis.
/// Reference: <see cref="IndexMap.At"/> in a loop.
/// </remarks>
internal sealed class StridedCopyKernel<T>(Accelerator accelerator)
    where T : unmanaged
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, NarrowIndexMap, ArrayView<T>, NarrowIndexMap, int>> launchNarrow = new(() =>
        accelerator.LoadKernel<ArrayView<T>, NarrowIndexMap, ArrayView<T>, NarrowIndexMap, int>(NarrowKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, IndexMap, ArrayView<T>, IndexMap, long>> launchWide = new(() =>
        accelerator.LoadKernel<ArrayView<T>, IndexMap, ArrayView<T>, IndexMap, long>(WideKernel, Grids.Specialization(accelerator)));

    /// <summary>Enqueues the copy.</summary>
    public void Launch(AcceleratorStream stream, ArrayView<T> source, ArrayView<T> destination, CopyLayout layout)
    {
        var count = layout.Count;
        if (count == 0) return;
        IndexMap from = layout.From(), to = layout.To();
        var grid = Grids.Over(accelerator, count);
        if (from.TryNarrow(count, out var narrowFrom) && to.TryNarrow(count, out var narrowTo))
            launchNarrow.Value(stream, grid, source, narrowFrom, destination, narrowTo, (int)count);
        else
            launchWide.Value(stream, grid, source, from, destination, to, count);
    }

    private static void NarrowKernel(ArrayView<T> source, NarrowIndexMap from, ArrayView<T> destination, NarrowIndexMap to, int count)
    {
        var index = Grids.Thread;
        if (index < count) Aligned(destination)[to.At(index)] = Aligned(source)[from.At(index)];
    }

    private static void WideKernel(ArrayView<T> source, IndexMap from, ArrayView<T> destination, IndexMap to, long count)
    {
        var index = Grids.Thread;
        if (index < count) Aligned(destination)[to.At(index)] = Aligned(source)[from.At(index)];
    }

    // Elements of 16 bytes move at once only where that is said.
    private static ArrayView<T> Aligned(ArrayView<T> view) => view.AsAligned(Interop.SizeOf<T>());
}
