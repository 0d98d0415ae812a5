using static Noether.Transform;

namespace Noether.Tests.Tensors;

public class ConvolutionTests
{
    [Test]
    public void A_small_convolution_by_hand()
    {
        var x = Tensor.From([1f, 2, 3, 4, 5], [1, 1, 5], Device.Host);
        var w = Tensor.From([1f, 10, 100], [1, 1, 3], Device.Host);
        Assert.That(x.Convolve(w).ToArray<float>(), Is.EqualTo([321f, 432, 543]));
        Assert.That(x.Convolve(w, padding: [1]).ToArray<float>(), Is.EqualTo([210f, 321, 432, 543, 54]));
        Assert.That(x.Convolve(w, stride: [2], padding: [1]).ToArray<float>(), Is.EqualTo([210f, 432, 54]));
        Assert.That(x.Convolve(w, dilation: [2]).ToArray<float>(), Is.EqualTo([531f]));
        Assert.That(x.Convolve(w, bias: Tensor.From([0.5f], null, Device.Host)).ToArray<float>(), Is.EqualTo([321.5f, 432.5f, 543.5f]));
    }

    [Test]
    public void A_single_image_needs_no_batch_axis()
    {
        var x = Tensor.Ones([2, 4, 4], device: Device.Host);
        var w = Tensor.Ones([3, 2, 2, 2], device: Device.Host);
        var y = x.Convolve(w);
        Assert.That(y.Shape, Is.EqualTo(Shape.Create([3, 3, 3])));
        Assert.That(y.ToArray<float>(), Is.All.EqualTo(8f));
    }

    [Test]
    public void Same_keeps_the_sizes_and_puts_the_odd_zero_last()
    {
        var x = Tensor.From([1f, 2, 3], [1, 1, 3], Device.Host);
        var w = Tensor.From([1f, 10], [1, 1, 2], Device.Host);
        Assert.That(x.ConvolveSame(w).ToArray<float>(), Is.EqualTo([21f, 32, 3]));
        Assert.That(Tensor.Ones([1, 4, 7, 5], device: Device.Host).ConvolveSame(Tensor.Ones([6, 2, 3, 2], device: Device.Host), dilation: [2, 3], groups: 2).Shape, Is.EqualTo(Shape.Create([1, 6, 7, 5])));
    }

    [TestCase(1, 0, 0, 1, 1)]
    [TestCase(2, 1, 1, 1, 1)]
    [TestCase(3, 2, 2, 2, 2)]
    [TestCase(1, 3, 0, 1, 2)]
    public void The_transposed_convolution_is_the_gradient_of_the_convolution(int stride, int padding, int more, int dilation, int groups)
    {
        var c = Noether.Primitives.Sampling.Values([2, 4, 5, 6]);
        var w = Noether.Primitives.Sampling.Values([4, 6 / groups, 3, 2], seed: 1);
        var y = c.ConvolveTransposed(w, null, [stride], [padding], [more], [dilation], groups);
        Assert.That(y.Shape[2], Is.EqualTo(4 * stride - 2 * padding + dilation * 2 + more + 1));
        Assert.That(y.Shape[3], Is.EqualTo(5 * stride - 2 * padding + dilation + more + 1));
        var expected = Grad(x => (x.Convolve(w, null, [stride], [padding], [dilation], groups) * c).Sum())(y.ZerosLike());
        Assert.That(y.ToArray<double>(), Is.EqualTo(expected.ToArray<double>()).Within(1e-12)); // sums of 24 products below 4, reordered
    }

