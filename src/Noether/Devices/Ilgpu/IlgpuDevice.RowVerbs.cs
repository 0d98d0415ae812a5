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
            var cut = device.Kernels.Get(static accelerator => new LongRowKernel<V, TJoin>(accelerator));
            var sizes = cut.Sizes(Dense<V>(x), Dense<V>(z ?? x), Dense<V>(y), rows, n, inner);
            if (sizes.Parts > 1)
            {
                MapLong(cut, function, x, z, y, sizes);
                return;
            }

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
            if (losses.Size == 0) return;
            var cut = device.Kernels.Get(static accelerator => new LongCrossEntropyKernel<V, TJoin>(accelerator));
            var sizes = cut.Sizes(Dense<V>(x), losses.Size, n, inner);
            if (sizes.Parts > 1)
            {
                var storage = device.Scratch<PowerSums<V>>(sizes.Partials, out var scratch);
                cut.Losses(device.Stream, Dense<V>(x), classes32, classes64, Dense<V>(losses), Dense<V>(sums), rule, n, inner, sizes, scratch);
                storage.Release();
                return;
            }

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
            ArrayView<V> from = Dense<V>(x[0]), to = Dense<V>(y[0]), w = x.Length > 1 ? Dense<V>(x[1]) : default, b = x.Length > 1 ? Dense<V>(x[2]) : default;
            var n = x[0].Shape[^norm.Count..].Size;
            if (y[1].Size == 0) return;
            var cut = device.Kernels.Get(static accelerator => new LongRowNormKernel<V, TJoin>(accelerator));
            var sizes = cut.Sizes(from, to, x.Length > 1 ? w : from, x.Length > 1 ? b : from, y[1].Size, n);
            if (sizes.Parts > 1)
            {
                var kernel = device.Kernels.Get(static accelerator => new MomentsKernel<V, TJoin>(accelerator));
                Storage ofParts = device.Scratch<Moments<V>>(sizes.Partials, out var scratch), ofRows = device.Scratch<V>(y[1].Size, out var variances);
                kernel.Launch(device.Stream, from, Dense<V>(y[1]), variances, n, sizes, scratch);
                cut.Normalize(device.Stream, from, w, b, to, Dense<V>(y[1]), variances, Dense<V>(y[2]), norm.Epsilon, sizes);
                ofParts.Release();
                ofRows.Release();
                return;
            }

            device.Kernels.Get(static accelerator => new RowNormKernel<V, TJoin>(accelerator)).Normalize(
                device.Stream, from, w, b, to, Dense<V>(y[1]), Dense<V>(y[2]), norm.Epsilon, n);
        }

        public void LayerNormGradient(LayerNormGradient gradient, View[] x, View[] y)
        {
            ArrayView<V> from = Dense<V>(x[0]), means = Dense<V>(x[1]), scales = Dense<V>(x[2]), g = Dense<V>(x[3]);
            long n = x[0].Shape[^gradient.Count..].Size;
            RowGradient(from, means, scales, x.Length > 4 ? Dense<V>(x[4]) : default, g, Dense<V>(y[0]), n);
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

        private void RowGradient(ArrayView<V> x, ArrayView<V> means, ArrayView<V> scales, ArrayView<V> w, ArrayView<V> g, ArrayView<V> dx, long n)
        {
            if (dx.Length == 0) return;
            var cut = device.Kernels.Get(static accelerator => new LongRowNormKernel<V, TJoin>(accelerator));
            var sizes = cut.Sizes(x, dx, g, w.Length > 0 ? w : x, means.Length, n);
            if (sizes.Parts == 1)
            {
                device.Kernels.Get(static accelerator => new RowNormKernel<V, TJoin>(accelerator)).Gradient(device.Stream, x, means, scales, w, g, dx, n);
                return;
            }

            var storage = device.Scratch<GradientSums<V>>(sizes.Partials, out var scratch);
            cut.Gradient(device.Stream, x, means, scales, w, g, dx, sizes, scratch);
            storage.Release();
        }

        private void MapLong(LongRowKernel<V, TJoin> kernel, RowFunction function, View x, View? z, View y, FoldSizes sizes)
        {
            if (function is RowFunction.SoftmaxGradient or RowFunction.LogSoftmaxGradient)
            {
                var ofSums = device.Scratch<V>(sizes.Partials, out var sums);
                if (function == RowFunction.SoftmaxGradient) kernel.SoftmaxGradient(device.Stream, Dense<V>(x), Dense<V>(z!), Dense<V>(y), sizes, sums);
                else kernel.LogSoftmaxGradient(device.Stream, Dense<V>(x), Dense<V>(z!), Dense<V>(y), sizes, sums);
                ofSums.Release();
                return;
            }

            var storage = device.Scratch<PowerSums<V>>(sizes.Partials, out var scratch);
            switch (function)
            {
                case RowFunction.Softmax: kernel.Softmax(device.Stream, Dense<V>(x), Dense<V>(y), sizes, scratch); break;
                case RowFunction.LogSoftmax: kernel.LogSoftmax(device.Stream, Dense<V>(x), Dense<V>(y), sizes, scratch); break;
                default: kernel.LogSumExp(device.Stream, Dense<V>(x), Dense<V>(y), sizes, scratch); break;
            }

            storage.Release();
        }

        private static (ArrayView<int> Narrow, ArrayView<long> Wide) ClassesOf(View classes) =>
            classes.Type == DType.Int32 ? (Dense<int>(classes), default) : (default, Dense<long>(classes));
    }
}
