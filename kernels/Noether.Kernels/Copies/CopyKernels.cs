using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Copies;

/// <summary>Copies elements from one strided layout to another: transposition, broadcasting, slicing, reversal, concatenation piece by piece.</summary>
/// <remarks>
/// Algorithm: by the layout: one run is the driver's copy; runs that are multiples of 2 to 16 bytes move in such units; sides with their neighbours along
///            different axes go through tiles in shared memory (<see cref="TransposeKernel{T}"/>); all else moves element by element in the destination's order.
/// Layout:    any strides, rank up to 8 after joining; places of the destination must differ.
/// Limit:     bandwidth.
/// Reference: <see cref="IndexMap.At"/> in a loop.
/// </remarks>
public sealed class CopyKernels(Accelerator accelerator)
{
    // The widest unit that a thread moves at once.
    private const int MostBytes = 16;

    private readonly Lazy<StridedCopyKernel<byte>> bytes = new(() => new(accelerator));
    private readonly Lazy<StridedCopyKernel<short>> pairs = new(() => new(accelerator));
    private readonly Lazy<StridedCopyKernel<int>> words = new(() => new(accelerator));
    private readonly Lazy<StridedCopyKernel<long>> doubles = new(() => new(accelerator));
    private readonly Lazy<StridedCopyKernel<Four<int>>> fours = new(() => new(accelerator));
    private readonly Lazy<TransposeKernel<byte>> transposesBytes = new(() => new(accelerator));
    private readonly Lazy<TransposeKernel<short>> transposesPairs = new(() => new(accelerator));
    private readonly Lazy<TransposeKernel<int>> transposesWords = new(() => new(accelerator));
    private readonly Lazy<TransposeKernel<long>> transposesDoubles = new(() => new(accelerator));

    /// <summary>Enqueues a copy.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="source">The block from which the layout's offsets count.</param>
    /// <param name="destination">As <paramref name="source"/>.</param>
    /// <param name="layout">Which elements go where.</param>
    /// <param name="size">An element's bytes: 1, 2, 4 or 8; both blocks begin at a multiple.</param>
    public void Launch(AcceleratorStream stream, ArrayView<byte> source, ArrayView<byte> destination, CopyLayout layout, int size)
    {
        if (layout.Count == 0) return;
        if (layout.IsRun)
        {
            var length = layout.Count * size;
            source.SubView(layout.FromOffset * size, length).CopyTo(stream, destination.SubView(layout.ToOffset * size, length));
            return;
        }

        if (layout.TryTranspose(out var row, out var column, out var others))
        {
            switch (size)
            {
                case 1: transposesBytes.Value.Launch(stream, source, destination, row, column, others); break;
                case 2: transposesPairs.Value.Launch(stream, source.Cast<short>(), destination.Cast<short>(), row, column, others); break;
                case 4: transposesWords.Value.Launch(stream, source.Cast<int>(), destination.Cast<int>(), row, column, others); break;
                default: transposesDoubles.Value.Launch(stream, source.Cast<long>(), destination.Cast<long>(), row, column, others); break;
            }

            return;
        }

        var unit = size;
        if (layout.Run > 1)
        {
            while (unit < MostBytes && layout.HasUnits(2 * unit / size) && Grids.IsAligned(source, 2 * unit) && Grids.IsAligned(destination, 2 * unit)) unit *= 2;
            layout = layout.InUnits(unit / size);
        }

        switch (unit)
        {
            case 1: bytes.Value.Launch(stream, source, destination, layout); break;
            case 2: pairs.Value.Launch(stream, source.Cast<short>(), destination.Cast<short>(), layout); break;
            case 4: words.Value.Launch(stream, source.Cast<int>(), destination.Cast<int>(), layout); break;
            case 8: doubles.Value.Launch(stream, source.Cast<long>(), destination.Cast<long>(), layout); break;
            default: fours.Value.Launch(stream, source.Cast<Four<int>>(), destination.Cast<Four<int>>(), layout); break;
        }
    }
}
