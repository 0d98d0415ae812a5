using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Conformance;

public class ConvolutionDefinition
{
    private static IEnumerable<Sample> Samples => Convolution.Samples;

    [TestCaseSource(nameof(Samples))]
    public void The_kernel_agrees_with_the_definition(Sample sample)
    {
        var convolution = sample.Primitive;
        var y = Tensor.Apply(convolution, sample.Inputs);
        Near(y, convolution.Definition(sample.Inputs)![0]);
    }

    [TestCaseSource(nameof(Samples))]
    public void Derivatives_of_two_orders_agree_with_those_of_the_definition(Sample sample)
    {
        var (x, w) = (sample.Inputs[0], sample.Inputs[1]);
        if (x.Size == 0 || w.Size == 0) return;

        Tensor Kernel(Tensor a, Tensor b) => Squares(Tensor.Apply(sample.Primitive, a, b));
        Tensor Defined(Tensor a, Tensor b) => Squares(sample.Primitive.Definition([a, b])![0]);
        Near(Grad(a => Kernel(a, w))(x), Grad(a => Defined(a, w))(x));
        Near(Grad(b => Kernel(x, b))(w), Grad(b => Defined(x, b))(w));
        var (dx, dw) = (Sampling.Values(x.Shape, seed: 5), Sampling.Values(w.Shape, seed: 6));
        Near(Hvp(a => Kernel(a, w), x, dx), Hvp(a => Defined(a, w), x, dx));
        Near(Hvp(b => Kernel(x, b), w, dw), Hvp(b => Defined(x, b), w, dw));
        Tensor Mixed(Func<Tensor, Tensor, Tensor> f) => Grad(a => (Grad(b => f(a, b))(w) * dw).Sum())(x);
        Near(Mixed(Kernel), Mixed(Defined));
    }

    [TestCaseSource(nameof(Samples))]
    public void A_batch_on_either_side_agrees_with_a_loop(Sample sample)
    {
        var (x, w) = (sample.Inputs[0], sample.Inputs[1]);
        var xs = Sampling.Values(x.Shape.Insert(0, 3), seed: 2);
        var ws = Sampling.Values(w.Shape.Insert(0, 3), seed: 3);
        Tensor Apply(Tensor a, Tensor b) => Tensor.Apply(sample.Primitive, a, b);
        Tensor At(Tensor t, int i) => t.Narrow(0, i, 1).Squeeze(0);
        Near(Vmap(a => Apply(a, w))(xs), Tensor.Stack(0, [.. Enumerable.Range(0, 3).Select(i => Apply(At(xs, i), w))]));
        Near(Vmap(b => Apply(x, b))(ws), Tensor.Stack(0, [.. Enumerable.Range(0, 3).Select(i => Apply(x, At(ws, i)))]));
        Near(Vmap(Apply)(xs, ws), Tensor.Stack(0, [.. Enumerable.Range(0, 3).Select(i => Apply(At(xs, i), At(ws, i)))]));
    }

    // Several tiles, blocks of rows and images a tile, both orientations of the patches; integers, so that sums are exact in any order.
    [TestCase(2, 3, 4, 40, 5, 1, 2)]
    [TestCase(9, 70, 5, 6, 3, 1, 1)]
    [TestCase(3, 4, 6, 33, 2, 2, 0)]
    [TestCase(40, 2, 3, 3, 1, 1, 0)]
    [TestCase(2, 3, 8, 16, 1, 2, 0)]
    [TestCase(5, 2, 3, 45, 40, 1, 3)]
    public void Large_convolutions_agree_with_the_plain_loop(int images, int channels, int features, int size, int kernel, int stride, int padding)
    {
        var random = new Random(1);
        var x = Tensor.From(Values(random, images * channels * size * size), [images, channels, size, size], Device.Host);
        var w = Tensor.From(Values(random, features * channels * kernel * kernel), [features, channels, kernel, kernel], Device.Host);
        var y = x.Convolve(w, stride: [stride], padding: [padding]);
        var n = (size + 2 * padding - kernel) / stride + 1;
        Assert.That(y.Shape, Is.EqualTo(Shape.Create([images, features, n, n])));

        double[] xs = x.ToArray<double>(), ws = w.ToArray<double>(), ys = y.ToArray<double>();
        for (var probe = 0; probe < 300; probe++)
        {
            int i = random.Next(images), o = random.Next(features), p = random.Next(n), q = random.Next(n);
            double sum = 0;
            for (var c = 0; c < channels; c++)
                for (var k = 0; k < kernel; k++)
                    for (var l = 0; l < kernel; l++)
                    {
                        int row = p * stride + k - padding, column = q * stride + l - padding;
                        if (row < 0 || column < 0 || row >= size || column >= size) continue;
                        sum += ws[((o * channels + c) * kernel + k) * kernel + l] * xs[((i * channels + c) * size + row) * size + column];
                    }

            Assert.That(ys[((i * features + o) * n + p) * n + q], Is.EqualTo(sum), $"image {i}, feature {o}, position {p}, {q}");
        }
    }

    private static double[] Values(Random random, int count)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = random.Next(-4, 5);
        return values;
    }

    private static Tensor Squares(Tensor y) => (y * y * y).Sum();

    // Sums of at most a few hundred products of numbers below 2 in float64, in another order.
    private static void Near(Tensor actual, Tensor expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        double[] a = actual.ToArray<double>(), e = expected.ToArray<double>();
        for (var i = 0; i < a.Length; i++) Assert.That(a[i], Is.EqualTo(e[i]).Within(1e-11 * (1 + Math.Abs(e[i]))), $"element {i}");
    }
}
