using System.Runtime.CompilerServices;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Convolutions;

/// <summary>A group's features [features, images and points] among images [batch, groups, features, points], or groups apart.</summary>
internal struct ImageOrder : IResultOrder
{
    private long start; // the number of the group's first element in the first image
    private long step; // from image to image
    private int points, rows, columns;

    public readonly int Run => points % 4 == 0 ? 4 : 1;

    public readonly int Rows => rows;

    public readonly int Columns => columns;

    public static ImageOrder Of(ConvolutionSizes sizes, int group)
    {
        var points = sizes.Output.Product;
        return new()
        {
            start = group * sizes.OutputGroupStride,
            step = sizes.OutputBatchStride,
            points = points,
            rows = sizes.Features,
            columns = sizes.Batch * points,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long At(int row, int column)
    {
        var image = column / points;
        return start + image * step + (long)row * points + (column - image * points);
    }
}
