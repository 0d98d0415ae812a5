namespace Noether.Devices.Host;

/// <summary>For each position of a correlation's output, the elements of kernel and input that meet there; none of them lies in the padding.</summary>
/// <remarks>Both index sets appear whole, so it serves small planes; strides, dilations and crops are all in the table.</remarks>
internal sealed class ConvolutionPairs
{
    public ConvolutionPairs(ConvolutionShape shape)
    {
        List<int> taps = [], places = [];
        Starts = new int[shape.Pixels + 1];
        var position = 0;
        for (var z = 0; z < shape.Output[0]; z++)
            for (var y = 0; y < shape.Output[1]; y++)
                for (var x = 0; x < shape.Output[2]; x++)
                {
                    for (var tap = 0; tap < shape.KernelSize; tap++)
                    {
                        var (rest, tapX) = Math.DivRem(tap, shape.Kernel[2]);
                        var (tapZ, tapY) = Math.DivRem(rest, shape.Kernel[1]);
                        if (shape.Meet(0, z, tapZ) is not { } inZ || shape.Meet(1, y, tapY) is not { } inY || shape.Meet(2, x, tapX) is not { } inX)
                            continue;
                        taps.Add(tap);
                        places.Add((inZ * shape.Input[1] + inY) * shape.Input[2] + inX);
                    }

                    Starts[++position] = taps.Count;
                }

        (Taps, Places) = ([.. taps], [.. places]);
    }

    /// <summary>Where each position's pairs begin; one more than there are positions.</summary>
    public int[] Starts { get; }

    /// <summary>The kernel's elements.</summary>
    public int[] Taps { get; }

    /// <summary>The elements of a plane of the input that they meet.</summary>
    public int[] Places { get; }
}