    [Test]
    public void Operands_of_any_layout_convolve([Values(3, 12)] int side, [Values(1, 6)] int channels)
    {
        // Kernels of 10 rows over 12 are read where they lie, unless their planes do not; over 3 they are copied, as are small ones.
        Tensor x = Noether.Primitives.Sampling.Values([channels, 5, 12, 12]), w = Noether.Primitives.Sampling.Values([channels, 7, side - 2, side - 2], seed: 1);
        var expected = Dense(x.SwapAxes(0, 1)).Convolve(Dense(w.SwapAxes(0, 1)), padding: [1]).ToArray<double>();
        Assert.That(x.SwapAxes(0, 1).Convolve(w.SwapAxes(0, 1), padding: [1]).ToArray<double>(), Is.EqualTo(expected));
        var turned = Dense(x.SwapAxes(2, 3)).SwapAxes(2, 3);
        Assert.That(turned.SwapAxes(0, 1).Convolve(w.SwapAxes(0, 1), padding: [1]).ToArray<double>(), Is.EqualTo(expected));
        var cut = Tensor.Concatenate(1, x, x).Narrow(1, 5, 5);
        Assert.That(cut.SwapAxes(0, 1).Convolve(w.SwapAxes(0, 1), padding: [1]).ToArray<double>(), Is.EqualTo(expected));

        static Tensor Dense(Tensor x) => Tensor.From(x.ToArray<double>(), x.Shape);
    }

    [Test]
    public void Integers_and_bfloat16_convolve()
    {
        var x = Tensor.From([1, 2, 3], [1, 1, 3], Device.Host);
        var w = Tensor.From([1, 1], [1, 1, 2], Device.Host);
        Assert.That(x.Convolve(w).ToArray<int>(), Is.EqualTo([3, 5]));
        Assert.That(x.To(DType.BFloat16).Convolve(w.To(DType.BFloat16)).DType, Is.EqualTo(DType.BFloat16));
    }

    [Test]
    public void A_batch_of_kernels_runs_as_one_convolution([Values(true, false)] bool ofImagesToo)
    {
        const int members = 7;
        var x = Noether.Primitives.Sampling.Values(ofImagesToo ? [members, 2, 3, 6, 6] : [2, 3, 6, 6]);
        var w = Noether.Primitives.Sampling.Values([members, 4, 3, 3, 3], seed: 1);
        var gradient = Vmap((Tensor[] a) => GradBoth((x, w) => x.Convolve(w, padding: [1]).Square().Sum())(a[0], a[1]) is var (dx, dw) ? [dx, dw] : [], [ofImagesToo ? 0 : null, 0]);
        Tensor.Evaluate(x, w);
        var steps = Noether.Trace.Record(() => Tensor.Evaluate(gradient([x, w])));
        Assert.That(steps.Count(static line => line.Contains("Convolution", StringComparison.Ordinal)), Is.EqualTo(3), string.Join('\n', steps)); // forward, two gradients
    }

    [Test]
    public void What_does_not_fit_is_named()
    {
        var x = Tensor.Ones([2, 3, 8, 8], device: Device.Host);
        Assert.That(() => x.Convolve(Tensor.Ones([4, 2, 3, 3], device: Device.Host)), Throws.TypeOf<ShapeException>().With.Message.Contains("Convolve").And.Message.Contains("[2, 3, 8, 8]").And.Message.Contains("[4, 2, 3, 3]"));
        Assert.That(() => x.Convolve(Tensor.Ones([4, 3], device: Device.Host)), Throws.TypeOf<ShapeException>());
        Assert.That(() => x.Convolve(Tensor.Ones([4, 3, 9, 9], device: Device.Host)), Throws.TypeOf<ShapeException>().With.Message.Contains("larger"));
        Assert.That(() => x.Convolve(Tensor.Ones([4, 3, 3, 3], device: Device.Host), stride: [0]), Throws.TypeOf<ShapeException>().With.Message.Contains("stride"));
        Assert.That(() => x.Convolve(Tensor.Ones([4, 3, 3, 3], device: Device.Host), padding: [1, 1, 1]), Throws.TypeOf<ShapeException>().With.Message.Contains("padding"));
        Assert.That(() => x.Convolve(Tensor.Ones([4, 3, 3, 3], device: Device.Host), Tensor.Ones([3], device: Device.Host)), Throws.TypeOf<ShapeException>().With.Message.Contains("bias"));
        Assert.That(() => x.ConvolveTransposed(Tensor.Ones([3, 4, 3, 3], device: Device.Host), outputPadding: [1]), Throws.TypeOf<ShapeException>().With.Message.Contains("outputPadding"));
    }
}
