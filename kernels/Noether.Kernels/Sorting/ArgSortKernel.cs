using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Sorting;

/// <summary>The stable order of each row: <c>x[r, y[r, 0]] ≤ x[r, y[r, 1]] ≤ …</c>, or ≥ if descending. A NaN is the greatest of all.</summary>
/// <typeparam name="T">The key: float, double, int, long or byte.</typeparam>
/// <remarks>
/// Algorithm: merge sort of indices, bottom up. A pass doubles the sorted runs: a thread an index finds its place in the merged run as its place in its
///            own run plus the number of indices in the sibling run that go before it (a binary search). Ties go to the left run, so it is stable.
/// Layout:    x [rows, columns], y [rows, columns] and two buffers of indices in turn; keys stay where they are.
/// Limit:     ⌈log₂ columns⌉ launches of gathers; a radix sort would be several times faster on long rows.
/// Reference: in the tests, a stable sort by LINQ.
/// </remarks>
public sealed class ArgSortKernel<T>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<int>, int> begin =
        accelerator.LoadKernel<ArrayView<int>, int>(BeginKernel, Grids.Specialization(accelerator));

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<int>, ArrayView<int>, int, int, int> merge =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<int>, ArrayView<int>, int, int, int>(MergeKernel, Grids.Specialization(accelerator));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<int>, ArrayView<long>>> widen =
        new(() => accelerator.LoadKernel<ArrayView<int>, ArrayView<long>>(WidenKernel, Grids.Specialization(accelerator)));

    /// <summary>Enqueues the sort with int32 indices.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">[rows, columns].</param>
    /// <param name="y">[rows, columns].</param>
    /// <param name="scratch">As many indices as y, private to this call until the stream has passed it.</param>
    /// <param name="columns">The row's length.</param>
    /// <param name="descending">Largest first.</param>
    /// <exception cref="ArgumentException">The scratch is too short.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<int> y, ArrayView<int> scratch, int columns, bool descending = false)
    {
        if (y.Length == 0) return;
        if (scratch.Length < y.Length)
            throw new ArgumentException($"ArgSort: {y.Length} elements need as many indices of scratch, got {scratch.Length}");
        scratch = scratch.SubView(0, y.Length);
        var passes = 0;
        for (long run = 1; run < columns; run *= 2) passes++;
        var (from, to) = passes % 2 == 0 ? (y, scratch) : (scratch, y); // the last pass must end in y
        begin(stream, Grids.Over(accelerator, y.Length), from, columns);
        for (var pass = 0; pass < passes; pass++)
        {
            merge(stream, Grids.Over(accelerator, y.Length), x, from, to, columns, 1 << pass, descending ? 1 : 0);
            (from, to) = (to, from);
        }
    }

    /// <summary>Enqueues the sort with int64 indices; <paramref name="scratch"/> holds twice as many int32 as y has elements.</summary>
    /// <inheritdoc cref="Launch(AcceleratorStream, ArrayView{T}, ArrayView{int}, ArrayView{int}, int, bool)"/>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<long> y, ArrayView<int> scratch, int columns, bool descending = false)
    {
        if (y.Length == 0) return;
        if (scratch.Length < 2 * y.Length)
            throw new ArgumentException($"ArgSort: {y.Length} elements with int64 indices need {2 * y.Length} int32 of scratch, got {scratch.Length}");
        var narrow = scratch.SubView(0, y.Length);
        Launch(stream, x, narrow, scratch.SubView(y.Length, y.Length), columns, descending);
        widen.Value(stream, Grids.Over(accelerator, y.Length), narrow, y);
    }

    private static void BeginKernel(ArrayView<int> indices, int columns)
    {
        var at = Grids.Thread;
        if (at < indices.Length) indices[at] = (int)(at % columns);
    }

    private static void WidenKernel(ArrayView<int> narrow, ArrayView<long> wide)
    {
        var at = Grids.Thread;
        if (at < wide.Length) wide[at] = narrow[at];
    }

    private static void MergeKernel(ArrayView<T> x, ArrayView<int> from, ArrayView<int> to, int columns, int run, int descending)
    {
        var at = Grids.Thread;
        if (at >= from.Length) return;
        var row = at / columns * columns;
        var place = (int)(at - row);
        var pair = place & ~(2 * run - 1); // where the two runs begin; run is a power of two below 2³⁰
        var middle = pair + (long)run; // may pass 2³¹ in the last pass
        var index = from[at];
        var key = x[row + index];
        var isLeft = place < middle;

        // The sibling's part that goes before this key: strictly before it for a left key, before or equal for a right one.
        var siblingStart = isLeft ? Smaller(middle, columns) : pair;
        var low = siblingStart;
        var high = isLeft ? Smaller(middle + run, columns) : (int)middle;
        while (low < high)
        {
            var probe = low + (high - low) / 2;
            var other = x[row + from[row + probe]];
            var goesBefore = isLeft ? Precedes(other, key, descending) : !Precedes(key, other, descending);
            if (goesBefore) low = probe + 1;
            else high = probe;
        }

        var own = isLeft ? place - pair : place - (int)middle;
        to[row + pair + own + (low - siblingStart)] = index;
    }

    private static int Smaller(long x, int y) => x < y ? (int)x : y;

    private static bool Precedes(T left, T right, int descending)
    {
        // NaNs are asked for first: where ILGPU 1.5.3 inverts a comparison, its OpenCL code forgets that NaNs compare false.
        bool leftNaN = T.IsNaN(left), rightNaN = T.IsNaN(right);
        if (leftNaN || rightNaN) return leftNaN != rightNaN && rightNaN == (descending == 0);
        return descending != 0 ? left > right : left < right;
    }
}
