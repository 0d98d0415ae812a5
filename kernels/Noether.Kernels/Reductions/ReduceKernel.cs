using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Reductions;

/// <summary><c>y[o, n] = ⊕_r x[o, r, n]</c>: a reduction over the middle axis of a dense [outer, reduced, inner] layout.</summary>
/// <typeparam name="TOperation">⊕.</typeparam>
/// <typeparam name="TInput">The element.</typeparam>
/// <typeparam name="TPartial">The partial result.</typeparam>
/// <typeparam name="TOutput">The result.</typeparam>
/// <remarks>
/// Algorithm: three ways. Thread: one thread walks one line; for short lines, and for inner axes wide enough that neighbours read neighbours.
///            Group: one group a line, strided, then a tree in shared memory. Split: long lines that are few are cut into parts, a group a part;
///            a second kernel joins the parts' partials.
/// Layout:    x [outer, reduced, inner], y [outer, inner], scratch [lines, parts] only for Split.
/// Limit:     bandwidth: the bytes of x.
/// Order:     fixed by sizes and group size, no atomics: equal bits on every run.
/// Reference: <see cref="Reference"/>, element by element.
/// </remarks>
public sealed class ReduceKernel<TOperation, TInput, TPartial, TOutput>(Accelerator accelerator)
    where TOperation : struct, IReduction<TInput, TPartial, TOutput>
    where TInput : unmanaged
    where TPartial : unmanaged
    where TOutput : unmanaged
{
    private const int ShortLine = 64; // below it most of a group would be idle
    private const int Part = 16 * Grids.MaxThreads; // elements that are worth a group of their own
    private const int ManyLines = 512; // groups that fill any GPU of today
    private const int MaxParts = 1024;

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<TInput>, ArrayView<TOutput>, long, long>> perThread =
        new(() => accelerator.LoadKernel<ArrayView<TInput>, ArrayView<TOutput>, long, long>(ThreadKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<TInput>, ArrayView<TOutput>, long, long>> perGroup =
        new(() => accelerator.LoadKernel<ArrayView<TInput>, ArrayView<TOutput>, long, long>(GroupKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<TInput>, ArrayView<TPartial>, long, long, int>> split =
        new(() => accelerator.LoadKernel<ArrayView<TInput>, ArrayView<TPartial>, long, long, int>(SplitKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<TPartial>, ArrayView<TOutput>, int>> join =
        new(() => accelerator.LoadKernel<ArrayView<TPartial>, ArrayView<TOutput>, int>(JoinKernel, Grids.Specialization(accelerator)));

    /// <summary>Partials of scratch that <see cref="Launch"/> needs for these sizes; often 0.</summary>
    public static long Scratch(long outer, long reduced, long inner)
    {
        var parts = Parts(outer * inner, reduced);
        return parts == 1 || UsesThreads(outer * inner, reduced, inner) ? 0 : outer * inner * parts;
    }

    /// <summary>Enqueues the reduction.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">[outer, reduced, inner].</param>
    /// <param name="y">[outer, inner].</param>
    /// <param name="reduced">The reduced axis's size; 0 gives the operator's empty result.</param>
    /// <param name="inner">The product of the sizes behind it.</param>
    /// <param name="scratch">At least <see cref="Scratch"/> partials, private to this call until the stream has passed it.</param>
    /// <exception cref="ArgumentException">The scratch is too short.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<TInput> x, ArrayView<TOutput> y, long reduced, long inner, ArrayView<TPartial> scratch = default)
    {
        var lines = y.Length;
        if (lines == 0) return;
        if (UsesThreads(lines, reduced, inner))
        {
            perThread.Value(stream, Grids.Over(accelerator, lines), x, y, reduced, inner);
            return;
        }

        var parts = Parts(lines, reduced);
        if (parts == 1)
        {
            perGroup.Value(stream, Grids.GroupEach(accelerator, lines), x, y, reduced, inner);
            return;
        }

        if (scratch.Length < lines * parts)
            throw new ArgumentException($"Reduce: {lines} lines of {reduced} need {lines * parts} partials of scratch, got {scratch.Length}");
        split.Value(stream, Grids.GroupEach(accelerator, lines * parts), x, scratch, reduced, inner, parts);
        join.Value(stream, Grids.GroupEach(accelerator, lines), scratch, y, parts);
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

    private static bool UsesThreads(long lines, long reduced, long inner) =>
        reduced < ShortLine || (inner >= 32 && lines >= ManyLines * 32);

    private static int Parts(long lines, long reduced) =>
        lines >= ManyLines ? 1 : (int)Math.Clamp(Math.Min(reduced / Part, 2 * ManyLines / lines), 1, MaxParts);

    private static void ThreadKernel(ArrayView<TInput> x, ArrayView<TOutput> y, long reduced, long inner)
    {
        var line = Grids.Thread;
        if (line >= y.Length) return;
        var start = Start(line, reduced, inner);
        y[line] = TOperation.Finish(Walk(x, start, inner, 0, reduced, 1));
    }

    private static void GroupKernel(ArrayView<TInput> x, ArrayView<TOutput> y, long reduced, long inner)
    {
        var shared = SharedMemory.Allocate<TPartial>(Grids.MaxThreads);
        long line = Grid.IdxX;
        shared[Group.IdxX] = Walk(x, Start(line, reduced, inner), inner, Group.IdxX, reduced, Group.DimX);
        Tree(shared, Active(reduced));
        if (Group.IdxX == 0) y[line] = TOperation.Finish(shared[0]);
    }

    private static void SplitKernel(ArrayView<TInput> x, ArrayView<TPartial> partials, long reduced, long inner, int parts)
    {
        var shared = SharedMemory.Allocate<TPartial>(Grids.MaxThreads);
        long line = Grid.IdxX / parts;
        var part = Grid.IdxX - line * parts;
        var length = (reduced + parts - 1) / parts;
        var from = part * length;
        var to = from + length < reduced ? from + length : reduced;
        shared[Group.IdxX] = Walk(x, Start(line, reduced, inner), inner, from + Group.IdxX, to, Group.DimX);
        Tree(shared, Active(to - from));
        if (Group.IdxX == 0) partials[Grid.IdxX] = shared[0];
    }

    private static void JoinKernel(ArrayView<TPartial> partials, ArrayView<TOutput> y, int parts)
    {
        var shared = SharedMemory.Allocate<TPartial>(Grids.MaxThreads);
        var first = (long)Grid.IdxX * parts;
        var partial = TOperation.Empty;
        if (Group.IdxX < parts) partial = partials[first + Group.IdxX];
        for (var part = Group.IdxX + Group.DimX; part < parts; part += Group.DimX)
            partial = TOperation.Join(partial, partials[first + part]);
        shared[Group.IdxX] = partial;
        Tree(shared, Active(parts));
        if (Group.IdxX == 0) y[Grid.IdxX] = TOperation.Finish(shared[0]);
    }

    private static long Start(long line, long reduced, long inner)
    {
        var outer = inner == 1 ? line : line / inner;
        return outer * reduced * inner + (line - outer * inner);
    }

    // Elements from, from + step, … below to. No operator needs a neutral element: an idle thread's value is never joined.
    private static TPartial Walk(ArrayView<TInput> x, long start, long stride, long from, long to, int step)
    {
        var partial = TOperation.Empty;
        if (from < to) partial = TOperation.Lift(x[start + from * stride], from);
        for (var r = from + step; r < to; r += step)
            partial = TOperation.Join(partial, TOperation.Lift(x[start + r * stride], r));
        return partial;
    }

    private static int Active(long elements) => elements < Group.DimX ? (int)elements : Group.DimX;

    // Folds shared[0, active) into shared[0]; the group is a power of two wide and every thread comes here.
    private static void Tree(ArrayView<TPartial> shared, int active)
    {
        for (var half = Group.DimX / 2; half > 0; half /= 2)
        {
            Group.Barrier();
            if (Group.IdxX < half && Group.IdxX + half < active)
                shared[Group.IdxX] = TOperation.Join(shared[Group.IdxX], shared[Group.IdxX + half]);
        }

        Group.Barrier();
    }
}
