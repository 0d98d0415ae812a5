using System.Numerics;
using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class ChannelNormTests
{
    private const double Epsilon = 1e-3;

    // Sizes next to whole registers and to runs of four of them; one element an image; one image.
    private static readonly (int Images, int Channels, int Size)[] Shapes =
        [(2, 3, 1), (5, 16, 1), (3, 33, 1), (1, 2, 7), (3, 2, 15), (2, 1, 16), (2, 2, 17), (3, 2, 63), (2, 3, 64), (2, 2, 130)];

    [Test]
    public void Channels_are_normalised_as_by_plain_loops_on_every_width([ValueSource(nameof(Shapes))] (int Images, int Channels, int Size) shape)
    {
        Check<Simd128<float>, float>(shape.Images, shape.Channels, shape.Size, 2e-6);
        Check<Simd256<float>, float>(shape.Images, shape.Channels, shape.Size, 2e-6);
        Check<Simd512<float>, float>(shape.Images, shape.Channels, shape.Size, 2e-6);
        Check<Simd512<double>, double>(shape.Images, shape.Channels, shape.Size, 1e-14);
    }

    [Test]
    public void A_number_that_is_none_spoils_its_own_channel_only()
    {
        var values = new float[2 * 2 * 20];
        values[25] = float.NaN; // image 0, channel 1
        var (y, mean, variance) = Tensor.From(values, [2, 2, 20]).BatchNorm();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(mean.ToArray<float>(), Is.EqualTo([0, float.NaN]));
            Assert.That(variance.ToArray<float>(), Is.EqualTo([0, float.NaN]));
            Assert.That(y.Narrow(1, 0, 1).ToArray<float>(), Is.All.Zero);
            Assert.That(y.Narrow(1, 1, 1).ToArray<float>(), Is.All.NaN);
        }
    }

    // The bound is relative to values of order 1, over at most 260 terms of random sign, times √(1/ε) where a channel has two elements.
    private static void Check<V, T>(int images, int channels, int size, double bound)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(images + channels + size);
        var count = images * channels * size;
        using Native<T> x = new(count, random), g = new(count, random), w = new(channels, random), b = new(channels, random);
        using Native<T> y = new(count), dx = new(count), mean = new(channels), variance = new(channels), dw = new(channels), db = new(channels);
        ChannelNorm.Run<V, T>(x.Pointer, w.Pointer, b.Pointer, y.Pointer, mean.Pointer, variance.Pointer, Epsilon, images, channels, size);
        ChannelNorm.RunGradient<V, T>(
            x.Pointer, w.Pointer, mean.Pointer, variance.Pointer, g.Pointer, dx.Pointer, dw.Pointer, db.Pointer, Epsilon, images, channels, size);

        double n = images * size;
        for (var c = 0; c < channels; c++)
        {
            var places = (from i in Enumerable.Range(0, images) from s in Enumerable.Range(0, size) select (i * channels + c) * size + s).ToArray();
            double Value(Native<T> of, int at) => double.CreateChecked(of[at]);
            var average = places.Sum(p => Value(x, p)) / n;
            var spread = places.Sum(p => Math.Pow(Value(x, p) - average, 2)) / n;
            var r = 1 / Math.Sqrt(spread + Epsilon);
            var sum = places.Sum(p => Value(g, p));
            var product = places.Sum(p => Value(g, p) * (Value(x, p) - average) * r);
            Near(mean, c, average);
            Near(variance, c, spread);
            Near(db, c, sum);
            Near(dw, c, product);
            foreach (var p in places)
            {
                var normalised = (Value(x, p) - average) * r;
                Near(y, p, normalised * Value(w, c) + Value(b, c));
                Near(dx, p, Value(w, c) * r * (Value(g, p) - sum / n - normalised * product / n));
            }
        }

        void Near(Native<T> actual, int at, double expected) =>
            Assert.That(double.CreateChecked(actual[at]), Is.EqualTo(expected).Within(bound * Math.Max(1, Math.Abs(expected)) * 40), $"{typeof(V)} at {at}");
    }
}
