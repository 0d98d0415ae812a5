using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;
using Noether.Kernels.Rows;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void Variance(Variance variance, View x, View y)
    {
        switch (x.Type == DType.Float32, Shuffles)
        {
            case (true, true): Variance<Float32Lane, ShuffleJoin>(variance, x, y); break;
            case (true, false): Variance<Float32Lane, SharedJoin>(variance, x, y); break;
            case (false, true): Variance<Float64Lane, ShuffleJoin>(variance, x, y); break;
            default: Variance<Float64Lane, SharedJoin>(variance, x, y); break;
        }
    }

    internal override void LayerNorm(LayerNorm norm, View[] x, View[] y)
    {
        switch (x[0].Type == DType.Float32, Shuffles)
        {
            case (true, true): LayerNorm<Float32Lane, ShuffleJoin>(norm, x, y); break;
            case (true, false): LayerNorm<Float32Lane, SharedJoin>(norm, x, y); break;
            case (false, true): LayerNorm<Float64Lane, ShuffleJoin>(norm, x, y); break;
            default: LayerNorm<Float64Lane, SharedJoin>(norm, x, y); break;
        }
    }

    internal override void LayerNormGradient(LayerNormGradient gradient, View[] x, View[] y)
    {
        switch (x[0].Type == DType.Float32, Shuffles)
        {
            case (true, true): LayerNormGradient<Float32Lane, ShuffleJoin>(gradient, x, y); break;
            case (true, false): LayerNormGradient<Float32Lane, SharedJoin>(gradient, x, y); break;
            case (false, true): LayerNormGradient<Float64Lane, ShuffleJoin>(gradient, x, y); break;
            default: LayerNormGradient<Float64Lane, SharedJoin>(gradient, x, y); break;
        }
    }

    internal override void BatchNormalization(BatchNormalization norm, View[] x, View[] y)
    {
        switch (x[0].Type == DType.Float32, Shuffles)
        {
            case (true, true): Normalize<Float32Lane, ShuffleJoin>(norm, x, y); break;
            case (true, false): Normalize<Float32Lane, SharedJoin>(norm, x, y); break;
            case (false, true): Normalize<Float64Lane, ShuffleJoin>(norm, x, y); break;
            default: Normalize<Float64Lane, SharedJoin>(norm, x, y); break;
        }
    }

    internal override void BatchNormalizationGradient(BatchNormalizationGradient gradient, View[] x, View[] y)
    {
        switch (x[0].Type == DType.Float32, Shuffles)
        {
            case (true, true): NormalizeGradient<Float32Lane, ShuffleJoin>(gradient, x, y); break;
            case (true, false): NormalizeGradient<Float32Lane, SharedJoin>(gradient, x, y); break;
            case (false, true): NormalizeGradient<Float64Lane, ShuffleJoin>(gradient, x, y); break;
            default: NormalizeGradient<Float64Lane, SharedJoin>(gradient, x, y); break;
        }
    }

    private void Variance<V, TJoin>(Variance variance, View x, View y)
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        var (outer, n, inner) = Reductions.Sizes(x.Shape, variance.Axis, variance.Count);
        var kernel = Kernels.Get(static accelerator => new MomentsKernel<V, TJoin>(accelerator));
        var sizes = kernel.Middle(Dense<V>(x), outer, n, inner);
        var storage = Scratch<Moments<V>>(sizes.Partials, out var scratch);
        kernel.Launch(Stream, Dense<V>(x), Dense<V>(y), Dense<V>(y), variance.Divisor(x.Shape), sizes, scratch);
        storage.Release();
    }

    private void LayerNorm<V, TJoin>(LayerNorm norm, View[] x, View[] y)
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        ArrayView<V> w = x.Length > 1 ? Dense<V>(x[1]) : default, b = x.Length > 1 ? Dense<V>(x[2]) : default;
        Kernels.Get(static accelerator => new RowNormKernel<V, TJoin>(accelerator)).Normalize(
            Stream, Dense<V>(x[0]), w, b, Dense<V>(y[0]), Dense<V>(y[1]), Dense<V>(y[2]), norm.Epsilon, x[0].Shape[^norm.Count..].Size);
    }

    private void LayerNormGradient<V, TJoin>(LayerNormGradient gradient, View[] x, View[] y)
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        ArrayView<V> from = Dense<V>(x[0]), means = Dense<V>(x[1]), scales = Dense<V>(x[2]), g = Dense<V>(x[3]);
        long n = x[0].Shape[^gradient.Count..].Size;
        Kernels.Get(static accelerator => new RowNormKernel<V, TJoin>(accelerator))
            .Gradient(Stream, from, means, scales, x.Length > 4 ? Dense<V>(x[4]) : default, g, Dense<V>(y[0]), n);
        if (y.Length == 1) return;
        var kernel = Kernels.Get(static accelerator => new GradientSumsKernel<V, TJoin>(accelerator));
        var sizes = kernel.Columns(from, g, means, scales, means.Length, n);
        var storage = Scratch<GradientSums<V>>(sizes.AllPartials, out var scratch);
        kernel.LaunchColumns(Stream, from, g, means, scales, Dense<V>(y[1]), Dense<V>(y[2]), sizes, scratch);
        storage.Release();
    }

    private void Normalize<V, TJoin>(BatchNormalization norm, View[] x, View[] y)
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        ArrayView<V> from = Dense<V>(x[0]), means = Dense<V>(y[1]), variances = Dense<V>(y[2]);
        var (images, channels, size) = Reductions.Sizes(x[0].Shape, 1);
        var kernel = Kernels.Get(static accelerator => new MomentsKernel<V, TJoin>(accelerator));
        var sizes = kernel.Channels(from, images, channels, size);
        var storage = Scratch<Moments<V>>(sizes.Partials, out var scratch);
        kernel.Launch(Stream, from, means, variances, images * size, sizes, scratch);
        storage.Release();
        Kernels.Get(static accelerator => new ChannelNormKernel<V>(accelerator))
            .Normalize(Stream, from, Dense<V>(x[1]), Dense<V>(x[2]), means, variances, Dense<V>(y[0]), norm.Epsilon, images, size);
    }

    private void NormalizeGradient<V, TJoin>(BatchNormalizationGradient gradient, View[] x, View[] y)
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        ArrayView<V> from = Dense<V>(x[0]), means = Dense<V>(x[2]), variances = Dense<V>(x[3]), g = Dense<V>(x[4]), dw = Dense<V>(y[1]), db = Dense<V>(y[2]);
        var (images, channels, size) = Reductions.Sizes(x[0].Shape, 1);
        var kernel = Kernels.Get(static accelerator => new GradientSumsKernel<V, TJoin>(accelerator));
        var sizes = kernel.Channels(from, g, images, channels, size);
        var storage = Scratch<GradientSums<V>>(sizes.AllPartials, out var scratch);
        kernel.LaunchChannels(Stream, from, g, means, variances, gradient.Epsilon, dw, db, sizes, scratch);
        storage.Release();
        Kernels.Get(static accelerator => new ChannelNormKernel<V>(accelerator))
            .Gradient(Stream, from, Dense<V>(x[1]), means, variances, g, dw, db, Dense<V>(y[0]), gradient.Epsilon, images, size);
    }
}
