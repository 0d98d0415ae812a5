using static Noether.Transform;

namespace Noether.Tests.Tensors;

public class PoolingTests
{
    private static readonly Tensor X = Noether.Primitives.Sampling.Values([2, 3, 7, 6]);

    // size, stride, padding, dilation, ceiling, countPadding
    private static readonly (int[] Size, int[] Stride, int[] Padding, int[] Dilation, bool Ceiling, bool Count)[] Cases =
    [
        ([2, 2], [], [], [], false, true),
        ([3, 2], [2, 1], [1, 0], [], false, true),
        ([3, 3], [2], [1], [], true, true),
        ([3, 3], [2], [1], [], true, false),
        ([2, 3], [3], [1], [], true, false),
        ([2, 2], [1], [1], [3, 2], false, true),
        ([3], [2], [1], [], false, false),
        ([2, 2, 3], [], [0, 1, 1], [], false, false),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Max_pooling_agrees_with_the_plain_loop((int[] Size, int[] Stride, int[] Padding, int[] Dilation, bool Ceiling, bool Count) c) =>
        Check(X.MaxPool(c.Size, c.Stride, c.Padding, c.Dilation, c.Ceiling), c, static (values, _) => values.Max());

    [TestCaseSource(nameof(Cases))]
    public void Average_pooling_agrees_with_the_plain_loop((int[] Size, int[] Stride, int[] Padding, int[] Dilation, bool Ceiling, bool Count) c)
    {
        if (c.Dilation.Length == 0)
            Check(X.AveragePool(c.Size, c.Stride, c.Padding, c.Ceiling, c.Count), c, (values, padded) => values.Sum() / (c.Count ? padded : values.Count));
    }

    [Test]
    public void Adaptive_pooling_covers_each_axis_evenly()
    {
        double[] x = X.ToArray<double>(), max = X.AdaptiveMaxPool(3, 4).ToArray<double>(), mean = X.AdaptiveAveragePool(3, 4).ToArray<double>();
        for (var plane = 0; plane < 6; plane++)
            for (var i = 0; i < 3; i++)
                for (var j = 0; j < 4; j++)
                {
                    var window = new List<double>();
                    for (var r = i * 7 / 3; r < (int)Math.Ceiling((i + 1) * 7 / 3.0); r++)
                        for (var s = j * 6 / 4; s < (int)Math.Ceiling((j + 1) * 6 / 4.0); s++) window.Add(x[(plane * 7 + r) * 6 + s]);
                    Assert.That(max[(plane * 3 + i) * 4 + j], Is.EqualTo(window.Max()));
                    Assert.That(mean[(plane * 3 + i) * 4 + j], Is.EqualTo(window.Average()).Within(1e-14)); // nine numbers below 2
                }

        Assert.That(X.AdaptiveAveragePool(1, 1).ToArray<double>(), Is.EqualTo(X.Mean([2, 3]).ToArray<double>()).Within(1e-14));
        Assert.That(X.AdaptiveMaxPool(7, 3).ToArray<double>(), Is.EqualTo(X.MaxPool([1, 2]).ToArray<double>()));
    }

    [Test]
    public void The_gradient_goes_to_the_first_largest()
    {
        var x = Tensor.From([1f, 4, 4, 2, 3, 3], [1, 6], Device.Host);
        Assert.That(Grad(t => t.MaxPool([2]).Sum())(x).ToArray<float>(), Is.EqualTo([0f, 1, 1, 0, 1, 0]));
        Assert.That(Grad(t => t.MaxPool([3], stride: [1]).Sum())(x).ToArray<float>(), Is.EqualTo([0f, 2, 1, 0, 1, 0]));
        Assert.That(Grad(t => (t.AveragePool([2], stride: [1]) * 2).Sum())(x).ToArray<float>(), Is.EqualTo([1f, 2, 2, 2, 2, 1]));
    }

    [Test]
    public void Resizing_agrees_with_the_formula()
    {
        var x = Tensor.From([0.0, 10, 20, 40], [1, 1, 4], Device.Host);
        Assert.That(x.Resize([7], alignCorners: true).ToArray<double>(), Is.EqualTo([0.0, 5, 10, 15, 20, 30, 40]).Within(1e-12));
        Assert.That(x.Resize([8]).ToArray<double>(), Is.EqualTo([0, 2.5, 7.5, 12.5, 17.5, 25, 35, 40]).Within(1e-12)); // exact but for rounding
        Assert.That(x.Resize([2]).ToArray<double>(), Is.EqualTo([5.0, 30]).Within(1e-12));
        Assert.That(x.Resize([6], Interpolation.Nearest).ToArray<double>(), Is.EqualTo([0.0, 0, 10, 20, 20, 40]));
        Assert.That(x.Resize([1], alignCorners: true).ToArray<double>(), Is.EqualTo([0.0]));
        var image = X.Resize([5, 9]);
        Assert.That(image.Shape, Is.EqualTo(Shape.Create([2, 3, 5, 9])));
        Assert.That(image.ToArray<double>(), Is.EqualTo(X.SwapAxes(2, 3).Resize([9, 5]).SwapAxes(2, 3).ToArray<double>()).Within(1e-13)); // the axes commute
        Assert.That(Grad(t => t.Resize([8]).Sum())(x).Sum().Item(), Is.EqualTo(8).Within(1e-12));
    }

    [Test]
    public void What_does_not_fit_is_named()
    {
        Assert.That(() => X.MaxPool([9, 2]), Throws.TypeOf<ShapeException>().With.Message.Contains("MaxPool").And.Message.Contains("[2, 3, 7, 6]"));
        Assert.That(() => X.MaxPool([2, 2], padding: [2]), Throws.TypeOf<ShapeException>().With.Message.Contains("half"));
        Assert.That(() => X.AveragePool([0]), Throws.TypeOf<ShapeException>().With.Message.Contains("AveragePool"));
        Assert.That(() => X.AdaptiveAveragePool(0), Throws.TypeOf<ShapeException>().With.Message.Contains("AdaptiveAveragePool"));
        Assert.That(() => X.AdaptiveMaxPool(1, 1, 1, 1, 1), Throws.TypeOf<ShapeException>().With.Message.Contains("AdaptiveMaxPool"));
        Assert.That(() => X.Resize([0]), Throws.TypeOf<ShapeException>().With.Message.Contains("Resize"));
    }

    // The number of windows is PyTorch's; the padded count reaches to the end of the padding, as there.
    private static void Check(
        Tensor y, (int[] Size, int[] Stride, int[] Padding, int[] Dilation, bool Ceiling, bool Count) c, Func<List<double>, int, double> fold)
    {
        var axes = c.Size.Length;
        int[] n = new int[3], k = [1, 1, 1], s = [1, 1, 1], p = new int[3], d = [1, 1, 1], o = new int[3];
        var planes = 2;
        for (var axis = 0; axis < 3; axis++)
        {
            var i = axis - (3 - axes);
            n[axis] = X.Shape[axis + 1];
            if (i < 0)
            {
                (planes, n[axis], o[axis]) = (planes * n[axis], 1, 1);
                continue;
            }

            k[axis] = c.Size[i];
            s[axis] = c.Stride.Length == 0 ? k[axis] : c.Stride[Math.Min(i, c.Stride.Length - 1)];
            p[axis] = c.Padding.Length == 0 ? 0 : c.Padding[Math.Min(i, c.Padding.Length - 1)];
            d[axis] = c.Dilation.Length == 0 ? 1 : c.Dilation[Math.Min(i, c.Dilation.Length - 1)];
            var room = n[axis] + 2 * p[axis] - d[axis] * (k[axis] - 1) - 1;
            o[axis] = (int)(c.Ceiling ? Math.Ceiling(room / (double)s[axis]) : Math.Floor(room / (double)s[axis])) + 1;
            if (c.Ceiling && (o[axis] - 1) * s[axis] >= n[axis] + p[axis]) o[axis]--;
        }

        Assert.That(y.Shape.AsSpan()[^axes..].ToArray(), Is.EqualTo(o[^axes..]));
        double[] x = X.ToArray<double>(), actual = y.ToArray<double>();
        var at = 0;
        for (var plane = 0; plane < planes; plane++)
            for (var a = 0; a < o[0]; a++)
                for (var b = 0; b < o[1]; b++)
                    for (var e = 0; e < o[2]; e++, at++)
                    {
                        var values = new List<double>();
                        var padded = 0;
                        for (var i = a * s[0] - p[0]; i < a * s[0] - p[0] + k[0] * d[0]; i += d[0])
                            for (var j = b * s[1] - p[1]; j < b * s[1] - p[1] + k[1] * d[1]; j += d[1])
                                for (var l = e * s[2] - p[2]; l < e * s[2] - p[2] + k[2] * d[2]; l += d[2])
                                {
                                    if (i < n[0] + p[0] && j < n[1] + p[1] && l < n[2] + p[2]) padded++;
                                    if (i >= 0 && j >= 0 && l >= 0 && i < n[0] && j < n[1] && l < n[2]) values.Add(x[((plane * n[0] + i) * n[1] + j) * n[2] + l]);
                                }

                        Assert.That(actual[at], Is.EqualTo(fold(values, padded)).Within(1e-14), $"plane {plane}, window {a}, {b}, {e}"); // a dozen numbers below 2
                    }
    }
}
