using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>Correlations with few outputs of wide images: sweeps of the weights over the padded input, without a matrix of windows.</summary>
/// <remarks>
/// Algorithm: the input of a block of output pixels is padded and sorted into parts (<see cref="ConvolutionParts"/>); then a register tile
///            of 4 outputs by 2 registers of pixels runs over all (channel, tap) pairs, whose vectors lie at offsets in that copy. Pixels are
///            counted along the padded rows, so the few columns between one row's end and the next one's begin are computed and left behind.
/// Blocking:  at most 640 pixels and 256 KiB of padded input at once; weights are packed once in panels of 4 outputs and stream through.
/// Parallel:  over images, groups and blocks of pixels, and over outputs where these are few. Sums do not depend on it.
/// Cost:      2 · N · O · K operations a pixel of the padded rows; the copies are a few stores an element of input and of output.
/// </remarks>
internal static unsafe class ConvolutionSweep<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    private const int MostPixels = 640;
    private const int BlockElements = 64 << 10;
    private const int PanelRows = 4;
    private const int LongSum = 64;
    private const int Slack = 64; // what tiles read, and copies write, past an end
    private const int Tasks = 16;

    private static int TileColumns => 2 * V.Count;

    /// <summary>True where the padding of rows and the rounding to registers cost less than a matrix of windows does.</summary>
    public static bool Suits(ConvolutionShape shape)
    {
        var axes = shape.OutputRuns().First();
        int[] runs = [axes[0].Count, axes[1].Count, axes[2].Count];
        var length = new ConvolutionParts(axes[0], axes[1], axes[2], runs).Length(runs[0], runs[1], runs[2]);
        return 2L * RoundUp(length, TileColumns) <= 5L * runs[0] * runs[1] * runs[2];
    }

    /// <summary>
    /// True where the outputs would fill one register of <see cref="ConvolutionLanes{V,T}"/> only, rows are whole registers and sums long: here
    /// the tile has twice the width then, and the sums need not be turned round.
    /// </summary>
    public static bool IsBest(ConvolutionShape shape) =>
        shape.GroupOutputs <= V.Count && shape.GroupOutputs % PanelRows == 0 && shape.Depth >= LongSum
        && shape.OutputRuns().First()[2].Count % V.Count == 0 && Suits(shape);

    /// <summary>As <see cref="Convolution.Correlate{T}"/>.</summary>
    public static bool Correlate(ConvolutionGeometry geometry, ConvolutionShape shape, T* input, T* weight, T* output, IRegionBody? finished = null)
    {
        if (!shape.IsOneRun)
            finished = null;
        foreach (var axes in shape.OutputRuns())
        {
            var runs = ConvolutionShape.Block(axes, MostPixels);
            var parts = new ConvolutionParts(axes[0], axes[1], axes[2], runs);
            var channels = Math.Clamp(BlockElements / Math.Max(1, parts.Slab), 1, shape.GroupChannels);
            var panels = (shape.GroupOutputs + PanelRows - 1) / PanelRows;
            using var packed = Workspace.Rent<T>((long)geometry.Groups * panels * PanelRows * shape.GroupChannels * parts.Taps);
            using var table = Workspace.Rent<int>((long)channels * parts.Taps);
            var (offsets, numbers) = parts.Table(shape.Kernel[1], shape.Kernel[2]);
            for (var k = 0; k < channels * parts.Taps; k++)
                table.As<int>()[k] = checked(k / parts.Taps * parts.Slab + offsets[k % parts.Taps]);

            WorkerPool.Shared.For(geometry.Groups * panels, new Pack(shape, weight, packed.As<T>(), numbers, channels, panels));
            var body = new Block(geometry, shape, axes, runs, parts, channels, panels, table.As<int>(), packed.As<T>(), input, output, finished);
            WorkerPool.Shared.For(body.Count, body);
        }

        return finished is not null;
    }

    private static int RoundUp(int n, int multiple) => (n + multiple - 1) / multiple * multiple;

    // packed[group, channel block, panel, (channel, tap), 4], zero beyond the outputs.
    private readonly struct Pack(ConvolutionShape shape, T* weight, T* packed, int[] numbers, int channels, int panels) : IParallelBody
    {
        public void Invoke(int index)
        {
            var (group, panel) = Math.DivRem(index, panels);
            var height = Math.Min(PanelRows, shape.GroupOutputs - panel * PanelRows);
            var taps = numbers.Length;
            for (var first = 0; first < shape.GroupChannels; first += channels)
            {
                var depth = Math.Min(channels, shape.GroupChannels - first) * taps;
                var to = packed + (((long)group * shape.GroupChannels + first) * panels * taps + (long)panel * depth) * PanelRows;
                for (var i = 0; i < PanelRows; i++)
                {
                    var from = weight + (((long)group * shape.GroupOutputs + panel * PanelRows + i) * shape.GroupChannels + first) * shape.KernelSize;
                    for (var k = 0; k < depth; from += shape.KernelSize)
                        for (var t = 0; t < taps; t++, k++)
                            to[(long)k * PanelRows + i] = i < height ? from[numbers[t]] : T.Zero;
                }
            }
        }
    }

    private readonly struct Block(
        ConvolutionGeometry geometry, ConvolutionShape shape, ConvolutionAxis[] axes, int[] runs, ConvolutionParts parts,
        int channels, int panels, int* table, T* packed, T* input, T* output,
        IRegionBody? finished) : IParallelBody
    {
        private readonly int across = Across(axes, runs);
        private readonly int shares = Math.Clamp(
            Tasks / (geometry.Batch * geometry.Groups * Across(axes, runs)), 1, panels);

        public int Count => checked(geometry.Batch * geometry.Groups * across * shares);

        public void Invoke(int task)
        {
            var (rest, share) = Math.DivRem(task, shares);
            (rest, var block) = Math.DivRem(rest, across);
            var (image, group) = Math.DivRem(rest, geometry.Groups);
            int blocksX = Ceiling(axes[2].Count, runs[2]), blocksY = Ceiling(axes[1].Count, runs[1]);
            int[] starts = [block / blocksX / blocksY * runs[0], block / blocksX % blocksY * runs[1], block % blocksX * runs[2]];
            int countZ = Math.Min(runs[0], axes[0].Count - starts[0]), countY = Math.Min(runs[1], axes[1].Count - starts[1]);
            var countX = Math.Min(runs[2], axes[2].Count - starts[2]);
            var columns = RoundUp(parts.Length(countZ, countY, countX), TileColumns);
            int firstPanel = panels * share / shares, endPanel = panels * (share + 1) / shares;

            using var product = Workspace.Rent<T>((long)(endPanel - firstPanel) * PanelRows * columns);
            using var padded = Workspace.Rent<T>((long)channels * parts.Slab + Slack);
            var sums = product.As<T>();
            if (parts.Taps == 0)
                new Span<T>(sums, checked((endPanel - firstPanel) * PanelRows * columns)).Clear();
            for (var first = 0; first < shape.GroupChannels && parts.Taps > 0; first += channels)
            {
                var used = Math.Min(channels, shape.GroupChannels - first);
                var from = input + shape.InputAt(group, image) + (long)first * shape.InputSize;
                for (var c = 0; c < used; c++)
                    parts.Copy(from + (long)c * shape.InputSize, shape.Input, starts, padded.As<T>() + (long)c * parts.Slab);

                var depth = used * parts.Taps;
                var weights = packed + (((long)group * shape.GroupChannels + first) * panels * parts.Taps) * PanelRows;
                for (var column = 0; column < columns; column += TileColumns)
                    for (var panel = firstPanel; panel < endPanel; panel++)
                        Tile(
                            depth, weights + (long)panel * depth * PanelRows, padded.As<T>() + column,
                            sums + (long)(panel - firstPanel) * PanelRows * columns + column, columns,
                            shape.GroupOutputs - panel * PanelRows, first > 0);
            }

            var firstOutput = firstPanel * PanelRows;
            var endOutput = Math.Min(endPanel * PanelRows, shape.GroupOutputs);
            for (var o = firstOutput; o < endOutput; o++)
            {
                var to = output + shape.OutputAt(group, image) + (long)o * shape.Pixels;
                var from = sums + (long)(o - firstOutput) * columns;
                for (var z = 0; z < countZ; z++)
                    for (var y = 0; y < countY; y++)
                    {
                        var atZ = axes[0].First + (starts[0] + z) * axes[0].Every;
                        var atY = axes[1].First + (starts[1] + y) * axes[1].Every;
                        var row = to + ((long)atZ * shape.Output[1] + atY) * shape.Output[2] + axes[2].First + (long)starts[2] * axes[2].Every;
                        Put(from + z * parts.Plane + y * parts.Row, row, axes[2].Every, countX);
                    }
            }

            finished?.Invoke(
                output + shape.OutputAt(group, image) + (long)firstOutput * shape.Pixels + shape.At(starts),
                endOutput - firstOutput, countZ * countY * countX);
        }

        private void Tile(int depth, T* weights, T* x, T* sums, int columns, int outputs, bool accumulate)
        {
            if (outputs == 1)
                ConvolutionTile.Rows1<V, T>(depth, weights, PanelRows, table, x, sums, accumulate);
            else
                ConvolutionTile.Rows4<V, T>(depth, weights, PanelRows, table, x, sums, columns, accumulate);
        }

        private static void Put(T* from, T* to, int step, int count)
        {
            if (step == 1)
                new Span<T>(from, count).CopyTo(new Span<T>(to, count));
            else
                Interleaving.Scatter(from, to, step, count);
        }

        private static int Across(ConvolutionAxis[] axes, int[] runs) =>
            Ceiling(axes[0].Count, runs[0]) * Ceiling(axes[1].Count, runs[1]) * Ceiling(axes[2].Count, runs[2]);

        private static int Ceiling(int n, int part) => (n + part - 1) / part;
    }
}
