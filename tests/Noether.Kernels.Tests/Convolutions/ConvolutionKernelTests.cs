using System.Numerics;
using Noether.Kernels.Convolutions;
using Noether.Kernels.Copies;
using Noether.Kernels.Elementwise;
using Noether.Kernels.MatMul;
using Noether.Kernels.Tests.MatMul;

namespace Noether.Kernels.Tests.Convolutions;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class ConvolutionKernelTests(string lane) : KernelFixture(lane)
{
    // Small integers: equal whatever the order of the sums.
    private static IEnumerable<TestCaseData> Cases
    {
        get
        {
            yield return Case("one axis", Sizes(2, 1, 3, 5, [11], [3], [1], [1], [1], [1]));
            yield return Case("strides and padding", Sizes(3, 1, 2, 9, [7, 8], [3, 3], [2, 1], [1, 2], [1, 1], [1, 1]));
            yield return Case("a kernel with holes", Sizes(1, 1, 2, 3, [9, 9], [3, 2], [1, 2], [2, 0], [1, 1], [2, 3]));
            yield return Case("an input with holes", Sizes(2, 1, 3, 4, [4, 5], [3, 3], [1, 1], [2, 2], [2, 3], [1, 1]));
            yield return Case("cropped", Sizes(2, 1, 2, 3, [8, 9], [2, 2], [1, 1], [-1, -2], [1, 1], [1, 1]));
            yield return Case("groups", Sizes(2, 3, 2, 4, [6, 5], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1]));
            yield return Case("groups apart", Apart(Sizes(2, 3, 2, 4, [6, 5], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1])));
            yield return Case("depthwise", Sizes(2, 5, 1, 1, [6, 5], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1]));
            yield return Case("three axes", Sizes(1, 1, 2, 3, [3, 4, 5], [2, 2, 3], [1, 1, 2], [1, 0, 1], [1, 1, 1], [1, 1, 1]));
            yield return Case("one point", Sizes(3, 1, 17, 34, [5, 1], [1, 1], [1, 1], [0, 0], [1, 1], [1, 1]));
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void A_convolution_equals_its_definition(ConvolutionSizes sizes)
    {
        AssertEqual<float, SmallTile>(sizes);
        AssertEqual<double, ThinTile>(sizes);
    }

    [TestCaseSource(nameof(Cases))]
    public void A_thread_an_output_gives_the_same(ConvolutionSizes sizes)
    {
        var (x, w) = Operands<float>(sizes);
        var y = Allocate<float>(sizes.Results);
        Kernels.Get(static accelerator => new DirectConvolutionKernel<float>(accelerator)).Launch(Stream, Upload(x), Upload(w), y, sizes);
        Assert.That(Download(y).Select(value => (double)value), Is.EqualTo(ConvolutionReference.Of<float>(x, w, sizes)));
    }

    [Test]
    public void Larger_tiles_equal_the_definition()
    {
        var sizes = Sizes(2, 1, 5, 70, [9, 9], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1]);
        AssertEqual<float, MediumTile>(sizes);
        AssertEqual<float, LargeTile>(sizes);
    }

    // Points of an image that are a multiple of four, and points that are not.
    [TestCase(6)]
    [TestCase(5)]
    public void A_convolution_ends_with_a_program(int size)
    {
        var sizes = Sizes(3, 2, 3, 6, [6, size], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1]);
        var (x, w) = Operands<float>(sizes);
        var points = sizes.Output.Product;
        var channels = 2 * sizes.Features;
        float[] bias = [.. Enumerable.Range(-5, channels)];
        var map = IndexMap.Create([sizes.Batch, channels, points], [0, 1, 0]);
        var y = Allocate<float>(sizes.Results);
        Kernels.GetEpilogue<float>(EpiloguePrograms.Layer(InputAccess.Product, InputAccess.Strided)).Convolve(
            Kernels, ProductTileKind.Small, Stream, Upload(x), Upload(w), sizes,
            new() { Inputs = [default, Upload(bias).Cast<byte>()], Maps = [map], Outputs = [y.Cast<byte>()] });
        Assert.That(
            Download(y).Select(value => (double)value),
            Is.EqualTo(ConvolutionReference.Of<float>(x, w, sizes).Select((value, i) => Math.Max(0, value + bias[i / points % channels]))));
    }

    [Test]
    public void Terms_in_parts_give_partial_sums()
    {
        var sizes = Sizes(2, 2, 3, 4, [5, 6], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1]); // 27 terms
        var (x, w) = Operands<int>(sizes);
        sizes.Chunk = 16;
        var y = Allocate<int>(2 * sizes.Results);
        Launch<int, SmallTile>(sizes, x, w, y);
        var parts = Download(y);
        var sums = parts.Take((int)sizes.Results).Zip(parts.Skip((int)sizes.Results), (a, b) => (double)(a + b));
        Assert.That(sums, Is.EqualTo(ConvolutionReference.Of<int>(x, w, sizes)));
        Assert.That(parts.Skip((int)sizes.Results), Has.Some.Not.Zero);
    }

    [Test]
    public void Images_may_lie_channels_last()
    {
        var sizes = Sizes(2, 1, 3, 4, [4, 5], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1]);
        (sizes.ChannelStride, sizes.StrideX, sizes.StrideY, sizes.BatchStride) = (1, 3, 15, 60);
        AssertEqual<float, SmallTile>(sizes);
    }

    private static TestCaseData Case(string name, ConvolutionSizes sizes) => new TestCaseData(sizes).SetArgDisplayNames(name);

    private static ConvolutionSizes Sizes(
        int batch, int groups, int channels, int features, int[] input, int[] kernel, int[] stride, int[] low, int[] inputDilation, int[] kernelDilation)
    {
        // As much padding behind as in front.
        var output = input.Select((size, i) => (2 * low[i] + (size - 1) * inputDilation[i] + 1 - ((kernel[i] - 1) * kernelDilation[i] + 1)) / stride[i] + 1).ToArray();
        var x = Axis3.Of(input, 1);
        return new()
        {
            BatchStride = (long)groups * channels * x.Product,
            GroupStride = (long)channels * x.Product,
            ChannelStride = x.Product,
            OutputBatchStride = (long)groups * features * Axis3.Of(output, 1).Product,
            OutputGroupStride = (long)features * Axis3.Of(output, 1).Product,
            StrideZ = x.Y * x.X,
            StrideY = x.X,
            StrideX = 1,
            Batch = batch,
            Groups = groups,
            Channels = channels,
            Features = features,
            Chunk = channels * kernel.Aggregate(1, (a, b) => a * b),
            Input = x,
            Kernel = Axis3.Of(kernel, 1),
            Output = Axis3.Of(output, 1),
            Stride = Axis3.Of(stride, 1),
            Low = Axis3.Of(low, 0),
            InputDilation = Axis3.Of(inputDilation, 1),
            KernelDilation = Axis3.Of(kernelDilation, 1),
        };
    }

    private static ConvolutionSizes Apart(ConvolutionSizes sizes)
    {
        (sizes.BatchStride, sizes.GroupStride) = (sizes.GroupStride, sizes.Batch * sizes.GroupStride);
        (sizes.OutputBatchStride, sizes.OutputGroupStride) = (sizes.OutputGroupStride, sizes.Batch * sizes.OutputGroupStride);
        return sizes;
    }

    private static (T[] X, T[] W) Operands<T>(ConvolutionSizes sizes)
        where T : unmanaged, INumber<T> =>
        ([.. Enumerable.Range(0, sizes.Batch * sizes.Groups * sizes.Channels * sizes.Input.Product).Select(i => T.CreateChecked(i * 7 % 19 - 9))],
         [.. Enumerable.Range(0, sizes.Groups * sizes.Features * sizes.Terms).Select(i => T.CreateChecked(i * 5 % 17 - 8))]);

    private void AssertEqual<T, TTile>(ConvolutionSizes sizes)
        where T : unmanaged, INumber<T>
        where TTile : struct, IProductTile
    {
        var (x, w) = Operands<T>(sizes);
        var y = Allocate<T>(sizes.Results);
        Launch<T, TTile>(sizes, x, w, y);
        Assert.That(Download(y).Select(double.CreateChecked), Is.EqualTo(ConvolutionReference.Of<T>(x, w, sizes)));
    }

    private void Launch<T, TTile>(ConvolutionSizes sizes, T[] x, T[] w, ILGPU.ArrayView<T> y)
        where T : unmanaged, INumber<T>
        where TTile : struct, IProductTile =>
        Kernels.Get(static accelerator => new ConvolutionKernel<T, TTile>(accelerator)).Launch(Stream, Upload(x), Upload(w), y, sizes);
}
