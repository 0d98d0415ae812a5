using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Cross-correlation over 1 to 3 spatial axes with stride, padding, dilations and groups.</summary>
/// <remarks>
/// Algorithm: per group, output [O/g, pixels] = weight [O/g, K] times the window matrix [K, pixels], K = C/g · kernel. The matrix is made
///            block by block (<see cref="ConvolutionWindow{T}"/>) and multiplied while it is in L2: at most 1024 rows of K and 256 KiB of
///            floats at once. Where an image has few pixels, several images share a block, so that the product stays wide.
/// Special:   kernels of one point that neither move nor pad read the input itself; groups with one output (depthwise) add scaled rows of
///            input and make no matrix.
/// Parallel:  over groups and blocks of pixels. The order of summation does not depend on the number of threads.
/// Cost:      2 · N · O · pixels · K operations, plus one store for each K · pixels, which O/g = 16 outputs or more hide.
/// </remarks>
internal static unsafe class Convolution
{
    private const int DepthBlock = 1024;
    private const int BlockElements = 64 << 10;
    private const int LeastColumns = 64;

    // Depthwise rows shorter than this are left to the matrix, whose runs are long where these are short.
    private const int ShortRow = 8;

    /// <summary>
    /// output[n, o, p] = Σ_c Σ_k input[n, c, p · stride + k · dilation - pad] weight[o, c, k]; all three dense, none overlapping output.
    /// </summary>
    public static void Correlate<T>(ConvolutionGeometry geometry, T* input, T* weight, T* output)
        where T : unmanaged, INumber<T>
    {
        var shape = new Shape3(geometry);
        var size = (long)geometry.Batch * geometry.Outputs * shape.Pixels;
        if (size == 0)
            return;

        if (shape.Depth == 0 || shape.InputSize == 0)
        {
            for (var i = 0L; i < size; i++)
                output[i] = T.Zero;
        }
        else if (shape.IsPointwise)
        {
            for (var group = 0; group < geometry.Groups; group++)
                Gemm.MultiplyBatch(
                    weight + (long)group * shape.GroupOutputs * shape.Depth, 0, shape.Depth, 1,
                    input + group * shape.GroupChannels * shape.InputSize, geometry.Channels * shape.InputSize, shape.InputSize, 1,
                    output + (long)group * shape.GroupOutputs * shape.Pixels, (long)geometry.Outputs * shape.Pixels, shape.Pixels,
                    shape.GroupOutputs, shape.Pixels, shape.Depth, geometry.Batch, accumulate: false);
        }
        else if (shape.GroupOutputs == 1 && shape.Output[2] >= ShortRow && shape.InputDilation is [1, 1, 1])
        {
            WorkerPool.Shared.For(geometry.Batch * geometry.Outputs, new Depthwise<T>(shape, geometry.Outputs, input, weight, output));
        }
        else
        {
            Blocked(geometry, shape, input, weight, output);
        }
    }

    private static void Blocked<T>(ConvolutionGeometry geometry, Shape3 shape, T* input, T* weight, T* output)
        where T : unmanaged, INumber<T>
    {
        var most = Math.Max(LeastColumns, BlockElements / Math.Min(shape.Depth, DepthBlock));
        int images = 1, pixels = shape.Pixels;
        if (pixels < most)
        {
            images = Math.Min(geometry.Batch, most / pixels);
            // Enough blocks that a few threads have work; a fixed number, for equal bits on any number of threads.
            while (images > 1 && images / 2 * pixels >= LeastColumns && (geometry.Batch + images - 1) / images * geometry.Groups < 16)
                images /= 2;
        }
        else
        {
            var parts = (pixels + most - 1) / most;
            pixels = ((pixels + parts - 1) / parts + 15) / 16 * 16; // whole registers but for the last
        }

        var body = new Block<T>(geometry, shape, input, weight, output, images, pixels);
        WorkerPool.Shared.For(body.Count, body);
    }

