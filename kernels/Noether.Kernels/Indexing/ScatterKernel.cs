using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Sorting;

namespace Noether.Kernels.Indexing;

/// <summary><c>y[o, index[i], n] ⊕= x[o, i, n]</c> for i = 0, 1, … in this order: slices added (set, multiplied, …) at places along one axis.</summary>
/// <typeparam name="TOperation">⊕.</typeparam>
/// <typeparam name="T">The element.</typeparam>
/// <remarks>
/// Algorithm: the stable order of the index brings equal places together, still in the order of i. A thread owns (o, a run of equal places, n) and
///            folds the run in order; threads inside a run have nothing to do. No atomics: equal bits on every run, and equal to the plain loop's.
///            An index outside [0, size) is dropped (as JAX's scatter does): a device cannot throw.
/// Layout:    x [outer, count, inner], index [count], y [outer, size, inner], dense; scratch: the order and what its sort needs.
/// Limit:     a sort of the index, then 3 passes over x-sized data; one place that takes all slices is walked by outer·inner threads only.
/// Reference: in the tests, the plain loop.
/// </remarks>
public sealed class ScatterKernel<TOperation, T>(Accelerator accelerator)
    where TOperation : struct, IScatterOperation<T>
    where T : unmanaged
{
    private readonly Lazy<ArgSortKernel<int, Int32SortKey>> sort32 = new(() => new(accelerator));
    private readonly Lazy<ArgSortKernel<long, Int64SortKey>> sort64 = new(() => new(accelerator));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<int>, ArrayView<int>, ArrayView<T>, long, long>> launch32 =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<int>, ArrayView<int>, ArrayView<T>, long, long>(Kernel32, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<long>, ArrayView<int>, ArrayView<T>, long, long>> launch64 =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<long>, ArrayView<int>, ArrayView<T>, long, long>(Kernel64, Grids.Specialization(accelerator)));

    /// <summary>int32 of scratch for an index of <paramref name="count"/> entries.</summary>
    public long Scratch(long count) => count + sort32.Value.Scratch(count, (int)count);

    /// <summary>Enqueues the scatter into <paramref name="y"/>, which holds the start values.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">[outer, count, inner].</param>
    /// <param name="index">[count].</param>
    /// <param name="y">[outer, size, inner].</param>
    /// <param name="size">The size of y's axis.</param>
    /// <param name="inner">The product of the sizes behind it.</param>
    /// <param name="scratch">At least <see cref="Scratch"/> int32, private to this call until the stream has passed it.</param>
    /// <exception cref="ArgumentException">The scratch is too short.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<int> index, ArrayView<T> y, long size, long inner, ArrayView<int> scratch)
    {
        if (x.Length == 0 || y.Length == 0) return;
        var order = Order(scratch, index.Length);
        sort32.Value.Launch(stream, index, order, Rest(scratch, index.Length), index.IntLength);
        launch32.Value(stream, Grids.Over(accelerator, x.Length), x, index, order, y, size, inner);
    }

    /// <inheritdoc cref="Launch(AcceleratorStream, ArrayView{T}, ArrayView{int}, ArrayView{T}, long, long, ArrayView{int})"/>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<long> index, ArrayView<T> y, long size, long inner, ArrayView<int> scratch)
    {
        if (x.Length == 0 || y.Length == 0) return;
        var order = Order(scratch, index.Length);
        sort64.Value.Launch(stream, index, order, Rest(scratch, index.Length), index.IntLength);
        launch64.Value(stream, Grids.Over(accelerator, x.Length), x, index, order, y, size, inner);
    }

    private ArrayView<int> Order(ArrayView<int> scratch, long count) => scratch.Length >= Scratch(count)
        ? scratch.SubView(0, count)
        : throw new ArgumentException($"Scatter: an index of {count} entries needs {Scratch(count)} int32 of scratch, got {scratch.Length}");

    private static ArrayView<int> Rest(ArrayView<int> scratch, long count) => scratch.Length == count ? scratch : scratch.SubView(count, scratch.Length - count);

    private static void Kernel32(ArrayView<T> x, ArrayView<int> index, ArrayView<int> order, ArrayView<T> y, long size, long inner)
    {
        var at = Grids.Thread;
        if (at >= x.Length) return;
        var place = new SlicePlace(at, index.Length, inner);
        long target = index[order[place.Slice]];
        var isHead = place.Slice == 0 || index[order[place.Slice - 1]] != target;
        if (!isHead || target < 0 || target >= size) return;

        var destination = (place.Outer * size + target) * inner + place.Inner;
        var value = y[destination];
        for (var i = place.Slice; i < index.Length && index[order[i]] == target; i++)
            value = TOperation.Combine(value, x[(place.Outer * index.Length + order[i]) * inner + place.Inner]);
        y[destination] = value;
    }

    private static void Kernel64(ArrayView<T> x, ArrayView<long> index, ArrayView<int> order, ArrayView<T> y, long size, long inner)
    {
        var at = Grids.Thread;
        if (at >= x.Length) return;
        var place = new SlicePlace(at, index.Length, inner);
        var target = index[order[place.Slice]];
        var isHead = place.Slice == 0 || index[order[place.Slice - 1]] != target;
        if (!isHead || target < 0 || target >= size) return;

        var destination = (place.Outer * size + target) * inner + place.Inner;
        var value = y[destination];
        for (var i = place.Slice; i < index.Length && index[order[i]] == target; i++)
            value = TOperation.Combine(value, x[(place.Outer * index.Length + order[i]) * inner + place.Inner]);
        y[destination] = value;
    }
}
