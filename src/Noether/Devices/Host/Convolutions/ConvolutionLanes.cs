using System.Numerics;
using System.Runtime.InteropServices;

namespace Noether.Devices.Host;

/// <summary>Correlations with several outputs: neighbouring outputs in the lanes of a register, neighbouring positions in the rows of a tile.</summary>
/// <remarks>
/// Algorithm: the input of a block of output positions is padded and sorted into parts (<see cref="ConvolutionParts"/>), so that whatever the
///            stride, a tap moved along a row is a contiguous run. A register tile of 8 positions by 2 registers of outputs then goes over all
///            (channel, tap) pairs: numbers of the input are broadcast, from wherever they lie, and weights are whole aligned registers. Rows are
///            cut into tiles of 8, 7, 4 and 1, so no position is computed in vain, however small the image.
/// Blocking:  at most 1024 positions and 256 KiB of padded input at once, of several images where they are small; a panel of weights
///            (2V outputs) streams through, from L1 or L2, once for each tile: 8 bytes a cycle.
/// After:     sums [positions, outputs] are turned round into the output's planes, a few rows at a time while they are in L1.
/// Parallel:  over images, groups and blocks of positions, and over outputs where these are few. Sums do not depend on it.
/// Cost:      2 · N · O · K operations a position; a store for each element of padded input, two for each of the output.
/// </remarks>
internal static unsafe class ConvolutionLanes<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    private const int MostPositions = 1024;
    private const int ChunkPositions = 112; // whose sums, 14 KiB, are still in L1 when they are turned round
    private const int FewPositions = 64; // with fewer, a panel of weights is used too seldom: images share it
    private const int BlockElements = 64 << 10;
    private const int LeastWidth = 4;
    private const int Slack = 64; // what copies write past an end
    private const int Tasks = 16;

    private static int PanelColumns => 2 * V.Count;

    /// <summary>True where rows are wide enough for tiles, and registers not nearly empty.</summary>
    public static bool Suits(ConvolutionShape shape) =>
        shape.GroupOutputs > LeastWidth && (shape.OutputRuns().First()[2].Count >= LeastWidth || shape.Pixels < LeastWidth);

    /// <summary>As <see cref="Convolution.Correlate{T}"/>.</summary>
    public static bool Correlate(ConvolutionGeometry geometry, ConvolutionShape shape, T* input, T* weight, T* output, IRegionBody? finished = null)
    {
        if (!shape.IsOneRun)
            finished = null;

        // Where the input is spread, some outputs may meet zeros only.
        var spread = shape.InputDilation is not [1, 1, 1];
        if (spread && shape.OutputRuns().Any(static axes => axes.Any(static axis => axis.Taps.Length == 0)))
            NativeMemory.Clear(output, checked((nuint)geometry.Batch * (nuint)geometry.Outputs * (nuint)shape.Pixels * (nuint)sizeof(T)));

        foreach (var axes in shape.OutputRuns())
        {
            var runs = ConvolutionShape.Block(axes, MostPositions);
            var parts = new ConvolutionParts(axes[0], axes[1], axes[2], runs);
            if (spread && parts.Taps == 0)
                continue;

            var positions = runs[0] * runs[1] * runs[2];
            var images = Math.Clamp(FewPositions / positions, 1, Math.Max(1, geometry.Batch * geometry.Groups / Tasks));
            var channels = Math.Clamp(BlockElements / Math.Max(1, parts.Slab * images), 1, shape.GroupChannels);
            var panels = (shape.GroupOutputs + PanelColumns - 1) / PanelColumns;
            using var packed = Workspace.Rent<T>((long)geometry.Groups * panels * PanelColumns * shape.GroupChannels * parts.Taps);
            using var table = Workspace.Rent<int>((long)channels * parts.Taps);
            var (offsets, numbers) = parts.Table(shape.Kernel[1], shape.Kernel[2]);
            for (var k = 0; k < channels * parts.Taps; k++)
                table.As<int>()[k] = checked(k / parts.Taps * parts.Slab + offsets[k % parts.Taps]);

            WorkerPool.Shared.For(geometry.Groups * panels, new Pack(shape, weight, packed.As<T>(), numbers, channels, panels));
            var body = new Block(geometry, shape, axes, runs, parts, images, channels, panels, table.As<int>(), packed.As<T>(), input, output, finished);
            WorkerPool.Shared.For(body.Count, body);
        }

        return finished is not null;
    }

    // Outputs of a panel, and the lanes that hold them: one register or two.
    private static int Width(ConvolutionShape shape, int panel) => Math.Min(PanelColumns, shape.GroupOutputs - panel * PanelColumns);

    private static int Lanes(int width) => width > V.Count ? 2 * V.Count : V.Count;

    // packed[group, channel block, panel, (channel, tap), lanes], zero beyond the outputs.
    private readonly struct Pack(ConvolutionShape shape, T* weight, T* packed, int[] numbers, int channels, int panels) : IParallelBody
    {
        public void Invoke(int index)
        {
            var (group, panel) = Math.DivRem(index, panels);
            int width = Width(shape, panel), lanes = Lanes(width), taps = numbers.Length;
            var apart = (long)shape.GroupChannels * shape.KernelSize;
            for (var first = 0; first < shape.GroupChannels; first += channels)
            {
                var depth = Math.Min(channels, shape.GroupChannels - first) * taps;
                var to = packed + (((long)group * shape.GroupChannels + first) * panels * taps + (long)panel * depth) * PanelColumns;
                var from = weight + ((long)group * shape.GroupOutputs + panel * PanelColumns) * apart + (long)first * shape.KernelSize;
                if (width < lanes)
                    new Span<T>(to, depth * lanes).Clear();
                if (taps == shape.KernelSize)
                {
                    Transposition.Run(from, apart, to, lanes, width, depth);
                    continue;
                }

                for (var k = 0; k < depth; k++, to += lanes)
                {
                    var source = from + k / taps * shape.KernelSize + numbers[k % taps];
                    for (var o = 0; o < width; o++)
                        to[o] = source[o * apart];
                }
            }
        }
    }

    private readonly struct Block(
        ConvolutionGeometry geometry, ConvolutionShape shape, ConvolutionAxis[] axes, int[] runs, ConvolutionParts parts,
        int images, int channels, int panels, int* table, T* packed, T* input, T* output,
        IRegionBody? finished) : IParallelBody
    {
        private readonly int across = Across(axes, runs);
        private readonly int down = Ceiling(geometry.Batch, images);
        private readonly int shares = Math.Clamp(
            Tasks / (Ceiling(geometry.Batch, images) * geometry.Groups * Across(axes, runs)), 1, panels);

        public int Count => checked(down * geometry.Groups * across * shares);

        public void Invoke(int task)
        {
            var (rest, share) = Math.DivRem(task, shares);
            (rest, var block) = Math.DivRem(rest, across);
            var (row, group) = Math.DivRem(rest, geometry.Groups);
            int blocksX = Ceiling(axes[2].Count, runs[2]), blocksY = Ceiling(axes[1].Count, runs[1]);
            int[] starts = [block / blocksX / blocksY * runs[0], block / blocksX % blocksY * runs[1], block % blocksX * runs[2]];
            int[] counts = [0, 0, 0];
            for (var axis = 0; axis < 3; axis++)
                counts[axis] = Math.Min(runs[axis], axes[axis].Count - starts[axis]);
            int first = row * images, used = Math.Min(images, geometry.Batch - first);
            int firstPanel = panels * share / shares, endPanel = panels * (share + 1) / shares;

            // Sums of a few rows of one panel, or of everything where the channels do not fit at once.
            var stacked = channels < shape.GroupChannels;
            var chunk = Math.Clamp(ChunkPositions / counts[2], 1, counts[1]);
            var size = (long)used * counts[0] * counts[1] * counts[2] * PanelColumns;
            using var product = Workspace.Rent<T>(stacked ? (endPanel - firstPanel) * size : (long)chunk * counts[2] * PanelColumns);
            using var padded = Workspace.Rent<T>((long)used * channels * parts.Slab + Slack);
            using var turned = Workspace.Rent<T>(axes[2].Every > 1 ? (long)chunk * counts[2] * PanelColumns : 0);
            for (var channel = 0; channel < shape.GroupChannels; channel += channels)
            {
                var held = Math.Min(channels, shape.GroupChannels - channel);
                var depth = held * parts.Taps;
                for (var i = 0; i < used && depth > 0; i++)
                    for (var c = 0; c < held; c++)
                        parts.Copy(
                            input + shape.InputAt(group, first + i) + (long)(channel + c) * shape.InputSize, shape.Input, starts,
                            padded.As<T>() + ((long)i * channels + c) * parts.Slab);

                var last = channel + held == shape.GroupChannels;
                var weights = packed + (((long)group * shape.GroupChannels + channel) * panels * parts.Taps) * PanelColumns;
                for (var panel = firstPanel; panel < endPanel; panel++)
                {
                    var sums = product.As<T>() + (stacked ? (panel - firstPanel) * size : 0);
                    for (var i = 0; i < used; i++)
                        for (var z = 0; z < counts[0]; z++)
                            for (var y = 0; y < counts[1]; y += chunk)
                            {
                                var rows = Math.Min(chunk, counts[1] - y);
                                var from = padded.As<T>() + (long)i * channels * parts.Slab + z * parts.Plane + y * parts.Row;
                                Multiply(depth, weights + (long)panel * depth * PanelColumns, Lanes(Width(shape, panel)), from, rows, counts[2], sums, channel > 0);
                                if (last)
                                    Put(first + i, group, panel, starts, z, y, rows, counts[2], sums, turned.As<T>());
                                if (stacked)
                                    sums += rows * counts[2] * PanelColumns;
                            }
                }
            }

            if (finished is null)
                return;
            var firstOutput = firstPanel * PanelColumns;
            var outputs = Math.Min(endPanel * PanelColumns, shape.GroupOutputs) - firstOutput;
            for (var i = 0; i < used; i++)
                finished.Invoke(
                    output + shape.OutputAt(group, first + i) + (long)firstOutput * shape.Pixels + shape.At(starts),
                    outputs, counts[0] * counts[1] * counts[2]);
        }

        // sums[y, x, lanes] of a few rows for one panel of outputs.
        private void Multiply(int depth, T* weights, int lanes, T* row, int rows, int count, T* sums, bool accumulate)
        {
            if (depth == 0)
                new Span<T>(sums, rows * count * lanes).Clear();
            for (var y = 0; y < rows && depth > 0; y++, row += parts.Row, sums += count * lanes)
                if (lanes > V.Count)
                    Row2(depth, weights, row, count, sums, accumulate);
                else
                    Row1(depth, weights, row, count, sums, accumulate);
        }

        private void Row2(int depth, T* weights, T* row, int count, T* sums, bool accumulate)
        {
            var x = 0;
            // Eight rows of two registers need more than the sixteen of narrower sets. Images of 7 · 2ⁿ fill tiles of seven.
            if (V.Count * sizeof(T) == 64 && count % 8 != 0 && count % 7 == 0)
                for (; x < count; x += 7)
                    ConvolutionTile.Seven2<V, T>(depth, weights, table, row + x, sums + x * 2 * V.Count, accumulate);
            else if (V.Count * sizeof(T) == 64)
                for (; x + 8 <= count; x += 8)
                    ConvolutionTile.Eight2<V, T>(depth, weights, table, row + x, sums + x * 2 * V.Count, accumulate);
            for (; x + 4 <= count; x += 4)
                ConvolutionTile.Four2<V, T>(depth, weights, table, row + x, sums + x * 2 * V.Count, accumulate);
            for (; x < count; x++)
                ConvolutionTile.One2<V, T>(depth, weights, table, row + x, sums + x * 2 * V.Count, accumulate);
        }

        private void Row1(int depth, T* weights, T* row, int count, T* sums, bool accumulate)
        {
            var x = 0;
            if (count % 8 != 0 && count % 7 == 0)
                for (; x < count; x += 7)
                    ConvolutionTile.Seven1<V, T>(depth, weights, table, row + x, sums + x * V.Count, accumulate);
            for (; x + 8 <= count; x += 8)
                ConvolutionTile.Eight1<V, T>(depth, weights, table, row + x, sums + x * V.Count, accumulate);
            for (; x + 4 <= count; x += 4)
                ConvolutionTile.Four1<V, T>(depth, weights, table, row + x, sums + x * V.Count, accumulate);
            for (; x < count; x++)
                ConvolutionTile.One1<V, T>(depth, weights, table, row + x, sums + x * V.Count, accumulate);
        }

        private void Put(int image, int group, int panel, int[] starts, int z, int y, int rows, int count, T* sums, T* turned)
        {
            int width = Width(shape, panel), lanes = Lanes(width);
            var plane = output + shape.OutputAt(group, image) + (long)panel * PanelColumns * shape.Pixels
                + (long)(axes[0].First + (starts[0] + z) * axes[0].Every) * shape.Output[1] * shape.Output[2];
            if (axes[2].Every > 1)
            {
                Transposition.Run(sums, lanes, turned, rows * count, rows * count, width);
                for (var o = 0; o < width; o++, plane += shape.Pixels)
                    for (var i = 0; i < rows; i++, turned += count)
                        Interleaving.Scatter(turned, plane + First(starts, y + i), axes[2].Every, count);
                return;
            }

            var columns = count;
            if (count == shape.Output[2] && axes[1].Every == 1)
                (rows, columns) = (1, rows * count); // rows that follow each other
            for (var i = 0; i < rows; i++, sums += columns * lanes)
                Transposition.Run(sums, lanes, plane + First(starts, y + i), shape.Pixels, columns, width);
        }

        // The first element of a row in its plane.
        private long First(int[] starts, int y) =>
            (long)(axes[1].First + (starts[1] + y) * axes[1].Every) * shape.Output[2] + axes[2].First + (long)starts[2] * axes[2].Every;

        private static int Across(ConvolutionAxis[] axes, int[] runs) =>
            Ceiling(axes[0].Count, runs[0]) * Ceiling(axes[1].Count, runs[1]) * Ceiling(axes[2].Count, runs[2]);

        private static int Ceiling(int n, int part) => (n + part - 1) / part;
    }
}