    // The geometry with three spatial axes, and the sizes that follow from it.
    private sealed class Shape3(ConvolutionGeometry geometry)
    {
        public readonly int[] Input = Pad(geometry.Input, 1);
        public readonly int[] Kernel = Pad(geometry.Kernel, 1);
        public readonly int[] Output = Pad(geometry.Output, 1);
        public readonly int[] Stride = Pad(geometry.Stride, 1);
        public readonly int[] PadLow = Pad(geometry.PadLow, 0);
        public readonly int[] InputDilation = Pad(geometry.InputDilation, 1);
        public readonly int[] KernelDilation = Pad(geometry.KernelDilation, 1);
        public readonly int GroupChannels = geometry.Channels / geometry.Groups;
        public readonly int GroupOutputs = geometry.Outputs / geometry.Groups;

        public int Pixels => Product(Output);

        public int InputSize => Product(Input);

        /// <summary>K: terms of one output.</summary>
        public int Depth => checked(GroupChannels * Product(Kernel));

        public bool IsPointwise => Kernel is [1, 1, 1] && Stride is [1, 1, 1] && InputDilation is [1, 1, 1]
            && PadLow is [0, 0, 0] && Output.AsSpan().SequenceEqual(Input);

        private static int[] Pad(int[] values, int fill) => values.Length switch
        {
            1 => [fill, fill, values[0]],
            2 => [fill, values[0], values[1]],
            _ => values,
        };

        private static int Product(int[] sizes) => checked(sizes[0] * sizes[1] * sizes[2]);
    }

    private readonly struct Block<T>(
        ConvolutionGeometry geometry, Shape3 shape, T* input, T* weight, T* output, int images, int pixels) : IParallelBody
        where T : unmanaged, INumber<T>
    {
        private readonly int across = (shape.Pixels + pixels - 1) / pixels;

        public int Count => checked(geometry.Groups * ((geometry.Batch + images - 1) / images) * across);

        public void Invoke(int task)
        {
            var down = (geometry.Batch + images - 1) / images;
            var (rest, part) = Math.DivRem(task, across);
            var (group, block) = Math.DivRem(rest, down);
            var image = block * images;
            var used = Math.Min(images, geometry.Batch - image);
            var firstPixel = part * pixels;
            var columns = used > 1 ? used * shape.Pixels : Math.Min(pixels, shape.Pixels - firstPixel);

            var inputSize = shape.InputSize;
            var start = input + ((long)image * geometry.Channels + group * shape.GroupChannels) * inputSize;
            var window = new ConvolutionWindow<T>(start, shape.Input, shape.InputDilation, shape.PadLow);
            var kernels = Index(inputSize, shape.Kernel, shape.KernelDilation);
            var places = Index((long)geometry.Channels * inputSize, shape.Output, shape.Stride);

            var weights = weight + (long)group * shape.GroupOutputs * shape.Depth;
            var to = output + ((long)image * geometry.Outputs + group * shape.GroupOutputs) * shape.Pixels + firstPixel;
            using var gathered = Workspace.Rent<T>(used > 1 ? (long)shape.GroupOutputs * columns : 0);
            var product = used > 1 ? gathered.As<T>() : to;
            var productRow = used > 1 ? columns : shape.Pixels;

            using var scratch = Workspace.Rent<T>((long)Math.Min(shape.Depth, DepthBlock) * columns);
            var matrix = scratch.As<T>();
            for (var k = 0; k < shape.Depth; k += DepthBlock)
            {
                var depth = Math.Min(DepthBlock, shape.Depth - k);
                if (shape.Kernel[2] > shape.Output[2])
                {
                    window.Copy(places, firstPixel, firstPixel + columns, kernels, k, k + depth, matrix, depth);
                    Gemm.Multiply(weights + k, shape.Depth, 1, matrix, 1, depth, product, productRow, shape.GroupOutputs, columns, depth, k > 0);
                }
                else
                {
                    window.Copy(kernels, k, k + depth, places, firstPixel, firstPixel + columns, matrix, columns);
                    Gemm.Multiply(weights + k, shape.Depth, 1, matrix, columns, 1, product, productRow, shape.GroupOutputs, columns, depth, k > 0);
                }
            }

            if (used == 1)
                return;
            for (var o = 0; o < shape.GroupOutputs; o++)
                for (var i = 0; i < used; i++)
                    new Span<T>(product + (long)o * columns + i * shape.Pixels, shape.Pixels).CopyTo(
                        new Span<T>(to + ((long)i * geometry.Outputs + o) * shape.Pixels, shape.Pixels));
        }

        private static WindowIndex Index(long slab, int[] sizes, int[] steps) => new()
        {
            Slab = slab,
            Z = sizes[0],
            Y = sizes[1],
            X = sizes[2],
            StepZ = steps[0],
            StepY = steps[1],
            StepX = steps[2],
        };
    }

