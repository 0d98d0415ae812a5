using System.Numerics;

namespace Noether.Kernels.Convolutions;

/// <summary>A convolution by its definition.</summary>
public static class ConvolutionReference
{
    /// <summary>y, dense, of strided x and dense w, the sums in double.</summary>
    public static double[] Of<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, in ConvolutionSizes sizes)
        where T : unmanaged, INumber<T>
    {
        var y = new double[sizes.Results];
        var (features, points) = (sizes.Groups * sizes.Features, sizes.Output.Product);
        for (var at = 0; at < y.Length; at++)
        {
            var (image, feature) = (at / points / features, at / points % features);
            var group = feature / sizes.Features;
            y[image * sizes.OutputBatchStride + group * sizes.OutputGroupStride + (feature - group * sizes.Features) * points + at % points] =
                Sum(x, w, sizes, image, feature, sizes.Output.Point(at % points));
        }

        return y;
    }

    private static double Sum<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, in ConvolutionSizes sizes, int image, int feature, Axis3 point)
        where T : unmanaged, INumber<T>
    {
        var sum = 0.0;
        var points = sizes.Kernel.Product;
        for (var term = 0; term < sizes.Terms; term++)
        {
            var kernel = sizes.Kernel.Point(term % points);
            var z = Inside(point.Z * sizes.Stride.Z + kernel.Z * sizes.KernelDilation.Z - sizes.Low.Z, sizes.Input.Z, sizes.InputDilation.Z);
            var y = Inside(point.Y * sizes.Stride.Y + kernel.Y * sizes.KernelDilation.Y - sizes.Low.Y, sizes.Input.Y, sizes.InputDilation.Y);
            var column = Inside(point.X * sizes.Stride.X + kernel.X * sizes.KernelDilation.X - sizes.Low.X, sizes.Input.X, sizes.InputDilation.X);
            if (z < 0 || y < 0 || column < 0) continue;
            var place = sizes.InputStart + image * sizes.BatchStride + feature / sizes.Features * sizes.GroupStride + term / points * sizes.ChannelStride + z * sizes.StrideZ + y * sizes.StrideY + column * sizes.StrideX;
            sum += double.CreateChecked(x[(int)place]) * double.CreateChecked(w[(int)sizes.KernelStart + feature * sizes.Terms + term]);
        }

        return sum;
    }

    // The element at a place of the spread and padded axis, or -1.
    private static int Inside(int place, int size, int dilation) =>
        place >= 0 && place % dilation == 0 && place / dilation < size ? place / dilation : -1;
}
