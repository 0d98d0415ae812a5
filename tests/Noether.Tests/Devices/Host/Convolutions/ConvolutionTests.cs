using System.Numerics;
using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class ConvolutionTests
{
    [Test]
    public void Random_geometries_agree_with_the_definition([Values(1, 2, 3)] int axes, [Range(1, 12)] int seed)
    {
        var random = new Random(100 * axes + seed);
        for (var repeat = 0; repeat < 3; repeat++)
        {
            var groups = random.Next(1, 4);
            var geometry = new ConvolutionGeometry
            {
                Batch = random.Next(1, 5),
                Channels = groups * random.Next(1, 4),
                Outputs = groups * random.Next(1, 4),
                Groups = groups,
                Input = Draw(1, axes == 1 ? 40 : axes == 2 ? 13 : 7),
                Kernel = Draw(1, axes == 1 ? 12 : 4),
                Stride = Draw(1, 3),
                PadLow = Draw(-1, 3),
                PadHigh = Draw(-1, 3),
                InputDilation = Draw(1, 3),
                KernelDilation = Draw(1, 3),
            };
            Check<double>(geometry, random);
            Check<float>(geometry, random);

            int[] Draw(int low, int high) => [.. Enumerable.Range(0, axes).Select(_ => random.Next(low, high + 1))];
        }
    }

    private static readonly ConvolutionGeometry[] Typical =
    [
        Square(2, 3, 8, 1, 28, 5, pad: 2),
        Square(3, 16, 24, 1, 14, 3, stride: 2, pad: 1),
        Square(2, 12, 12, 12, 20, 3, pad: 1), // depthwise
        Square(2, 12, 12, 12, 21, 3, stride: 2, pad: 1),
        Square(2, 40, 30, 1, 9, 1), // pointwise
        Square(2, 8, 6, 2, 9, 1),
        Square(3, 20, 10, 1, 12, 10, pad: 0), // a weight gradient: kernel of an image's size
        Square(40, 5, 7, 1, 6, 3), // few pixels, many images
        Square(2, 6, 5, 1, 9, 3, pad: 2, inputDilation: 2), // a transposed convolution
        Square(1, 130, 3, 1, 8, 3, pad: 1), // more than one block of depth
        Square(1, 2, 2, 1, 100, 3, pad: 1), // more than one block of pixels
        Square(1, 300, 14, 1, 14, 3, pad: 1), // more than one block of channels
        Square(1, 2, 150, 1, 6, 3, pad: 1), // one block of pixels, whose outputs are shared out
        Square(50, 9, 20, 1, 10, 9, pad: 1), // more than one block of images, the last one not full
        Square(2, 5, 40, 1, 30, 28, pad: 1), // a kernel of more than one block
        Square(2, 4, 20, 2, 9, 8, stride: 2, pad: 3, inputDilation: 3), // a large kernel over a spread input
        Square(3, 3, 7, 1, 15, 3, pad: 1), // outputs and rows next to whole registers and tiles
        Square(2, 5, 33, 1, 7, 3, stride: 2, pad: 1),
        Square(40, 9, 17, 1, 4, 3, pad: 1), // images that share the weights
        Square(1, 520, 40, 1, 12, 3, pad: 1), // outputs by two panels, channels by blocks
        Square(2, 6, 16, 1, 13, 3, pad: 1, inputDilation: 2), // tiles over each residue of a spread input
        Square(1, 3, 6, 1, 40, 3, stride: 3, pad: 1),
        Square(2, 3, 20, 1, 28, 5, pad: 2), // tiles of seven
        Square(2, 5, 5, 5, 56, 3, pad: 1), // depthwise: several registers a row, the last ones overlapping
        Square(2, 5, 5, 5, 45, 5, stride: 2, pad: 2),
        Square(3, 4, 4, 4, 40, 40, pad: 1), // and its gradient: taps over all rows of all images
        Square(1, 24, 4, 4, 35, 33, pad: 2),
        Square(2, 16, 16, 1, 32, 3, pad: 1), // one register of outputs, whole registers of a row
        Square(2, 9, 8, 1, 16, 3, pad: 2, inputDilation: 2),
        Square(1, 16, 8, 2, 64, 3, stride: 2, pad: 1),
        Square(9, 16, 16, 1, 8, 3, pad: 1), // transformed: tiles of rows of 128 bits, several images a block, the last one not full
        Square(5, 17, 27, 1, 13, 3, pad: 1), // odd rows, an octet of outputs not full
        Square(3, 32, 40, 2, 16, 3, pad: 2), // groups, even padding
        Square(3, 16, 16, 1, 36, 3), // no padding, rows of more than a register
        Square(2, 20, 16, 1, 31, 3, pad: 3),
        Square(29, 6, 14, 2, 7, 3, stride: 2, pad: 1), // small images, one a lane; the last register not full, the second four outputs neither
        Square(16, 3, 5, 1, 9, 3, pad: 2, inputDilation: 2),
        Square(48, 4, 16, 1, 6, 4, stride: 2, pad: -1),
        Square(3, 58, 12, 2, 9, 9, pad: 1), // and their gradients: odd channels, groups of outputs not full
        Square(4, 130, 16, 1, 8, 7, stride: 2, pad: 3), // images in chunks
        Square(1, 32, 5, 1, 7, 4, inputDilation: 2),
    ];

    [Test]
    public void Typical_geometries_agree_with_the_definition([Range(0, 40)] int index)
    {
        Check<float>(Typical[index], new Random(1));
        Check<double>(Typical[index], new Random(2));
    }

    [Test]
    public void Registers_of_128_and_256_bits_agree_with_the_definition([Range(0, 40)] int index)
    {
        Check<float>(Typical[index], new Random(3), Convolution.Choose<Simd128<float>, float>);
        Check<float>(Typical[index], new Random(4), Convolution.Choose<Simd256<float>, float>);
    }

    // Every method that takes groups.
    [Test]
    public void Groups_may_lie_apart([Values(3, 4, 5, 19, 26, 27, 28, 29, 32, 34, 35, 37, 38, 40)] int index, [Values(1, 2)] int more)
    {
        var geometry = Typical[index];
        geometry = geometry with { Apart = true, Groups = more * geometry.Groups, Channels = more * geometry.Channels, Outputs = more * geometry.Outputs };
        Check<float>(geometry, new Random(6));
        Check<double>(geometry, new Random(7));
    }

    // Each method; not where neighbouring outputs lie apart, are made in tiles of 2x2, or are fewer than the kernel has elements.
    [TestCase(0, true), TestCase(1, true), TestCase(2, true), TestCase(6, false), TestCase(7, true), TestCase(8, false), TestCase(11, true)]
    [TestCase(12, true), TestCase(18, true), TestCase(19, true), TestCase(25, false), TestCase(27, false), TestCase(29, true), TestCase(35, true), TestCase(38, false)]
    public void Parts_of_the_output_are_called_final_as_they_are_made(int index, bool expected)
    {
        var threads = WorkerPool.Shared.Threads;
        try
        {
            foreach (var number in (int[])[1, 3])
            {
                WorkerPool.Shared.Threads = number;
                Assert.That(Check<float>(Typical[index], new Random(5)), Is.EqualTo(expected));
            }
        }
        finally
        {
            WorkerPool.Shared.Threads = threads;
        }
    }

    [Test]
    public void A_kernel_larger_than_the_input_has_no_output()
    {
        Assert.That(ConvolutionGeometry.OutputSize(4, 3, 1, 0, 0, 1, 2), Is.Zero);
        Assert.That(ConvolutionGeometry.OutputSize(5, 3, 1, 0, 0, 1, 2), Is.EqualTo(1));
        Assert.That(ConvolutionGeometry.OutputSize(5, 3, 2, 1, 1, 1, 1), Is.EqualTo(3));
        Assert.That(ConvolutionGeometry.OutputSize(5, 3, 1, 2, 2, 2, 1), Is.EqualTo(11));
        Assert.That(ConvolutionGeometry.OutputSize(5, 3, 1, -1, -1, 1, 1), Is.EqualTo(1));
    }

    private static ConvolutionGeometry Square(
        int batch, int channels, int outputs, int groups, int size, int kernel, int stride = 1, int pad = 0, int inputDilation = 1) => new()
        {
            Batch = batch,
            Channels = channels,
            Outputs = outputs,
            Groups = groups,
            Input = [size, size],
            Kernel = [kernel, kernel],
            Stride = [stride, stride],
            PadLow = [pad, pad],
            PadHigh = [pad, pad],
            InputDilation = [inputDilation, inputDilation],
            KernelDilation = [1, 1],
        };

    private delegate bool Method<T>(ConvolutionGeometry geometry, ConvolutionShape shape, T* input, T* weight, T* output, IRegionBody? finished)
        where T : unmanaged, INumber<T>;

    private static bool Check<T>(ConvolutionGeometry g, Random random, Method<T>? method = null)
        where T : unmanaged, INumber<T>
    {
        int[] input = Three(g.Input, 1), kernel = Three(g.Kernel, 1), output = Three(g.Output, 1), stride = Three(g.Stride, 1);
        int[] pad = Three(g.PadLow, 0), spread = Three(g.InputDilation, 1), dilation = Three(g.KernelDilation, 1);
        int groupChannels = g.Channels / g.Groups, groupOutputs = g.Outputs / g.Groups;
        int inputs = input[0] * input[1] * input[2], taps = kernel[0] * kernel[1] * kernel[2], pixels = output[0] * output[1] * output[2];
        using var x = new Native<T>(g.Batch * g.Channels * inputs, random);
        using var w = new Native<T>(g.Outputs * groupChannels * taps, random);
        using var y = new Native<T>(g.Batch * g.Outputs * pixels);
        var finished = new FinishedParts<T>(y.Pointer, g.Batch * g.Outputs * pixels, pixels);
        var isDone = method is null
            ? Convolution.Correlate(g, x.Pointer, w.Pointer, y.Pointer, finished)
            : method(g, new ConvolutionShape(g), x.Pointer, w.Pointer, y.Pointer, finished);
        finished.Check(isDone, Describe(g));

        var terms = groupChannels * taps;
        var bound = (typeof(T) == typeof(float) ? 6e-8 : 1.2e-16) * (terms + 2) * Math.Sqrt(terms); // as for a product of matrices
        for (var n = 0; n < g.Batch; n++)
            for (var o = 0; o < g.Outputs; o++)
                for (var p = 0; p < pixels; p++)
                {
                    var sum = 0.0;
                    for (var c = 0; c < groupChannels; c++)
                        for (var k = 0; k < taps; k++)
                        {
                            int[] place = Split(p, output), tap = Split(k, kernel);
                            var at = 0;
                            var inside = true;
                            for (var axis = 0; axis < 3; axis++)
                            {
                                var position = place[axis] * stride[axis] + tap[axis] * dilation[axis] - pad[axis];
                                inside &= position >= 0 && position % spread[axis] == 0 && position / spread[axis] < input[axis];
                                at = at * input[axis] + position / spread[axis];
                            }

                            if (inside)
                                sum += double.CreateChecked(x[(Part(n, o / groupOutputs) * groupChannels + c) * inputs + at])
                                    * double.CreateChecked(w[(o * groupChannels + c) * taps + k]);
                        }

                    var error = Math.Abs(double.CreateChecked(y[(Part(n, o / groupOutputs) * groupOutputs + o % groupOutputs) * pixels + p]) - sum);
                    if (!(error <= bound))
                        Assert.Fail($"{typeof(T).Name} {Describe(g)}, image {n}, output {o}, pixel {p}: off by {error}");
                }

        return isDone;

        // Of the parts that the groups of the images are.
        int Part(int image, int group) => g.Apart ? group * g.Batch + image : image * g.Groups + group;
    }

    private static int[] Split(int i, int[] sizes) => [i / (sizes[1] * sizes[2]), i / sizes[2] % sizes[1], i % sizes[2]];

    private static int[] Three(int[] values, int fill) => [.. Enumerable.Repeat(fill, 3 - values.Length), .. values];

    private static string Describe(ConvolutionGeometry g) =>
        $"[{g.Batch}, {g.Channels}, ({string.Join(", ", g.Input)})] x [{g.Outputs}, ({string.Join(", ", g.Kernel)})], {g.Groups} groups{(g.Apart ? " apart" : "")}, stride "
        + $"({string.Join(", ", g.Stride)}), pad ({string.Join(", ", g.PadLow)}) ({string.Join(", ", g.PadHigh)}), dilations "
        + $"({string.Join(", ", g.InputDilation)}) ({string.Join(", ", g.KernelDilation)})";
}
