using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.MatMul;

/// <summary>Products of matrices with one to eight vectors each: every line of a matrix folded with all of them.</summary>
/// <typeparam name="T">float or double; sums are kept in T.</typeparam>
/// <typeparam name="TSums"><see cref="OneSum{T}"/>, or <see cref="FourSums{T}"/> or <see cref="EightSums{T}"/> for up to so many vectors.</typeparam>
/// <typeparam name="TJoin">How the threads of a line join their parts.</typeparam>
/// <remarks>
/// Algorithm: a reduction (<see cref="ReduceKernel{TOperation,TInput,TPartial,TOutput,TJoin}"/>): a warp or a group a line where a line's elements are neighbours,
///            stripes of 32 lines where neighbouring lines are; long lines that are few are cut, and a second kernel adds up the partials.
/// Layout:    matrices [batch, lines, depth], elements or lines side by side, by <see cref="FoldSizes"/>; vectors [batch or 1, vectors, depth], dense.
/// Cost:      2·batch·lines·depth·vectors operations.
/// Limit:     bandwidth: each matrix read once, in loads of 16 bytes along lines; vectors come from the caches.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: <see cref="MatMulReference"/>.
/// </remarks>
public sealed class MatrixVectorKernel<T, TSums, TJoin>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TSums : unmanaged, IVectorSums<TSums, T>
    where TJoin : struct, IGroupJoin
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, VectorPlaces, FoldSizes>> whole =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, VectorPlaces, FoldSizes>(WholeKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<TSums>, VectorPlaces, FoldSizes>> part =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<TSums>, VectorPlaces, FoldSizes>(PartKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<TSums>, ArrayView<T>, VectorPlaces, FoldSizes>> join =
        new(() => accelerator.LoadKernel<ArrayView<TSums>, ArrayView<T>, VectorPlaces, FoldSizes>(JoinKernel, Grids.Specialization(accelerator)));

    /// <summary>How the kernels share out matrices, and the partials of scratch that they need; often 0.</summary>
    /// <param name="places">Where operands lie.</param>
    /// <param name="batch">Matrices.</param>
    /// <param name="batchStride">From a matrix to the next.</param>
    /// <param name="lineStride">From a line to the next.</param>
    /// <param name="depthStride">From an element of a line to the next.</param>
    public FoldSizes Sizes(in VectorPlaces places, int batch, long batchStride, long lineStride, long depthStride)
    {
        var packs = depthStride == 1 && places.Depth > 0 && places.Depth % 4 == 0
            && ((batchStride | lineStride | places.MatrixStart | places.VectorStart | places.VectorBatchStride) & 3) == 0;
        return FoldSizes.Matrices(accelerator, batch, places.Lines, places.Depth, batchStride, lineStride, depthStride, packs);
    }

    /// <summary>Enqueues the products.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="matrices">The matrices' memory.</param>
    /// <param name="vectors">The vectors' memory.</param>
    /// <param name="y">The results' memory.</param>
    /// <param name="places">Where they lie.</param>
    /// <param name="sizes">What <see cref="Sizes"/> has said of them.</param>
    /// <param name="scratch">As many partials as that asks for, private to this call until the stream has passed it.</param>
    /// <exception cref="ArgumentException">The scratch is too short.</exception>
    public void Launch(
        AcceleratorStream stream, ArrayView<T> matrices, ArrayView<T> vectors, ArrayView<T> y, in VectorPlaces places, in FoldSizes sizes, ArrayView<TSums> scratch = default)
    {
        if (sizes.Lines == 0) return;
        if (sizes.Parts == 1)
        {
            whole.Value(stream, sizes.Config(accelerator), matrices, vectors, y, places, sizes);
            return;
        }

        if (scratch.Length < sizes.Partials)
            throw new ArgumentException($"MatrixVector: {sizes.Lines} lines need {sizes.Partials} partials of scratch, got {scratch.Length}");
        part.Value(stream, sizes.Config(accelerator), matrices, vectors, scratch, places, sizes);
        var rest = sizes.Rest(accelerator);
        join.Value(stream, rest.Config(accelerator), scratch, y, places, rest);
    }

    private static void WholeKernel(ArrayView<T> matrices, ArrayView<T> vectors, ArrayView<T> y, VectorPlaces places, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var fold = VectorsFold<T, TSums>.Of(matrices, vectors, places, here.Line);
        Write(Folding<VectorsFold<T, TSums>, TSums, TJoin, OneRun>.Run(fold, here, sizes, default), y, places, here);
    }

    private static void PartKernel(ArrayView<T> matrices, ArrayView<T> vectors, ArrayView<TSums> partials, VectorPlaces places, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var fold = VectorsFold<T, TSums>.Of(matrices, vectors, places, here.Line);
        var sums = Folding<VectorsFold<T, TSums>, TSums, TJoin, OneRun>.Run(fold, here, sizes, default);
        if (here.Writes != 0) partials[here.Partial] = sums;
    }

    private static void JoinKernel(ArrayView<TSums> partials, ArrayView<T> y, VectorPlaces places, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        Write(Folding<PartialFold<TSums, TSums>, TSums, TJoin, OneRun>.Run(new() { X = partials }, here, sizes, default), y, places, here);
    }

    private static void Write(TSums sums, ArrayView<T> y, VectorPlaces places, FoldPart here)
    {
        if (here.Writes == 0) return;
        var matrix = places.MatrixOf(here.Line);
        var at = places.ResultStart + matrix * ((long)places.Lines * places.Vectors) + (here.Line - matrix * (long)places.Lines) * places.LineStep;
        TSums.Write(sums, y, at, places.VectorStep, places.Vectors);
    }
}
