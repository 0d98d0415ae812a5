using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;
using Noether.Kernels.Rows;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    /// <summary>The verbs of rows and channels, in one element type and with one way of joining a group's threads.</summary>
    private interface IRowVerbs
    {
        void Map(RowFunction function, View x, View? z, View y, long rows, long n, long inner);

        void CrossEntropy(CrossEntropy loss, View x, View classes, View losses, View sums);

        void CrossEntropyGradient(CrossEntropyGradient gradient, View x, View classes, View sums, View cotangents, View dx);

        void Variance(Variance variance, View x, View y);

        void LayerNorm(LayerNorm norm, View[] x, View[] y);

        void LayerNormGradient(LayerNormGradient gradient, View[] x, View[] y);

        void BatchNormalization(BatchNormalization norm, View[] x, View[] y);

        void BatchNormalizationGradient(BatchNormalizationGradient gradient, View[] x, View[] y);
    }

    private sealed class RowVerbs<V, TJoin>(IlgpuDevice device) : IRowVerbs
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        public void Map(RowFunction function, View x, View? z, View y, long rows, long n, long inner)
        {
            var kernel = device.Kernels.Get(static accelerator => new RowKernel<V, TJoin>(accelerator));
            switch (function)
            {
                case RowFunction.Softmax: kernel.Softmax(device.Stream, Dense<V>(x), Dense<V>(y), rows, n, inner); break;
                case RowFunction.SoftmaxGradient: kernel.SoftmaxGradient(device.Stream, Dense<V>(x), Dense<V>(z!), Dense<V>(y), rows, n, inner); break;
                case RowFunction.LogSoftmax: kernel.LogSoftmax(device.Stream, Dense<V>(x), Dense<V>(y), rows, n, inner); break;
                case RowFunction.LogSoftmaxGradient: kernel.LogSoftmaxGradient(device.Stream, Dense<V>(x), Dense<V>(z!), Dense<V>(y), rows, n, inner); break;
                default: kernel.LogSumExp(device.Stream, Dense<V>(x), Dense<V>(y), rows, n, inner); break;
            }
        }

        public void CrossEntropy(CrossEntropy loss, View x, View classes, View losses, View sums)
        {
            var (_, n, inner) = Reductions.Sizes(x.Shape, loss.Axis);
            var (classes32, classes64) = ClassesOf(classes);
            CrossEntropyRule rule = new() { Smoothing = loss.Smoothing, Ignored = loss.Ignored };
            device.Kernels.Get(static accelerator => new CrossEntropyKernel<V, TJoin>(accelerator))
                .Losses(device.Stream, Dense<V>(x), classes32, classes64, Dense<V>(losses), Dense<V>(sums), rule, n, inner);
        }

        public void CrossEntropyGradient(CrossEntropyGradient gradient, View x, View classes, View sums, View cotangents, View dx)
        {
            var (_, n, inner) = Reductions.Sizes(x.Shape, gradient.Axis);
            var (classes32, classes64) = ClassesOf(classes);
            CrossEntropyRule rule = new() { Smoothing = gradient.Smoothing, Ignored = gradient.Ignored };
            device.Kernels.Get(static accelerator => new CrossEntropyKernel<V, TJoin>(accelerator))
                .Gradient(device.Stream, Dense<V>(x), classes32, classes64, Dense<V>(sums), Dense<V>(cotangents), Dense<V>(dx), rule, n, inner);
        }

        public void Variance(Variance variance, View x, View y)
        {
            var (outer, n, inner) = Reductions.Sizes(x.Shape, variance.Axis, variance.Count);
            var kernel = device.Kernels.Get(static accelerator => new MomentsKernel<V, TJoin>(accelerator));
            var sizes = kernel.Middle(Dense<V>(x), outer, n, inner);
            var storage = device.Scratch<Moments<V>>(sizes.Partials, out var scratch);
            kernel.Launch(device.Stream, Dense<V>(x), Dense<V>(y), Dense<V>(y), variance.Divisor(x.Shape), sizes, scratch);
            storage.Release();
        }

        public void LayerNorm(LayerNorm norm, View[] x, View[] y)
        {
            ArrayView<V> w = x.Length > 1 ? Dense<V>(x[1]) : default, b = x.Length > 1 ? Dense<V>(x[2]) : default;
            device.Kernels.Get(static accelerator => new RowNormKernel<V, TJoin>(accelerator)).Normalize(
                device.Stream, Dense<V>(x[0]), w, b, Dense<V>(y[0]), Dense<V>(y[1]), Dense<V>(y[2]), norm.Epsilon, x[0].Shape[^norm.Count..].Size);
        }

        public void LayerNormGradient(LayerNormGradient gradient, View[] x, View[] y)
        {
            ArrayView<V> from = Dense<V>(x[0]), means = Dense<V>(x[1]), scales = Dense<V>(x[2]), g = Dense<V>(x[3]);
            long n = x[0].Shape[^gradient.Count..].Size;
            device.Kernels.Get(static accelerator => new RowNormKernel<V, TJoin>(accelerator))
                .Gradient(device.Stream, from, means, scales, x.Length > 4 ? Dense<V>(x[4]) : default, g, Dense<V>(y[0]), n);
            if (y.Length == 1) return;
            var kernel = device.Kernels.Get(static accelerator => new GradientSumsKernel<V, TJoin>(accelerator));
            var sizes = kernel.Columns(from, g, means, scales, means.Length, n);
            var storage = device.Scratch<GradientSums<V>>(sizes.AllPartials, out var scratch);
            kernel.LaunchColumns(device.Stream, from, g, means, scales, Dense<V>(y[1]), Dense<V>(y[2]), sizes, scratch);
            storage.Release();
        }

        public void BatchNormalization(BatchNormalization norm, View[] x, View[] y)
        {
            ArrayView<V> from = Dense<V>(x[0]), means = Dense<V>(y[1]), variances = Dense<V>(y[2]);
            var (images, channels, size) = Reductions.Sizes(x[0].Shape, 1);
            var kernel = device.Kernels.Get(static accelerator => new MomentsKernel<V, TJoin>(accelerator));
            var sizes = kernel.Channels(from, images, channels, size);
            var storage = device.Scratch<Moments<V>>(sizes.Partials, out var scratch);
            kernel.Launch(device.Stream, from, means, variances, images * size, sizes, scratch);
            storage.Release();
            device.Kernels.Get(static accelerator => new ChannelNormKernel<V>(accelerator))
                .Normalize(device.Stream, from, Dense<V>(x[1]), Dense<V>(x[2]), means, variances, Dense<V>(y[0]), norm.Epsilon, images, size);
        }

        public void BatchNormalizationGradient(BatchNormalizationGradient gradient, View[] x, View[] y)
        {
            ArrayView<V> from = Dense<V>(x[0]), means = Dense<V>(x[2]), variances = Dense<V>(x[3]), g = Dense<V>(x[4]), dw = Dense<V>(y[1]), db = Dense<V>(y[2]);
            var (images, channels, size) = Reductions.Sizes(x[0].Shape, 1);
            var kernel = device.Kernels.Get(static accelerator => new GradientSumsKernel<V, TJoin>(accelerator));
            var sizes = kernel.Channels(from, g, images, channels, size);
            var storage = device.Scratch<GradientSums<V>>(sizes.AllPartials, out var scratch);
            kernel.LaunchChannels(device.Stream, from, g, means, variances, gradient.Epsilon, dw, db, sizes, scratch);
            storage.Release();
            device.Kernels.Get(static accelerator => new ChannelNormKernel<V>(accelerator))
                .Gradient(device.Stream, from, Dense<V>(x[1]), means, variances, g, dw, db, Dense<V>(y[0]), gradient.Epsilon, images, size);
        }

        private static (ArrayView<int> Narrow, ArrayView<long> Wide) ClassesOf(View classes) =>
            classes.Type == DType.Int32 ? (Dense<int>(classes), default) : (default, Dense<long>(classes));
    }
}