    // One output image: rows of the output gather scaled rows of the input while they are in L1.
    private readonly struct Depthwise<T>(Shape3 shape, int outputs, T* input, T* weight, T* output) : IParallelBody
        where T : unmanaged, INumber<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var (image, o) = Math.DivRem(index, outputs);
            int[] kernel = shape.Kernel, size = shape.Input, stride = shape.Stride, dilation = shape.KernelDilation, pad = shape.PadLow;
            var to = output + (long)index * shape.Pixels;
            var channels = shape.GroupChannels;
            var from = input + ((long)image * outputs + o) * channels * shape.InputSize; // outputs = groups here
            for (var z = 0; z < shape.Output[0]; z++)
                for (var y = 0; y < shape.Output[1]; y++, to += shape.Output[2])
                {
                    new Span<T>(to, shape.Output[2]).Clear();
                    var w = weight + (long)o * shape.Depth;
                    for (var c = 0; c < channels; c++)
                        for (var kz = 0; kz < kernel[0]; kz++)
                            for (var ky = 0; ky < kernel[1]; ky++, w += kernel[2])
                            {
                                var inZ = ConvolutionWindow<T>.At(z * stride[0] + kz * dilation[0] - pad[0], 1, size[0]);
                                var inY = ConvolutionWindow<T>.At(y * stride[1] + ky * dilation[1] - pad[1], 1, size[1]);
                                if (inZ < 0 || inY < 0)
                                    continue;

                                var row = from + (((long)c * size[0] + inZ) * size[1] + inY) * size[2];
                                for (var kx = 0; kx < kernel[2]; kx++)
                                {
                                    var x = kx * dilation[2] - pad[2];
                                    var (low, high) = ConvolutionWindow<T>.Inside(x, stride[2], shape.Output[2], size[2]);
                                    Add(w[kx], row + x, stride[2], to, low, high);
                                }
                            }
                }
        }

        private static void Add(T w, T* x, int step, T* y, int low, int high)
        {
            if (step != 1)
            {
                for (var i = low; i < high; i++)
                    y[i] += w * x[i * step];
                return;
            }

            if (Vector512.IsHardwareAccelerated)
                low = Add<Simd512<T>>(w, x, y, low, high);
            if (Vector256.IsHardwareAccelerated)
                low = Add<Simd256<T>>(w, x, y, low, high);
            low = Add<Simd128<T>>(w, x, y, low, high);
            Add<SimdScalar<T>>(w, x, y, low, high);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static int Add<V>(T w, T* x, T* y, int low, int high)
            where V : struct, ISimd<V, T>
        {
            var factor = V.Broadcast(w);
            for (; low + V.Count <= high; low += V.Count)
                V.MultiplyAdd(factor, V.Load(x + low), V.Load(y + low)).Store(y + low);
            return low;
        }
    }
}
