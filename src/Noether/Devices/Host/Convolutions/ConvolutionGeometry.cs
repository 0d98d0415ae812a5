namespace Noether.Devices.Host;

/// <summary>
/// The sizes of a cross-correlation of [Batch, Channels, Input…] with [Outputs, Channels / Groups, Kernel…], or with the groups apart: of
/// [Groups, Batch, Channels / Groups, Input…] with [Groups, Outputs / Groups, Channels / Groups, Kernel…].
/// </summary>
/// <remarks>
/// Along each spatial axis the input is first spread by InputDilation (d - 1 zeros between neighbours), then padded with PadLow and PadHigh
/// zeros (negative: cropped); the kernel is spread by KernelDilation and moves by Stride. With these, both partial transposes of a
/// convolution are convolutions.
/// </remarks>
internal sealed record ConvolutionGeometry
{
    public required int Batch { get; init; }

    public required int Channels { get; init; }

    public required int Outputs { get; init; }

    public int Groups { get; init; } = 1;

    /// <summary>True if the groups are the first axis of input and output.</summary>
    public bool Apart { get; init; }

    /// <summary>Spatial sizes of the input, 1 to 3 of them.</summary>
    public required int[] Input { get; init; }

    public required int[] Kernel { get; init; }

    public required int[] Stride { get; init; }

    public required int[] PadLow { get; init; }

    public required int[] PadHigh { get; init; }

    public required int[] InputDilation { get; init; }

    public required int[] KernelDilation { get; init; }

    /// <summary>Elements between neighbouring groups, images and channels of the input; null: dense. Planes always are.</summary>
    public (long Group, long Image, long Channel)? InputStrides { get; init; }

    /// <summary>Elements between neighbouring groups, outputs and channels of the weight; null: dense.</summary>
    public (long Group, long Output, long Channel)? WeightStrides { get; init; }

    /// <summary>Spatial sizes of the output.</summary>
    public int[] Output
    {
        get
        {
            var sizes = new int[Input.Length];
            for (var axis = 0; axis < sizes.Length; axis++)
                sizes[axis] = OutputSize(
                    Input[axis], Kernel[axis], Stride[axis], PadLow[axis], PadHigh[axis], InputDilation[axis], KernelDilation[axis]);
            return sizes;
        }
    }

    /// <summary>Positions of the kernel along one axis; 0 where it does not fit.</summary>
    public static int OutputSize(int input, int kernel, int stride, int padLow, int padHigh, int inputDilation, int kernelDilation)
    {
        var spread = input == 0 ? 0 : (input - 1L) * inputDilation + 1;
        var room = spread + padLow + padHigh - (kernel == 0 ? 0 : (kernel - 1L) * kernelDilation + 1);
        return room < 0 ? 0 : checked((int)(room / stride + 1));
    }
}
