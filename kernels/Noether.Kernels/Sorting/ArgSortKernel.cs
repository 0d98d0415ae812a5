using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Sorting;

/// <summary>The stable order of each row: <c>x[r, y[r, 0]] ≤ x[r, y[r, 1]] ≤ …</c>, or ≥ if descending. A NaN is the greatest of all.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TKey">Its keys.</typeparam>
/// <remarks>
/// Algorithm: rows of up to 2048 in shared memory (<see cref="BitonicSortKernel{T, TKey}"/>), longer ones digit by digit (<see cref="RadixSortKernel{T, TKey}"/>).
/// Layout:    x [rows, columns], y [rows, columns]; keys stay where they are, indices move.
/// Limit:     short rows: one read and one write; long ones: for each byte of an element two gathers of keys and one scatter of indices.
/// Order:     stable, so equal bits on every run.
/// Reference: in the tests, a stable sort by LINQ.
/// </remarks>
public sealed class ArgSortKernel<T, TKey>(Accelerator accelerator)
    where T : unmanaged
    where TKey : struct, ISortKey<T>
{
    private readonly Lazy<BitonicSortKernel<T, TKey>> bitonic = new(() => new(accelerator));
    private readonly Lazy<RadixSortKernel<T, TKey>> radix = new(() => new(accelerator));
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<int>, ArrayView<long>>> widen =
        new(() => accelerator.LoadKernel<ArrayView<int>, ArrayView<long>>(WidenKernel, Grids.Specialization(accelerator)));

    /// <summary>The longest row that is sorted in shared memory; less in tests.</summary>
    internal int MostInShared { get; init; } = BitonicSortKernel<T, TKey>.MostColumns;

    /// <summary>int32 of scratch for a sort with int32 indices; with int64 indices there is one more for each element.</summary>
    public long Scratch(long elements, int columns) => columns <= MostInShared ? 0 : radix.Value.Scratch(elements, columns);

    /// <summary>Enqueues the sort with int32 indices.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">[rows, columns].</param>
    /// <param name="y">[rows, columns].</param>
    /// <param name="scratch">At least <see cref="Scratch"/> int32, private to this call until the stream has passed it.</param>
    /// <param name="columns">The row's length.</param>
    /// <param name="descending">Largest first.</param>
    /// <exception cref="ArgumentException">The scratch is too short.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<int> y, ArrayView<int> scratch, int columns, bool descending = false)
    {
        if (y.Length == 0) return;
        var needed = Scratch(y.Length, columns);
        if (scratch.Length < needed) throw new ArgumentException($"ArgSort: {y.Length} elements in rows of {columns} need {needed} int32 of scratch, got {scratch.Length}");
        if (columns <= MostInShared) bitonic.Value.Launch(stream, x, y, columns, descending);
        else radix.Value.Launch(stream, x, y, scratch, columns, descending);
    }

    /// <summary>Enqueues the sort with int64 indices.</summary>
    /// <inheritdoc cref="Launch(AcceleratorStream, ArrayView{T}, ArrayView{int}, ArrayView{int}, int, bool)"/>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<long> y, ArrayView<int> scratch, int columns, bool descending = false)
    {
        if (y.Length == 0) return;
        var needed = y.Length + Scratch(y.Length, columns);
        if (scratch.Length < needed) throw new ArgumentException($"ArgSort: {y.Length} elements in rows of {columns} need {needed} int32 of scratch, got {scratch.Length}");
        var narrow = scratch.SubView(0, y.Length);
        Launch(stream, x, narrow, needed == y.Length ? scratch : scratch.SubView(y.Length, needed - y.Length), columns, descending);
        widen.Value(stream, Grids.Over(accelerator, y.Length), narrow, y);
    }

    private static void WidenKernel(ArrayView<int> narrow, ArrayView<long> wide)
    {
        var at = Grids.Thread;
        if (at < wide.Length) wide[at] = narrow[at];
    }
}
