using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Reductions;

/// <summary>Where the elements of each line lie that a fold makes one of, and how threads share them out.</summary>
/// <remarks>
/// Lines are [outer, <see cref="Inner"/>], a line's elements [high, <see cref="Low"/>]. A group's threads are [each, height, width]: <see cref="Width"/> lines
/// side by side where neighbouring lines are neighbours in memory, <see cref="Height"/> threads a line, several bundles of lines where those are short.
/// So a warp reads whole sectors whether lines are rows, columns, or channels of images. Long lines that are few are cut into
/// <see cref="Parts"/>; their partials [outer, part, Inner] are folded by a second kernel. Rows whose memory allows it are counted in quads.
/// </remarks>
public struct FoldSizes
{
    private const int ManyGroups = 512; // groups that fill any GPU of today
    private const int MostParts = 1024;
    private const int EnoughItems = 8; // of a thread, before a line takes more than its share of a warp
    private const int PartItems = 16; // of a thread, before a line is cut
    private const int RowPartItems = 4; // the same of a row that is read again after: its parts share out the writing too
    private const int LongestRow = 16384; // elements, before a second stage is worth its launch
    private const int ProcessorGroups = 2; // that keep a processor's loads under way

    /// <summary>Elements of a line, or quads.</summary>
    public long Positions;

    /// <summary>Positions that lie <see cref="LowStride"/> apart before the next run begins.</summary>
    public long Low;

    /// <summary>From a position to the next.</summary>
    public long LowStride;

    /// <summary>From a run to the next.</summary>
    public long HighStride;

    /// <summary>All lines.</summary>
    public long Lines;

    /// <summary>Lines that lie <see cref="LineStride"/> apart.</summary>
    public long Inner;

    /// <summary>From a line to the next.</summary>
    public long LineStride;

    /// <summary>From Inner lines to the next.</summary>
    public long OuterStride;

    /// <summary>Bundles of Width lines among Inner.</summary>
    public long Stripes;

    /// <summary>Bundles in all.</summary>
    public long Bundles;

    /// <summary>Positions of a part.</summary>
    public long PartLength;

    /// <summary>From a thread's position to its next: in memory.</summary>
    public long Step;

    /// <summary>From a thread's position to its next: in its run.</summary>
    public long LowStep;

    /// <summary>What is added to an address that has left its run.</summary>
    public long Wrap;

    /// <summary>Lines side by side; a power of two, at most a warp.</summary>
    public int Width;

    /// <summary>Which power.</summary>
    public int WidthBits;

    /// <summary>Threads a line; a power of two.</summary>
    public int Height;

    /// <summary>Which power.</summary>
    public int HeightBits;

    /// <summary>Parts of each line.</summary>
    public int Parts;

    /// <summary>Not 0: positions are quads.</summary>
    public int Packed;

    /// <summary>Partials that a second kernel folds; 0 if there is none.</summary>
    public readonly long Partials => Parts == 1 ? 0 : AllPartials;

    /// <summary>Partials, even if each line has but one.</summary>
    public readonly long AllPartials => Lines * Parts;

    /// <summary>The middle axis of a dense [outer, n, inner].</summary>
    /// <param name="accelerator">Who folds.</param>
    /// <param name="outer">Lines are [outer, inner].</param>
    /// <param name="n">Elements of a line.</param>
    /// <param name="inner">The product of the sizes behind it.</param>
    /// <param name="packs">True if the operands begin where quads may be read.</param>
    /// <param name="cuts">False leaves each line in one part.</param>
    internal static FoldSizes Middle(Accelerator accelerator, long outer, long n, long inner, bool packs, bool cuts = true) =>
        Middle(accelerator, outer, n, inner, packs, cuts ? PartItems : 0);

    /// <summary>The same where a line's values follow its fold: in parts only if lines are long and too few to fill the processors.</summary>
    /// <param name="accelerator">Who folds.</param>
    /// <param name="outer">Lines are [outer, inner].</param>
    /// <param name="n">Elements of a line.</param>
    /// <param name="inner">The product of the sizes behind it.</param>
    /// <param name="packs">True if the operands begin where quads may be read.</param>
    /// <param name="longest">Of the lines that stay whole.</param>
    /// <param name="items">Of a thread, before a line is cut.</param>
    internal static FoldSizes Rows(Accelerator accelerator, long outer, long n, long inner, bool packs, long longest = LongestRow, int items = RowPartItems)
    {
        var whole = Middle(accelerator, outer, n, inner, packs, cuts: false);
        var isFew = whole.Groups(Grids.Threads(accelerator)) < ProcessorGroups * accelerator.NumMultiprocessors;
        return n > longest && isFew ? Middle(accelerator, outer, n, inner, packs, items) : whole;
    }

