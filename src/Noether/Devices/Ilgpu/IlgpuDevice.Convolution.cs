using System.Numerics;
using Noether.Kernels.Convolutions;
using Noether.Kernels.MatMul;

namespace Noether.Devices.Ilgpu;

/// <content>Convolutions.</content>
internal sealed partial class IlgpuDevice
{
    // Below this many features a tile of a product is mostly empty, and a thread an output is faster unless its sum is long.
    private const int FewFeatures = 8, ManyTerms = 512;

    internal override void Convolve(Primitives.Convolution convolution, View x, View w, View y)
    {
        if (y.Size == 0) return;
        switch (y.Type)
        {
            case DType.Float32: Convolve<float>(convolution, x, w, y); break;
            case DType.Float64: Convolve<double>(convolution, x, w, y); break;
            case DType.Int32: Convolve<int>(convolution, x, w, y); break;
            default: Convolve<long>(convolution, x, w, y); break;
        }
    }

    private void Convolve<T>(Primitives.Convolution convolution, View x, View w, View y)
        where T : unmanaged, INumber<T>
    {
        var temporary = new List<Storage>();
        w = Contiguous(w, temporary);
        var sizes = SizesOf(convolution, x, w, y);
        if (IsDirect(sizes))
        {
            Kernels.Get(static accelerator => new DirectConvolutionKernel<T>(accelerator)).Launch(Stream, Whole<T>(x), Whole<T>(w), Whole<T>(y), sizes);
            Release(temporary);
            return;
        }

        var tile = Choose<T>(ref sizes);
        var parts = sizes.Product.Parts;
        var partials = Partials(y, parts, temporary);
        sizes.OutputStart = partials.Layout.Offset;
        Convolve<T>(tile, x, w, partials, sizes);
        AddUp(partials, y, parts);
        Release(temporary);
    }

    private static bool IsDirect(in ConvolutionSizes sizes) => sizes.Features < FewFeatures && sizes.Terms < ManyTerms;

    /// <summary>Chooses the tile, and into how many parts the terms go.</summary>
    private ProductTileKind Choose<T>(ref ConvolutionSizes sizes)
        where T : unmanaged, INumber<T>
    {
        sizes.Chunk = Math.Max(1, sizes.Terms);
        var choice = ChoiceOf<T>(sizes.Product);
        sizes.Chunk = choice.Chunk;
        return choice.Tile;
    }

    private void Convolve<T>(ProductTileKind tile, View x, View w, View y, in ConvolutionSizes sizes)
        where T : unmanaged, INumber<T>
    {
        switch (tile)
        {
            case ProductTileKind.Large: Convolve<T, LargeTile>(x, w, y, sizes); break;
            case ProductTileKind.Medium: Convolve<T, MediumTile>(x, w, y, sizes); break;
            case ProductTileKind.Thin: Convolve<T, ThinTile>(x, w, y, sizes); break;
            default: Convolve<T, SmallTile>(x, w, y, sizes); break;
        }
    }

    private void Convolve<T, TTile>(View x, View w, View y, in ConvolutionSizes sizes)
        where T : unmanaged, INumber<T>
        where TTile : struct, IProductTile =>
        Kernels.Get(static accelerator => new ConvolutionKernel<T, TTile>(accelerator)).Launch(Stream, Whole<T>(x), Whole<T>(w), Whole<T>(y), sizes);

    private static ConvolutionSizes SizesOf(Primitives.Convolution convolution, View x, View w, View y)
    {
        var strides = x.Layout.Strides;
        int first = convolution.FirstSpatialAxis, axes = x.Shape.Rank - first;
        var (batch, channels, features) = (x.Shape[first - 2], w.Shape[first - 1], convolution.Apart ? w.Shape[1] : w.Shape[0] / convolution.Groups);
        var outputs = y.Shape[first..].Size * features;
        return new()
        {
            BatchStride = strides[first - 2],
            GroupStride = convolution.Apart ? strides[0] : channels * strides[1],
            ChannelStride = strides[first - 1],
            OutputBatchStride = convolution.Apart ? outputs : convolution.Groups * outputs,
            OutputGroupStride = convolution.Apart ? batch * outputs : outputs,
            StrideZ = axes > 2 ? strides[^3] : 0,
            StrideY = axes > 1 ? strides[^2] : 0,
            StrideX = strides[^1],
            InputStart = x.Layout.Offset,
            KernelStart = w.Layout.Offset,
            OutputStart = y.Layout.Offset,
            Batch = batch,
            Groups = convolution.Groups,
            Channels = channels,
            Features = features,
            Input = Axis3.Of(x.Shape.AsSpan()[first..], 1),
            Kernel = Axis3.Of(w.Shape.AsSpan()[first..], 1),
            Output = Axis3.Of(y.Shape.AsSpan()[first..], 1),
            Stride = Axis3.Of([.. convolution.Stride], 1),
            Low = Axis3.Of([.. convolution.Low], 0),
            InputDilation = Axis3.Of([.. convolution.InputDilation], 1),
            KernelDilation = Axis3.Of([.. convolution.KernelDilation], 1),
        };
    }
}
