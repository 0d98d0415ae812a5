using System.Numerics;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Cross-correlation over 1 to 3 spatial axes with stride, padding, dilations and groups.</summary>
/// <remarks>
/// Method:    kernels of one point that neither move nor pad are products of matrices and read the input itself. Float32 kernels of 3x3 over
///            enough channels go to <see cref="ConvolutionWinograd{V,T}"/>, else several outputs to <see cref="ConvolutionLanes{V,T}"/>, a few, or a
///            register's of wide images, to <see cref="ConvolutionSweep{V,T}"/>, kernels wider than their outputs to
///            <see cref="ConvolutionContraction{V,T}"/>, planes by kernels of their own to <see cref="ConvolutionDepthwise{V,T}"/>.
/// The rest:  (images of a few positions, few outputs of large kernels) output [O/g, pixels] = weight [O/g, K] times the window matrix [K, pixels],
///            K = C/g · kernel, made block by block (<see cref="ConvolutionWindow{T}"/>) and multiplied while it is in L2: at most 1024 rows
///            of K and 256 KiB of floats at once. Where an image has few pixels, several share a block, so that the product stays wide.
/// Parallel:  over groups and blocks of pixels. The order of summation does not depend on the number of threads.
/// Epilogue:  what reads the output elementwise is called by each task for the outputs and pixels that it has made, which are in L2; not
///            where these are spread by a dilated input or lie in tiles of 2x2, nor for the few positions of large kernels.
/// </remarks>
internal static unsafe class Convolution
{
    private const int DepthBlock = 1024;
    private const int BlockElements = 64 << 10;
    private const int LeastColumns = 64;

    // With fewer outputs than this the registers of a contraction would be nearly empty.
    private const int FewOutputs = 3;

    /// <summary>
    /// output[n, o, p] = Σ_c Σ_k input[n, c, p · stride + k · dilation - pad] weight[o, c, k]; none overlaps the output, and all are dense unless the
    /// geometry <see cref="TakesStrides"/>.
    /// True if <paramref name="finished"/> was called for parts that make up the output, a matrix of [n · o, p]; else it is still to be called.
    /// </summary>
    public static bool Correlate<T>(ConvolutionGeometry geometry, T* input, T* weight, T* output, IRegionBody? finished = null)
        where T : unmanaged, INumber<T>
    {
        var shape = new ConvolutionShape(geometry);
        var size = (long)geometry.Batch * geometry.Outputs * shape.Pixels;
        if (size == 0)
            return false;

        if (shape.Depth == 0 || shape.InputSize == 0)
        {
            for (var i = 0L; i < size; i++)
                output[i] = T.Zero;
            return false;
        }

        if (shape.IsPointwise)
        {
            var isDone = false;
            for (var group = 0; group < geometry.Groups; group++)
                isDone = Gemm.MultiplyBatch(
                    weight + (long)group * shape.GroupOutputs * shape.Depth, 0, shape.Depth, 1,
                    input + shape.InputAt(group, 0), shape.InputStrides.Image, shape.InputSize, 1,
                    output + shape.OutputAt(group, 0), shape.OutputStrides.Image, shape.Pixels,
                    shape.GroupOutputs, shape.Pixels, shape.Depth, geometry.Batch, accumulate: false, finished);
            return isDone;
        }

        if (Vector512.IsHardwareAccelerated)
            return Choose<Simd512<T>, T>(geometry, shape, input, weight, output, finished);
        if (Vector256.IsHardwareAccelerated)
            return Choose<Simd256<T>, T>(geometry, shape, input, weight, output, finished);
        return Choose<Simd128<T>, T>(geometry, shape, input, weight, output, finished);
    }

    /// <summary>A correlation that is no product of matrices as it stands, with the register width given, so that tests reach every width.</summary>
    internal static bool Choose<V, T>(ConvolutionGeometry geometry, ConvolutionShape shape, T* input, T* weight, T* output, IRegionBody? finished = null)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        if (Contracts(shape))
        {
            if (ConvolutionImages<V, T>.SuitsGradient(geometry, shape))
            {
                ConvolutionImages<V, T>.CorrelateGradient(geometry, shape, input, weight, output);
                return false;
            }

            // The narrowest registers, two of which hold all outputs.
            if (shape.GroupOutputs <= 2 * Simd128<T>.Count)
                ConvolutionContraction<Simd128<T>, T>.Correlate(geometry, shape, input, weight, output);
            else if (shape.GroupOutputs <= 2 * Simd256<T>.Count && V.Count > Simd256<T>.Count)
                ConvolutionContraction<Simd256<T>, T>.Correlate(geometry, shape, input, weight, output);
            else
                ConvolutionContraction<V, T>.Correlate(geometry, shape, input, weight, output);
            return false;
        }