    /// <summary>The last axis of matrices [batch, lines, positions] with any strides; of packed ones that is 1 and the others are multiples of four.</summary>
    internal static FoldSizes Matrices(
        Accelerator accelerator, long batch, long lines, long positions, long batchStride, long lineStride, long positionStride, bool packs)
    {
        var unit = packs ? 4 : 1;
        return Shared(
            accelerator, PartItems, new()
            {
                Positions = positions / unit,
                Low = positions / unit,
                LowStride = positionStride,
                Lines = batch * lines,
                Inner = lines,
                LineStride = lineStride / unit,
                OuterStride = batchStride / unit,
                Packed = packs ? 1 : 0,
            });
    }

    /// <summary>All but the middle axis of a dense [images, channels, size]; a line is a channel.</summary>
    internal static FoldSizes Channels(Accelerator accelerator, long images, long channels, long size, bool packs)
    {
        packs = packs && size % 4 == 0 && size > 0;
        if (packs) size /= 4;
        return Shared(
            accelerator, PartItems, new()
            {
                Positions = images * size,
                Low = size,
                LowStride = 1,
                HighStride = channels * size,
                Lines = channels,
                Inner = channels,
                LineStride = size,
                Packed = packs ? 1 : 0,
            });
    }

    /// <summary>The second kernel's: the middle axis of partials [outer, parts, Inner].</summary>
    internal readonly FoldSizes Rest(Accelerator accelerator) =>
        Middle(accelerator, Lines == 0 ? 0 : Lines / Inner, Parts, Inner, packs: false, cuts: false);

    /// <summary>One full group for each part of so many lines as a group takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More groups than a grid has, or more bundles or positions than a thread can divide.</exception>
    internal readonly KernelConfig Config(Accelerator accelerator)
    {
        if (Stripes < Bundles) ArgumentOutOfRangeException.ThrowIfGreaterThan(Bundles, uint.MaxValue);
        if (Low < Positions) ArgumentOutOfRangeException.ThrowIfGreaterThan(Positions, uint.MaxValue);
        var threads = Grids.Threads(accelerator);
        var groups = Groups(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, int.MaxValue);
        return new(new Index2D((int)groups, Parts), new Index2D(threads, 1));
    }

    private readonly long Groups(int threads)
    {
        var each = threads / (Width * Height);
        return (Bundles + each - 1) / each;
    }

    private static FoldSizes Middle(Accelerator accelerator, long outer, long n, long inner, bool packs, int partItems)
    {
        if (inner != 1) return Shared(accelerator, partItems, new() { Positions = n, Low = n, LowStride = inner, Lines = outer * inner, Inner = inner, LineStride = 1, OuterStride = n * inner });
        packs = packs && n % 4 == 0 && n > 0;
        var items = packs ? n / 4 : n;
        return Shared(accelerator, partItems, new() { Positions = items, Low = items, LowStride = 1, Lines = outer, Inner = outer, LineStride = items, Packed = packs ? 1 : 0 });
    }

    // No part items: each line stays whole.
    private static FoldSizes Shared(Accelerator accelerator, int partItems, FoldSizes sizes)
    {
        var cuts = partItems > 0;
        int threads = Grids.Threads(accelerator), warp = Math.Min(accelerator.WarpSize, threads);
        sizes.Width = 1;
        if (sizes.LineStride == 1)
        {
            while (sizes.Width < warp && sizes.Width < sizes.Inner) sizes.Width *= 2;
        }

        sizes.Stripes = (sizes.Inner + sizes.Width - 1) / sizes.Width;
        sizes.Bundles = sizes.Lines == 0 ? 0 : sizes.Lines / sizes.Inner * sizes.Stripes;
        sizes.Height = 1;
        var share = warp / sizes.Width;
        while (sizes.Height < share && 2 * sizes.Height <= sizes.Positions) sizes.Height *= 2;
        if (sizes.Positions > share * EnoughItems && (!cuts || sizes.Groups(threads) < 8 * ManyGroups)) sizes.Height = threads / sizes.Width;
        var groups = Math.Max(1, sizes.Groups(threads));
        var parts = cuts && groups < ManyGroups ? Math.Clamp(Math.Min(sizes.Positions / (partItems * sizes.Height), 2 * ManyGroups / groups), 1, MostParts) : 1;
        sizes.PartLength = (sizes.Positions + parts - 1) / parts;
        sizes.Parts = sizes.Positions == 0 ? 1 : (int)((sizes.Positions + sizes.PartLength - 1) / sizes.PartLength); // none is empty
        sizes.WidthBits = BitOperations.Log2((uint)sizes.Width);
        sizes.HeightBits = BitOperations.Log2((uint)sizes.Height);
        sizes.Low = Math.Max(1, sizes.Low);
        var runs = sizes.Height / sizes.Low;
        sizes.LowStep = sizes.Height - runs * sizes.Low;
        sizes.Step = runs * sizes.HighStride + sizes.LowStep * sizes.LowStride;
        sizes.Wrap = sizes.HighStride - sizes.Low * sizes.LowStride;
        return sizes;
    }
}
