namespace Noether.Devices.Host;

/// <summary>A <see cref="ConvolutionGeometry"/> with three spatial axes, and the sizes that follow from it.</summary>
internal sealed class ConvolutionShape(ConvolutionGeometry geometry)
{
    public int[] Input { get; } = Pad(geometry.Input, 1);

    public int[] Kernel { get; } = Pad(geometry.Kernel, 1);

    public int[] Output { get; } = Pad(geometry.Output, 1);

    public int[] Stride { get; } = Pad(geometry.Stride, 1);

    public int[] PadLow { get; } = Pad(geometry.PadLow, 0);

    public int[] InputDilation { get; } = Pad(geometry.InputDilation, 1);

    public int[] KernelDilation { get; } = Pad(geometry.KernelDilation, 1);

    public int GroupChannels { get; } = geometry.Channels / geometry.Groups;

    public int GroupOutputs { get; } = geometry.Outputs / geometry.Groups;

    public int Pixels { get; } = Product(geometry.Output);

    public int InputSize { get; } = Product(geometry.Input);

    public int KernelSize { get; } = Product(geometry.Kernel);

    /// <summary>Elements from group to group of the input, from image to image and from channel to channel.</summary>
    public (long Group, long Image, long Channel) InputStrides { get; } = geometry.InputStrides ?? Planes(geometry, geometry.Channels, Product(geometry.Input));

    /// <summary>Elements from group to group of the weight, from output to output and from channel to channel.</summary>
    public (long Group, long Output, long Channel) WeightStrides { get; } = geometry.WeightStrides ?? (
        (long)(geometry.Outputs / geometry.Groups) * (geometry.Channels / geometry.Groups) * Product(geometry.Kernel),
        (long)(geometry.Channels / geometry.Groups) * Product(geometry.Kernel), Product(geometry.Kernel));

    /// <summary>Elements from group to group of the output, from image to image and from plane to plane.</summary>
    public (long Group, long Image, long Output) OutputStrides { get; } = Planes(geometry, geometry.Outputs, Product(geometry.Output));

    /// <summary>K: terms of one output.</summary>
    public int Depth => checked(GroupChannels * KernelSize);

    public bool IsPointwise => Kernel is [1, 1, 1] && Stride is [1, 1, 1] && InputDilation is [1, 1, 1]
        && PadLow is [0, 0, 0] && Output.AsSpan().SequenceEqual(Input);

    /// <summary>True if <see cref="OutputRuns"/> is one run over all of the output: a block of it (<see cref="Block"/>) is then a part of each plane without gaps.</summary>
    public bool IsOneRun => InputDilation is [1, 1, 1] && OutputRuns().First() is [{ Every: 1 }, { Every: 1 }, { Every: 1 }];

    /// <summary>The run over the output by the taps of the kernel: one entry for each residue of each axis.</summary>
    public IEnumerable<ConvolutionAxis[]> OutputRuns() => Runs(Output, Stride, Kernel, KernelDilation);

    /// <summary>The run over the kernel by the taps of the output.</summary>
    public IEnumerable<ConvolutionAxis[]> KernelRuns() => Runs(Kernel, KernelDilation, Output, Stride);

    /// <summary>Halves the run, slowest axis first, until its parts are at most so long.</summary>
    public static int[] Block(ConvolutionAxis[] axes, int mostLength)
    {
        int[] runs = [axes[0].Count, axes[1].Count, axes[2].Count];
        for (var axis = 0; axis < 3; axis++)
            while (runs[axis] > 1 && new ConvolutionParts(axes[0], axes[1], axes[2], runs).Length(runs[0], runs[1], runs[2]) > mostLength)
                runs[axis] = (runs[axis] + 1) / 2;
        return runs;
    }

    /// <summary>Where a group's channels of an image begin in the input.</summary>
    public long InputAt(int group, int image) => group * InputStrides.Group + image * InputStrides.Image;

    /// <summary>Where a group's outputs for an image begin.</summary>
    public long OutputAt(int group, int image) => group * OutputStrides.Group + image * OutputStrides.Image;

    /// <summary>The element of the input, along one axis, that a position of the output and a tap of the kernel meet at; null in the padding, or between elements.</summary>
    public int? Meet(int axis, int position, int tap)
    {
        var place = position * Stride[axis] + tap * KernelDilation[axis] - PadLow[axis];
        return place >= 0 && place % InputDilation[axis] == 0 && place / InputDilation[axis] < Input[axis] ? place / InputDilation[axis] : null;
    }

    /// <summary>How far into a plane of the output a position is.</summary>
    public long At(int[] position) => ((long)position[0] * Output[1] + position[1]) * Output[2] + position[2];

    private IEnumerable<ConvolutionAxis[]> Runs(int[] run, int[] runStep, int[] taps, int[] tapStep)
    {
        var axes = new ConvolutionAxis[3][];
        for (var axis = 0; axis < 3; axis++)
            axes[axis] = ConvolutionAxis.Split(run[axis], runStep[axis], taps[axis], tapStep[axis], PadLow[axis], InputDilation[axis]);
        foreach (var z in axes[0])
            foreach (var y in axes[1])
                foreach (var x in axes[2])
                    yield return [z, y, x];
    }

    private static int[] Pad(int[] values, int fill) => values.Length switch
    {
        1 => [fill, fill, values[0]],
        2 => [fill, values[0], values[1]],
        _ => values,
    };

    // From group to group, image to image and plane to plane of a dense tensor.
    private static (long Group, long Image, long Plane) Planes(ConvolutionGeometry geometry, int planes, int size)
    {
        var own = (long)(planes / geometry.Groups) * size;
        return geometry.Apart ? (geometry.Batch * own, own, size) : (own, (long)planes * size, size);
    }

    private static int Product(int[] sizes) => sizes.Aggregate(1, static (product, size) => checked(product * size));
}
