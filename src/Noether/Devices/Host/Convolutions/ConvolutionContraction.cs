using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Noether.Devices.Host;

/// <summary>Correlations with kernels larger than their outputs, as the gradient of a convolution's weights is.</summary>
/// <remarks>
/// Algorithm: here the run is the kernel and the outputs are the taps. The input is padded and sorted into parts as in
///            <see cref="ConvolutionSweep{V,T}"/>, the kernel is turned round so that a register holds neighbouring outputs, and a tile of
///            8 (image, output position) rows reads its rows at offsets of the padded input: again without a matrix of windows.
/// Parallel:  over groups, images and chunks of the channels summed over. Each chunk has its own sums, added up in order at the end; the
///            chunks follow from the shape alone, so equal inputs give equal bits on any number of threads.
/// Cost:      2 · O · rows operations an element of the kernel, plus one store for each element of kernel and padded input.
/// </remarks>
internal static unsafe class ConvolutionContraction<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    private const int MostPositions = 512;
    private const int BlockElements = 64 << 10;
    private const int PartialElements = 1 << 19;
    private const int TileRows = 8;
    private const int Slack = 64;
    private const int Tasks = 16;

    private static int TileColumns => 2 * V.Count;

    /// <summary>As <see cref="Convolution.Correlate{T}"/>.</summary>
    public static void Correlate(ConvolutionGeometry geometry, ConvolutionShape shape, T* input, T* weight, T* output)
    {
        if (shape.InputDilation is not [1, 1, 1]) // some outputs may meet zeros only
            NativeMemory.Clear(output, checked((nuint)geometry.Batch * (nuint)geometry.Outputs * (nuint)shape.Pixels * (nuint)sizeof(T)));

        foreach (var axes in shape.KernelRuns())
        {
            var runs = ConvolutionShape.Block(axes, MostPositions);
            var parts = new ConvolutionParts(axes[0], axes[1], axes[2], runs);
            if (parts.Taps == 0)
                continue;

            var panels = (shape.GroupOutputs + TileColumns - 1) / TileColumns;
            var result = (long)geometry.Groups * panels * TileColumns * geometry.Batch * parts.Taps;
            var chunks = (int)Math.Clamp(PartialElements / result, 1, Math.Min(Math.Max(1, Tasks / geometry.Groups), shape.GroupChannels));
            var images = Math.Clamp(BlockElements / parts.Slab, 1, geometry.Batch);
            images = Math.Min(images, Math.Max(1, (int)((long)geometry.Batch * geometry.Groups * chunks / Tasks)));
            var down = (geometry.Batch + images - 1) / images;
            images = (geometry.Batch + down - 1) / down; // blocks of equal size
            down = (geometry.Batch + images - 1) / images;

            var (offsets, numbers) = parts.Table(shape.Output[1], shape.Output[2]);
            var rows = (images * parts.Taps + TileRows - 1) / TileRows * TileRows;
            using var table = Workspace.Rent<int>(rows);
            for (var r = 0; r < rows; r++)
                table.As<int>()[r] = r < images * parts.Taps ? checked(r / parts.Taps * parts.Slab + offsets[r % parts.Taps]) : 0;

            using var partial = Workspace.Rent<T>((long)geometry.Groups * down * chunks * panels * rows * TileColumns);
            var body = new Part(
                geometry, shape, axes, runs, parts, images, rows, down, chunks, panels, table.As<int>(), partial.As<T>(), input, weight);
            WorkerPool.Shared.For(geometry.Groups * down * chunks, body);
            WorkerPool.Shared.For(
                geometry.Groups * geometry.Batch, new Collect(geometry, shape, numbers, images, rows, down, chunks, panels, partial.As<T>(), output));
        }
    }

    // One chunk of channels for one block of images: sums[panel, row, 2V].
    private readonly struct Part(
        ConvolutionGeometry geometry, ConvolutionShape shape, ConvolutionAxis[] axes, int[] runs, ConvolutionParts parts,
        int images, int rows, int down, int chunks, int panels, int* table, T* partial, T* input, T* weight) : IParallelBody
    {
        public void Invoke(int task)
        {
            var (rest, chunk) = Math.DivRem(task, chunks);
            var (group, block) = Math.DivRem(rest, down);
            var used = Math.Min(images, geometry.Batch - block * images);
            var sums = partial + (long)task * panels * rows * TileColumns;
            new Span<T>(sums, checked(panels * rows * TileColumns)).Clear();
            using var padded = Workspace.Rent<T>((long)images * parts.Slab + Slack);
            using var turned = Workspace.Rent<T>((long)panels * TileColumns * runs[0] * runs[1] * runs[2]);
            if (used < images) // rows of absent images are multiplied and left behind
                new Span<T>(padded.As<T>(), checked(images * parts.Slab)).Clear();

            int firstChannel = shape.GroupChannels * chunk / chunks, endChannel = (int)((long)shape.GroupChannels * (chunk + 1) / chunks);
            var starts = new int[3];
            for (var channel = firstChannel; channel < endChannel; channel++)
                for (starts[0] = 0; starts[0] < axes[0].Count; starts[0] += runs[0])
                    for (starts[1] = 0; starts[1] < axes[1].Count; starts[1] += runs[1])
                        for (starts[2] = 0; starts[2] < axes[2].Count; starts[2] += runs[2])
                        {
                            for (var i = 0; i < used; i++)
                            {
                                var slab = shape.InputAt(group, block * images + i) + channel * shape.InputStrides.Channel;
                                parts.Copy(input + slab, shape.Input, starts, padded.As<T>() + (long)i * parts.Slab);
                            }

                            Multiply(group, channel, starts, padded.As<T>(), turned.As<T>(), sums);
                        }
        }

        private void Multiply(int group, int channel, int[] starts, T* padded, T* turned, T* sums)
        {
            int countZ = Math.Min(runs[0], axes[0].Count - starts[0]), countY = Math.Min(runs[1], axes[1].Count - starts[1]);
            var countX = Math.Min(runs[2], axes[2].Count - starts[2]);
            var positions = countZ * countY * countX;
            for (var panel = 0; panel < panels; panel++)
            {
                var b = turned + (long)panel * TileColumns * positions;
                Turn(group, channel, panel, starts, countZ, countY, countX, b);
                for (var row = 0; row < rows; row += TileRows)
                {
                    var to = sums + ((long)panel * rows + row) * TileColumns;
                    for (var z = 0; z < countZ; z++)
                        ConvolutionTile.Contract8<V, T>(
                            countY, countX, parts.Row, padded + z * parts.Plane, table + row, b + (long)z * countY * countX * TileColumns, to);
                }
            }
        }

        // to[position, output] of a panel of outputs, zero beyond the last output.
        private void Turn(int group, int channel, int panel, int[] starts, int countZ, int countY, int countX, T* to)
        {
            var first = panel * TileColumns;
            var width = Math.Min(TileColumns, shape.GroupOutputs - first);
            if (width < TileColumns)
                new Span<T>(to, countZ * countY * countX * TileColumns).Clear();

            var (far, apart, slab) = shape.WeightStrides;
            var from = weight + group * far + first * apart + channel * slab;
            for (var z = 0; z < countZ; z++)
                for (var y = 0; y < countY; y++, to += countX * TileColumns)
                {
                    var atZ = axes[0].First + (starts[0] + z) * axes[0].Every;
                    var atY = axes[1].First + (starts[1] + y) * axes[1].Every;
                    var row = from + ((long)atZ * shape.Kernel[1] + atY) * shape.Kernel[2] + axes[2].First + (long)starts[2] * axes[2].Every;
                    if (axes[2].Every == 1)
                        Transposition.Run(row, apart, to, TileColumns, width, countX);
                    else
                        for (var x = 0; x < countX; x++)
                            for (var o = 0; o < width; o++)
                                to[x * TileColumns + o] = row[o * apart + (long)x * axes[2].Every];
                }
        }
    }

    // The outputs of one image and group: the chunks' sums in order.
    private readonly struct Collect(
        ConvolutionGeometry geometry, ConvolutionShape shape, int[] numbers, int images, int rows, int down, int chunks, int panels,
        T* partial, T* output) : IParallelBody
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var (group, image) = Math.DivRem(index, geometry.Batch);
            var (block, i) = Math.DivRem(image, images);
            var part = (long)panels * rows * TileColumns;
            var to = output + shape.OutputAt(group, image);
            for (var panel = 0; panel < panels; panel++)
                for (var tap = 0; tap < numbers.Length; tap++)
                {
                    var from = partial + ((long)group * down + block) * chunks * part + ((long)panel * rows + i * numbers.Length + tap) * TileColumns;
                    V low = V.Load(from), high = V.Load(from + V.Count);
                    for (var chunk = 1; chunk < chunks; chunk++)
                    {
                        low += V.Load(from + chunk * part);
                        high += V.Load(from + chunk * part + V.Count);
                    }

                    low.Store(from);
                    high.Store(from + V.Count);
                    var width = Math.Min(TileColumns, shape.GroupOutputs - panel * TileColumns);
                    for (var o = 0; o < width; o++)
                        to[((long)panel * TileColumns + o) * shape.Pixels + numbers[tap]] = from[o];
                }
        }
    }
}
