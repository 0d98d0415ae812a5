using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Correlations by kernels of 3x3 that move by one, with 16 products for 4 outputs where the definition has 36.</summary>
/// <remarks>
/// Algorithm: F(2x2, 3x3) of Lavin and Gray 2016, "Fast algorithms for convolutional neural networks". A tile of 2x2 outputs sees 4x4 numbers d
///            of the padded input: y = Aᵀ[(G w Gᵀ) ⊙ (Bᵀ d B)]A, where B and A have entries 0 and ±1 only. Summed over channels the elementwise
///            product is, for each of its 16 places, a product of matrices [O, C] [C, tiles].
/// Layout:    a block is as many tiles as two registers have lanes. Its input rows are sorted into even and odd columns, so that the numbers of
///            neighbouring tiles are neighbours; transformed to [16, C, 2V] (128 KiB at 64 channels) they stay in L2 while the weights, packed as
///            [O / 8, 16, C, 8], stream past: 16 products for 8 outputs, whose sums [16, 8, 2V] are in L1 when they are transformed back.
/// Numbers:   a place of the tile sums over channels only, where the definition's sums are nine times as long: measured over normal numbers,
///            errors are 0.6 to 1.0 of the direct way's. An infinity or NaN spreads over the tiles that see it.
/// Parallel:  over groups and blocks of tiles. Sums do not depend on it.
/// Cost:      32 · O · C operations a tile of four pixels, where the definition has 72; a channel and tile 32 additions, an output and tile 24.
/// </remarks>
internal static unsafe class ConvolutionWinograd<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    private const int Products = 16;
    private const int Outputs = 8; // of one product
    private const int LeastChannels = 16, MostChannels = 256; // fewer do not pay for the transforms, more do not fit in L2
    private const int LeastOutputs = 16;
    private const int LeastTilesAcross = 3;
    private const int LeastBlocks = 4; // fewer do not pay for the transform of the weights
    private const int Slack = 16; // lanes that a store may write past a row

    private static int Lanes => 2 * V.Count;

    /// <summary>True for float32 kernels of 3x3 in a plane, with enough channels, outputs and tiles that the transforms cost less than they save.</summary>
    public static bool Suits(ConvolutionGeometry geometry, ConvolutionShape shape) =>
        typeof(T) == typeof(float) && shape.Kernel is [1, 3, 3] && shape.Stride is [1, 1, 1] && shape.InputDilation is [1, 1, 1]
        && shape.KernelDilation is [1, 1, 1] && shape.Input[0] == 1 && shape.Output[0] == 1
        && shape.PadLow is [0, >= 0, >= 0] && PadHigh(shape, 1) >= 0 && PadHigh(shape, 2) >= 0
        && shape.GroupChannels is >= LeastChannels and <= MostChannels && shape.GroupOutputs >= LeastOutputs
        && Halves(shape.Output[2]) >= LeastTilesAcross
        && (long)geometry.Batch * Halves(shape.Output[1]) * Halves(shape.Output[2]) >= LeastBlocks * Lanes;

    /// <summary>As <see cref="Convolution.Correlate{T}"/>.</summary>
    public static void Correlate(ConvolutionGeometry geometry, ConvolutionShape shape, T* input, T* weight, T* output)
    {
        var octets = (shape.GroupOutputs + Outputs - 1) / Outputs;
        using var packed = Workspace.Rent<T>((long)geometry.Groups * octets * Products * shape.GroupChannels * Outputs);
        WorkerPool.Shared.For(geometry.Groups * octets, new Pack(shape, octets, weight, packed.As<T>()));

        using var table = Workspace.Rent<int>(shape.GroupChannels);
        for (var c = 0; c < shape.GroupChannels; c++)
            table.As<int>()[c] = c * Outputs;
        var across = Halves(shape.Output[2]);
        if (across <= Simd128<T>.Count)
            Run<Simd128<T>>(geometry, shape, octets, table.As<int>(), packed.As<T>(), input, output);
        else if (across <= Simd256<T>.Count)
            Run<Simd256<T>>(geometry, shape, octets, table.As<int>(), packed.As<T>(), input, output);
        else
            Run<V>(geometry, shape, octets, table.As<int>(), packed.As<T>(), input, output);
    }

    // S: a register for the transform of the input, that a row of tiles fills.
    private static void Run<S>(ConvolutionGeometry geometry, ConvolutionShape shape, int octets, int* table, T* packed, T* input, T* output)
        where S : struct, ISimd<S, T>
    {
        var body = new Block<S>(geometry, shape, octets, table, packed, input, output);
        WorkerPool.Shared.For(body.Count, body);
    }

    private static int Halves(int n) => (n + 1) / 2;

    private static int PadHigh(ConvolutionShape shape, int axis) => shape.Output[axis] + 2 - shape.Input[axis] - shape.PadLow[axis];

    // packed[group, octet, 16, channel, 8] = G w Gᵀ, zero beyond the outputs.
    private readonly struct Pack(ConvolutionShape shape, int octets, T* weight, T* packed) : IParallelBody
    {
        public void Invoke(int index)
        {
            var (group, octet) = Math.DivRem(index, octets);
            int depth = shape.Depth, height = Math.Min(Outputs, shape.GroupOutputs - octet * Outputs);
            using var turned = Workspace.Rent<T>((long)depth * Outputs);
            if (height < Outputs)
                new Span<T>(turned.As<T>(), depth * Outputs).Clear();
            Transposition.Run(weight + ((long)group * shape.GroupOutputs + octet * Outputs) * depth, depth, turned.As<T>(), Outputs, height, depth);
            for (var o = 0; o < Outputs; o += Simd256<T>.Count)
                ConvolutionWinogradTile.Weights<Simd256<T>, T>(
                    turned.As<T>() + o, packed + (long)index * Products * shape.GroupChannels * Outputs + o, shape.GroupChannels, Outputs);
        }
    }

    // A stretch of the tiles of one row, and where its first row of sorted input begins.
    private struct Segment
    {
        public int Slot, Count, Image, Y, X, Rows;
    }

    // The rows of input that a block needs of one image.
    private struct Stretch
    {
        public int Image, FirstRow, Count, Rows;
    }

    private readonly struct Block<S>(
        ConvolutionGeometry geometry, ConvolutionShape shape, int octets, int* table, T* packed, T* input, T* output) : IParallelBody
        where S : struct, ISimd<S, T>
    {
        private readonly int down = Halves(shape.Output[1]), across = Halves(shape.Output[2]);
        private readonly int blocks = (int)(((long)geometry.Batch * Halves(shape.Output[1]) * Halves(shape.Output[2]) + Lanes - 1) / Lanes);

        // Elements of a sorted half row: what the tiles read, a vector more, or what the input has.
        private readonly int pitch = Math.Max(Halves(shape.Output[2]) + 1, Halves(shape.Input[2] + shape.PadLow[2])) + Slack;

        public int Count => checked(geometry.Groups * blocks);

        public void Invoke(int task)
        {
            var (group, block) = Math.DivRem(task, blocks);
            var first = (long)block * Lanes;
            var used = (int)Math.Min(Lanes, (long)geometry.Batch * down * across - first);
            var segments = stackalloc Segment[Lanes];
            var stretches = stackalloc Stretch[Lanes];
            var (count, images, rows) = Cut(first, used, segments, stretches);

            var plane = shape.GroupChannels * Lanes + Slack; // no power of two, so that the 16 planes meet in different sets of L1
            using var sorted = Workspace.Rent<T>((long)rows * 2 * pitch + Slack);
            using var transformed = Workspace.Rent<T>((long)Products * plane);
            using var product = Workspace.Rent<T>(Products * Outputs * Lanes + 4 * Lanes);
            new Span<T>(sorted.As<T>(), rows * 2 * pitch + Slack).Clear();
            for (var c = 0; c < shape.GroupChannels; c++)
            {
                for (var i = 0; i < images; i++)
                    Sort(stretches[i], input + shape.InputAt(group, stretches[i].Image) + (long)c * shape.InputSize, sorted.As<T>());
                for (var i = 0; i < count; i++)
                    ConvolutionWinogradTile.Input<S, T>(
                        sorted.As<T>() + (long)segments[i].Rows * 2 * pitch + segments[i].X, pitch,
                        transformed.As<T>() + c * Lanes + segments[i].Slot, plane, segments[i].Count);
            }

            for (var octet = 0; octet < octets; octet++)
            {
                var weights = packed + ((long)group * octets + octet) * Products * shape.GroupChannels * Outputs;
                for (var p = 0; p < Products; p++)
                    Multiply(weights + p * shape.GroupChannels * Outputs, transformed.As<T>() + p * plane, product.As<T>() + p * Outputs * Lanes);
                var height = Math.Min(Outputs, shape.GroupOutputs - octet * Outputs);
                for (var o = 0; o < height; o++)
                {
                    var pixels = product.As<T>() + Products * Outputs * Lanes;
                    ConvolutionWinogradTile.Output<V, T>(product.As<T>() + o * Lanes, Outputs * Lanes, pixels);
                    for (var i = 0; i < count; i++)
                        Put(segments[i], pixels, output + shape.OutputAt(group, segments[i].Image) + (long)(octet * Outputs + o) * shape.Pixels);
                }
            }
        }

        private (int Segments, int Stretches, int Rows) Cut(long first, int used, Segment* segments, Stretch* stretches)
        {
            int count = 0, images = 0, rows = 0;
            for (var slot = 0; slot < used; count++)
            {
                var (row, x) = Math.DivRem(first + slot, across);
                var (image, y) = Math.DivRem(row, down);
                var same = count > 0 && segments[count - 1].Image == (int)image;
                if (!same)
                    stretches[images++] = new() { Image = (int)image, FirstRow = 2 * (int)y - shape.PadLow[1], Rows = rows };
                segments[count] = new()
                {
                    Slot = slot,
                    Count = (int)Math.Min(across - x, used - slot),
                    Image = (int)image,
                    Y = (int)y,
                    X = (int)x,
                    Rows = same ? rows - 2 : rows,
                };
                rows = segments[count].Rows + 4;
                stretches[images - 1].Count = rows - stretches[images - 1].Rows;
                slot += segments[count].Count;
            }

            return (count, images, rows);
        }

        // Even and odd columns of the padded rows; the padding is there.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Sort(in Stretch stretch, T* plane, T* sorted)
        {
            int width = shape.Input[2], height = shape.Input[1], pad = shape.PadLow[2];
            var to = sorted + (long)stretch.Rows * 2 * pitch;
            T* even = to + (pad % 2 == 0 ? pad / 2 : pitch + pad / 2), odd = to + (pad % 2 == 0 ? pitch + pad / 2 : pad / 2 + 1);
            var from = Math.Max(0, -stretch.FirstRow);
            var end = Math.Min(stretch.Count, height - stretch.FirstRow);
            for (var row = from; row < end; row++)
            {
                var source = plane + (long)(stretch.FirstRow + row) * width;
                var at = (long)row * 2 * pitch;
                Interleaving.Split(source, even + at, odd + at, width / 2);
                if (width % 2 > 0)
                    even[at + width / 2] = source[width - 1];
            }
        }

        private void Multiply(T* weights, T* numbers, T* to)
        {
            if (V.Count * sizeof(T) == 64)
            {
                ConvolutionTile.Eight2<V, T>(shape.GroupChannels, numbers, table, weights, to, accumulate: false);
                return;
            }

            ConvolutionTile.Four2<V, T>(shape.GroupChannels, numbers, table, weights, to, accumulate: false);
            ConvolutionTile.Four2<V, T>(shape.GroupChannels, numbers, table, weights + 4, to + 4 * Lanes, accumulate: false);
        }

        private void Put(in Segment segment, T* pixels, T* plane)
        {
            var width = shape.Output[2];
            var whole = Math.Min(segment.Count, width / 2 - segment.X);
            for (var i = 0; i < 2 && 2 * segment.Y + i < shape.Output[1]; i++)
            {
                T* even = pixels + 2 * i * Lanes + segment.Slot, to = plane + (long)(2 * segment.Y + i) * width + 2 * segment.X;
                Interleaving.Merge(even, even + Lanes, to, whole);
                if (whole < segment.Count)
                    to[2 * whole] = even[whole];
            }
        }
    }
}
