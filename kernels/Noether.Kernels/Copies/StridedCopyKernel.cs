using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Copies;

/// <summary>Copies elements from one strided layout to another: transposition, broadcasting, slicing, reversal, concatenation piece by piece.</summary>
/// <typeparam name="T">The element's size decides, not its meaning: <see cref="byte"/>, <see cref="short"/>, <see cref="int"/> or <see cref="long"/>.</typeparam>
/// <remarks>
/// Algorithm: a thread an element; both places follow from its number by <see cref="IndexMap"/>.
/// Layout:    any strides, rank up to 8 after joining; places of the destination must differ.
/// Limit:     bandwidth where both sides run along the same axis; a transposition reads uncoalesced.
/// Reference: <see cref="IndexMap.At"/> in a loop.
/// </remarks>
public sealed class StridedCopyKernel<T>(Accelerator accelerator)
    where T : unmanaged
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, IndexMap, ArrayView<T>, IndexMap, long> launch =
        accelerator.LoadKernel<ArrayView<T>, IndexMap, ArrayView<T>, IndexMap, long>(Kernel, Grids.Specialization(accelerator));

    /// <summary>Enqueues <c>destination[to(i)] = source[from(i)]</c> for <c>0 ≤ i &lt; count</c>.</summary>
    public void Launch(AcceleratorStream stream, ArrayView<T> source, in IndexMap from, ArrayView<T> destination, in IndexMap to, long count)
    {
        if (count == 0) return;
        launch(stream, Grids.Over(accelerator, count), source, from, destination, to, count);
    }

    private static void Kernel(ArrayView<T> source, IndexMap from, ArrayView<T> destination, IndexMap to, long count)
    {
        var index = Grids.Thread;
        if (index >= count) return;
        destination[to.At(index)] = source[from.At(index)];
    }
}