        if (shape.KernelSize > shape.Pixels && ConvolutionDepthwise<V, T>.SuitsGradient(shape))
        {
            ConvolutionDepthwise<V, T>.CorrelateGradient(geometry, shape, input, weight, output);
            return false;
        }

        if (shape.KernelSize <= shape.Pixels && ConvolutionImages<V, T>.Suits(geometry, shape))
            return ConvolutionImages<V, T>.Correlate(geometry, shape, input, weight, output, finished);

        if (ConvolutionWinograd<V, T>.Suits(geometry, shape))
        {
            ConvolutionWinograd<V, T>.Correlate(geometry, shape, input, weight, output);
            return false;
        }

        if (shape.KernelSize <= shape.Pixels && ConvolutionDepthwise<V, T>.Suits(shape))
        {
            ConvolutionDepthwise<V, T>.Correlate(geometry, shape, input, weight, output, finished);
            return finished is not null;
        }

        if (shape.KernelSize <= shape.Pixels && ConvolutionSweep<V, T>.IsBest(shape))
            return ConvolutionSweep<V, T>.Correlate(geometry, shape, input, weight, output, finished);
        if (ConvolutionLanes<V, T>.Suits(shape))
        {
            if (shape.GroupOutputs <= Simd256<T>.Count && V.Count > Simd256<T>.Count)
                return ConvolutionLanes<Simd256<T>, T>.Correlate(geometry, shape, input, weight, output, finished);
            return ConvolutionLanes<V, T>.Correlate(geometry, shape, input, weight, output, finished);
        }

        if (shape.KernelSize <= shape.Pixels && ConvolutionSweep<V, T>.Suits(shape))
            return ConvolutionSweep<V, T>.Correlate(geometry, shape, input, weight, output, finished);
        Blocked(geometry, shape, input, weight, output, finished);
        return finished is not null;
    }

    /// <summary>True if input and weight need not be dense: see <see cref="ConvolutionGeometry.InputStrides"/>.</summary>
    public static bool TakesStrides(ConvolutionGeometry geometry) => new ConvolutionShape(geometry) is { IsPointwise: false } shape && Contracts(shape);

    private static bool Contracts(ConvolutionShape shape) => shape.KernelSize > shape.Pixels && shape.GroupOutputs >= FewOutputs;

    private static void Blocked<T>(ConvolutionGeometry geometry, ConvolutionShape shape, T* input, T* weight, T* output, IRegionBody? finished)
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

        var body = new Block<T>(geometry, shape, input, weight, output, images, pixels, finished);
        WorkerPool.Shared.For(body.Count, body);
    }

    private readonly struct Block<T>(
        ConvolutionGeometry geometry, ConvolutionShape shape, T* input, T* weight, T* output, int images, int pixels,
        IRegionBody? finished) : IParallelBody
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
            var start = input + shape.InputAt(group, image);
            var window = new ConvolutionWindow<T>(start, shape.Input, shape.InputDilation, shape.PadLow);
            var kernels = Index(inputSize, shape.Kernel, shape.KernelDilation);
            var places = Index(shape.InputStrides.Image, shape.Output, shape.Stride);

            var weights = weight + (long)group * shape.GroupOutputs * shape.Depth;
            var to = output + shape.OutputAt(group, image) + firstPixel;
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
            {
                finished?.Invoke(to, shape.GroupOutputs, columns);
                return;
            }

            for (var o = 0; o < shape.GroupOutputs; o++)
                for (var i = 0; i < used; i++)
                    new Span<T>(product + (long)o * columns + i * shape.Pixels, shape.Pixels).CopyTo(
                        new Span<T>(to + i * shape.OutputStrides.Image + (long)o * shape.Pixels, shape.Pixels));
            for (var i = 0; i < used; i++)
                finished?.Invoke(to + i * shape.OutputStrides.Image, shape.GroupOutputs, shape.Pixels);
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
}
