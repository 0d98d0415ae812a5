using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Reductions;

/// <summary><c>y[o, n] = ⊕_r x[o, r, n]</c>: a reduction over the middle axis of a dense [outer, reduced, inner] layout.</summary>
/// <typeparam name="TOperation">⊕.</typeparam>
/// <typeparam name="TInput">The element.</typeparam>
/// <typeparam name="TPartial">The partial result.</typeparam>
/// <typeparam name="TOutput">The result.</typeparam>
/// <typeparam name="TJoin">How the threads of a line join their parts.</typeparam>
/// <remarks>
/// Algorithm: a part of a warp, a warp or a group a line, or a stripe of 32 columns a group (<see cref="FoldSizes"/>); each thread folds strided
///            elements, then a tree. Long lines that are few are cut: a second kernel folds the partials.
/// Layout:    x [outer, reduced, inner], y [outer, inner], scratch [outer, parts, inner] only for lines that are cut.
/// Limit:     bandwidth: the bytes of x, in loads of 16 bytes along rows and of whole sectors down columns, four of either under way a thread.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: <see cref="Reference"/>, element by element.
/// </remarks>
public sealed class ReduceKernel<TOperation, TInput, TPartial, TOutput, TJoin>(Accelerator accelerator)
    where TOperation : struct, IReduction<TInput, TPartial, TOutput>
    where TInput : unmanaged
    where TPartial : unmanaged
    where TOutput : unmanaged
    where TJoin : struct, IGroupJoin
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<TInput>, ArrayView<TOutput>, FoldSizes>> whole =
        new(() => accelerator.LoadKernel<ArrayView<TInput>, ArrayView<TOutput>, FoldSizes>(WholeKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<TInput>, ArrayView<TPartial>, FoldSizes>> part =
        new(() => accelerator.LoadKernel<ArrayView<TInput>, ArrayView<TPartial>, FoldSizes>(PartKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<TPartial>, ArrayView<TOutput>, FoldSizes>> join =
        new(() => accelerator.LoadKernel<ArrayView<TPartial>, ArrayView<TOutput>, FoldSizes>(JoinKernel, Grids.Specialization(accelerator)));

    /// <summary>How the kernels share out x [outer, reduced, inner], and the partials of scratch that they need; often 0.</summary>
    public FoldSizes Sizes(ArrayView<TInput> x, long outer, long reduced, long inner) =>
        FoldSizes.Middle(accelerator, outer, reduced, inner, Quads.Suit(x));

    /// <summary>Enqueues the reduction.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">[outer, reduced, inner].</param>
    /// <param name="y">[outer, inner]; the operator's empty result where the reduced axis is empty.</param>
    /// <param name="sizes">What <see cref="Sizes"/> has said of x.</param>
    /// <param name="scratch">As many partials as that asks for, private to this call until the stream has passed it.</param>
    /// <exception cref="ArgumentException">The scratch is too short.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<TInput> x, ArrayView<TOutput> y, in FoldSizes sizes, ArrayView<TPartial> scratch = default)
    {
        if (y.Length == 0) return;
        if (sizes.Parts == 1)
        {
            whole.Value(stream, sizes.Config(accelerator), x, y, sizes);
            return;
        }

        if (scratch.Length < sizes.Partials)
            throw new ArgumentException($"Reduce: {sizes.Lines} lines need {sizes.Partials} partials of scratch, got {scratch.Length}");
        part.Value(stream, sizes.Config(accelerator), x, scratch, sizes);
        var rest = sizes.Rest(accelerator);
        join.Value(stream, rest.Config(accelerator), scratch, y, rest);
    }

    /// <summary>The plain loop over one line that the kernels must agree with.</summary>
    public static TOutput Reference(ReadOnlySpan<TInput> line)
    {
        if (line.IsEmpty) return TOperation.Finish(TOperation.Empty);
        var partial = TOperation.Lift(line[0], 0);
        for (var i = 1; i < line.Length; i++)
            partial = TOperation.Join(partial, TOperation.Lift(line[i], i));
        return TOperation.Finish(partial);
    }

    private static void WholeKernel(ArrayView<TInput> x, ArrayView<TOutput> y, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var partial = Folding<ElementFold<TOperation, TInput, TPartial, TOutput>, TPartial, TJoin, OneRun>.Run(new() { X = x }, here, sizes, TOperation.Empty);
        if (here.Writes != 0) y[here.Line] = TOperation.Finish(partial);
    }

    private static void PartKernel(ArrayView<TInput> x, ArrayView<TPartial> partials, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var partial = Folding<ElementFold<TOperation, TInput, TPartial, TOutput>, TPartial, TJoin, OneRun>.Run(new() { X = x }, here, sizes, TOperation.Empty);
        if (here.Writes != 0) partials[here.Partial] = partial;
    }

    private static void JoinKernel(ArrayView<TPartial> partials, ArrayView<TOutput> y, FoldSizes sizes)
    {
        var here = FoldPart.Here(sizes);
        var partial = Folding<PartialFold<TOperation, TPartial>, TPartial, TJoin, OneRun>.Run(new() { X = partials }, here, sizes, TOperation.Empty);
        if (here.Writes != 0) y[here.Line] = TOperation.Finish(partial);
    }
}
