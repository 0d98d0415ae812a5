using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Batch normalisation of a dense [images, channels, size], and its gradient; one task a channel.</summary>
/// <remarks>
/// Algorithm: three passes over a channel (sum, sum of squared distances, values), or two for the gradient (Σ g and Σ g·(x - mean), then dx). A
///            channel of a usual batch (32 images of 32 x 32: 128 KiB) stays in L2, so memory is read once and written once.
///            With one element a channel and image, a register holds neighbouring channels instead.
/// Sums:      each image's run has sums of its own, added to the channel's; lanes join in float64. The order depends on the shape and the
///            register width only.
/// Limit:     bandwidth.
/// </remarks>
internal static unsafe class ChannelNorm
{
    /// <summary>y = (x - mean)·r·w + b, mean and biased variance of each channel.</summary>
    public static void Run<T>(T* x, T* w, T* b, T* y, T* mean, T* variance, double epsilon, int images, int channels, long size)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated) Run<Simd512<T>, T>(x, w, b, y, mean, variance, epsilon, images, channels, size);
        else if (Vector256.IsHardwareAccelerated) Run<Simd256<T>, T>(x, w, b, y, mean, variance, epsilon, images, channels, size);
        else Run<Simd128<T>, T>(x, w, b, y, mean, variance, epsilon, images, channels, size);
    }

    /// <summary>dx, dw and db for a cotangent g of y.</summary>
    public static void RunGradient<T>(
        T* x, T* w, T* mean, T* variance, T* g, T* dx, T* dw, T* db, double epsilon, int images, int channels, long size)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated) RunGradient<Simd512<T>, T>(x, w, mean, variance, g, dx, dw, db, epsilon, images, channels, size);
        else if (Vector256.IsHardwareAccelerated) RunGradient<Simd256<T>, T>(x, w, mean, variance, g, dx, dw, db, epsilon, images, channels, size);
        else RunGradient<Simd128<T>, T>(x, w, mean, variance, g, dx, dw, db, epsilon, images, channels, size);
    }

    /// <summary>The forward pass on registers of a given width.</summary>
    internal static void Run<V, T>(T* x, T* w, T* b, T* y, T* mean, T* variance, double epsilon, int images, int channels, long size)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var body = new Forward<V, T>(x, w, b, y, mean, variance, epsilon, images, channels, size);
        WorkerPool.Shared.For(Tasks(channels, size, V.Count), body);
    }

    /// <summary>The gradient on registers of a given width.</summary>
    internal static void RunGradient<V, T>(
        T* x, T* w, T* mean, T* variance, T* g, T* dx, T* dw, T* db, double epsilon, int images, int channels, long size)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var body = new Backward<V, T>(x, w, mean, variance, g, dx, dw, db, epsilon, images, channels, size);
        WorkerPool.Shared.For(Tasks(channels, size, V.Count), body);
    }

    private static int Tasks(int channels, long size, int lanes) => size == 1 ? (channels + lanes - 1) / lanes : channels;

    private static double Joined<V, T>(V sums)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = 0.0;
        for (var lane = 0; lane < V.Count; lane++) sum += double.CreateTruncating(sums[lane]);
        return sum;
    }

    private static T Number<T>(double x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateTruncating(x);

    private readonly struct Forward<V, T>(
        T* x, T* w, T* b, T* y, T* means, T* variances, double epsilon, int images, int channels, long size) : IParallelBody
        where V : struct, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Invoke(int index)
        {
            if (size != 1)
            {
                Channel(index);
                return;
            }

            var first = index * V.Count;
            if (first + V.Count <= channels)
                Columns<V>(first);
            else
                for (; first < channels; first++)
                    Columns<SimdScalar<T>>(first);
        }

        private void Channel(int channel)
        {
            double n = (double)images * size, mean = Sum(channel) / n;
            var centre = Number<T>(mean);
            var variance = Squares(channel, centre) / n;
            means[channel] = centre;
            variances[channel] = Number<T>(variance);
            Store(channel, centre, Number<T>(double.CreateTruncating(w[channel]) / Math.Sqrt(variance + epsilon)), b[channel]);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private double Sum(int channel)
        {
            var total = V.Broadcast(T.Zero);
            var rest = 0.0;
            for (var image = 0; image < images; image++)
            {
                var from = x + ((long)image * channels + channel) * size;
                V a = V.Broadcast(T.Zero), c = a, d = a, e = a;
                long i = 0;
                for (; i + 4 * V.Count <= size; i += 4 * V.Count)
                {
                    a += V.Load(from + i);
                    c += V.Load(from + i + V.Count);
                    d += V.Load(from + i + 2 * V.Count);
                    e += V.Load(from + i + 3 * V.Count);
                }

                for (; i + V.Count <= size; i += V.Count) a += V.Load(from + i);
                for (; i < size; i++) rest += double.CreateTruncating(from[i]);
                total += a + c + (d + e);
            }

            return Joined<V, T>(total) + rest;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private double Squares(int channel, T mean)
        {
            V total = V.Broadcast(T.Zero), centre = V.Broadcast(mean);
            var rest = 0.0;
            for (var image = 0; image < images; image++)
            {
                var from = x + ((long)image * channels + channel) * size;
                V a = V.Broadcast(T.Zero), c = a, d = a, e = a;
                long i = 0;
                for (; i + 4 * V.Count <= size; i += 4 * V.Count)
                {
                    V p = V.Load(from + i) - centre, q = V.Load(from + i + V.Count) - centre;
                    V r = V.Load(from + i + 2 * V.Count) - centre, s = V.Load(from + i + 3 * V.Count) - centre;
                    a = V.MultiplyAdd(p, p, a);
                    c = V.MultiplyAdd(q, q, c);
                    d = V.MultiplyAdd(r, r, d);
                    e = V.MultiplyAdd(s, s, e);
                }

                for (; i + V.Count <= size; i += V.Count)
                {
                    var p = V.Load(from + i) - centre;
                    a = V.MultiplyAdd(p, p, a);
                }

                for (; i < size; i++)
                {
                    var p = double.CreateTruncating(from[i] - mean);
                    rest += p * p;
                }

                total += a + c + (d + e);
            }

            return Joined<V, T>(total) + rest;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Store(int channel, T mean, T scale, T shift)
        {
            V centre = V.Broadcast(mean), factor = V.Broadcast(scale), more = V.Broadcast(shift);
            for (var image = 0; image < images; image++)
            {
                var at = ((long)image * channels + channel) * size;
                T* from = x + at, to = y + at;
                long i = 0;
                for (; i + V.Count <= size; i += V.Count) V.MultiplyAdd(V.Load(from + i) - centre, factor, more).Store(to + i);
                for (; i < size; i++) to[i] = (from[i] - mean) * scale + shift;
            }
        }

        // Neighbouring channels in a register, one element each an image.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Columns<W>(int first)
            where W : struct, ISimd<W, T>
        {
            var share = W.Broadcast(T.One / T.CreateTruncating(images));
            W mean = W.Broadcast(T.Zero), variance = mean;
            for (var image = 0; image < images; image++) mean += W.Load(x + (long)image * channels + first);
            mean *= share;
            for (var image = 0; image < images; image++)
            {
                var p = W.Load(x + (long)image * channels + first) - mean;
                variance = W.MultiplyAdd(p, p, variance);
            }

            variance *= share;
            mean.Store(means + first);
            variance.Store(variances + first);
            var scales = stackalloc T[W.Count];
            for (var lane = 0; lane < W.Count; lane++)
                scales[lane] = w[first + lane] / T.Sqrt(variance[lane] + T.CreateTruncating(epsilon));
            W scale = W.Load(scales), shift = W.Load(b + first);
            for (var image = 0; image < images; image++)
                W.MultiplyAdd(W.Load(x + (long)image * channels + first) - mean, scale, shift).Store(y + (long)image * channels + first);
        }
    }

    private readonly struct Backward<V, T>(
        T* x, T* w, T* means, T* variances, T* g, T* dx, T* dw, T* db, double epsilon, int images, int channels, long size) : IParallelBody
        where V : struct, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Invoke(int index)
        {
            if (size != 1)
            {
                Channel(index);
                return;
            }

            var first = index * V.Count;
            if (first + V.Count <= channels)
                Columns<V>(first);
            else
                for (; first < channels; first++)
                    Columns<SimdScalar<T>>(first);
        }

        private void Channel(int channel)
        {
            var (sum, product) = Sums(channel, means[channel]);
            var (near, far, shift) = Coefficients(channel, sum, product);
            Store(channel, means[channel], near, far, shift);
        }

        // dx = near·g + far·(x - mean) + shift, from Σ g and Σ g·(x - mean); and the channel's dw and db.
        private (T Near, T Far, T Shift) Coefficients(int channel, double sum, double product)
        {
            double n = (double)images * size, r = 1 / Math.Sqrt(double.CreateTruncating(variances[channel]) + epsilon);
            var scale = double.CreateTruncating(w[channel]) * r;
            dw[channel] = Number<T>(product * r);
            db[channel] = Number<T>(sum);
            return (Number<T>(scale), Number<T>(-scale * r * r * product / n), Number<T>(-scale * sum / n));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private (double Sum, double Product) Sums(int channel, T mean)
        {
            V sum = V.Broadcast(T.Zero), product = sum, centre = V.Broadcast(mean);
            double sumRest = 0, productRest = 0;
            for (var image = 0; image < images; image++)
            {
                var at = ((long)image * channels + channel) * size;
                T* from = x + at, along = g + at;
                V a = V.Broadcast(T.Zero), c = a, d = a, e = a;
                long i = 0;
                for (; i + 2 * V.Count <= size; i += 2 * V.Count)
                {
                    V p = V.Load(along + i), q = V.Load(along + i + V.Count);
                    a += p;
                    c += q;
                    d = V.MultiplyAdd(p, V.Load(from + i) - centre, d);
                    e = V.MultiplyAdd(q, V.Load(from + i + V.Count) - centre, e);
                }

                for (; i + V.Count <= size; i += V.Count)
                {
                    var p = V.Load(along + i);
                    a += p;
                    d = V.MultiplyAdd(p, V.Load(from + i) - centre, d);
                }

                for (; i < size; i++)
                {
                    sumRest += double.CreateTruncating(along[i]);
                    productRest += double.CreateTruncating(along[i]) * double.CreateTruncating(from[i] - mean);
                }

                sum += a + c;
                product += d + e;
            }

            return (Joined<V, T>(sum) + sumRest, Joined<V, T>(product) + productRest);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Store(int channel, T mean, T near, T far, T shift)
        {
            V centre = V.Broadcast(mean), p = V.Broadcast(near), q = V.Broadcast(far), more = V.Broadcast(shift);
            for (var image = 0; image < images; image++)
            {
                var at = ((long)image * channels + channel) * size;
                T* from = x + at, along = g + at, to = dx + at;
                long i = 0;
                for (; i + V.Count <= size; i += V.Count)
                    V.MultiplyAdd(V.Load(along + i), p, V.MultiplyAdd(V.Load(from + i) - centre, q, more)).Store(to + i);
                for (; i < size; i++) to[i] = along[i] * near + ((from[i] - mean) * far + shift);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Columns<W>(int first)
            where W : struct, ISimd<W, T>
        {
            W sum = W.Broadcast(T.Zero), product = sum, centre = W.Load(means + first);
            for (var image = 0; image < images; image++)
            {
                var p = W.Load(g + (long)image * channels + first);
                sum += p;
                product = W.MultiplyAdd(p, W.Load(x + (long)image * channels + first) - centre, product);
            }

            var factors = stackalloc T[3 * W.Count];
            for (var lane = 0; lane < W.Count; lane++)
                (factors[lane], factors[W.Count + lane], factors[2 * W.Count + lane]) =
                    Coefficients(first + lane, double.CreateTruncating(sum[lane]), double.CreateTruncating(product[lane]));
            W near = W.Load(factors), far = W.Load(factors + W.Count), shift = W.Load(factors + 2 * W.Count);
            for (var image = 0; image < images; image++)
            {
                var at = (long)image * channels + first;
                W.MultiplyAdd(W.Load(g + at), near, W.MultiplyAdd(W.Load(x + at) - centre, far, shift)).Store(dx + at);
            }
        }
    }
}
