using System.Numerics;
using Noether.Kernels.Channels;
using Noether.Kernels.Copies;
using Noether.Kernels.MatMul;

namespace Noether.Devices.Ilgpu;

/// <content>Sums of matrices along both axes, and products of channels.</content>
internal sealed partial class IlgpuDevice
{
    internal override void AxisSums(View x, View rows, View columns)
    {
        if (x.Type == DType.Float32) AxisSums<float>(x, rows, columns);
        else AxisSums<double>(x, rows, columns);
    }

    internal override void ChannelMix(View w, View x, View rows, View columns, View y)
    {
        if (y.Size == 0) return;
        if (y.Type == DType.Float32) ChannelMix<float>(w, x, rows, columns, y);
        else ChannelMix<double>(w, x, rows, columns, y);
    }

    internal override void ChannelOuter(View g, View x, View w)
    {
        if (w.Size == 0) return;
        if (w.Type == DType.Float32) ChannelOuter<float>(g, x, w);
        else ChannelOuter<double>(g, x, w);
    }

    private void AxisSums<T>(View x, View rows, View columns)
        where T : unmanaged, INumber<T>
    {
        var sizes = AxisSumsSizes.Of(Accelerator, x.Layout.Offset, checked((int)x.Shape[..^2].Size), x.Shape[^2], x.Shape[^1]);
        var temporary = new List<Storage>();
        var rowParts = Partials(rows, sizes.Chunks, temporary);
        var columnParts = Partials(columns, sizes.Strips, temporary);
        Kernels.Get(static accelerator => new AxisSumsKernel<T>(accelerator)).Launch(Stream, Whole<T>(x), Dense<T>(rowParts), Dense<T>(columnParts), sizes);
        AddUp(rowParts, rows, sizes.Chunks);
        AddUp(columnParts, columns, sizes.Strips);
        Release(temporary);
    }

    private void ChannelMix<T>(View w, View x, View rows, View columns, View y)
        where T : unmanaged, INumber<T>
    {
        var sizes = SizesOf(w, x, rows, columns, y);
        var tile = ChoiceOf<T>(sizes.Product).Tile;
        ChannelMixKernels.Launch(Kernels, tile, Stream, Whole<T>(w), Whole<T>(x), Whole<T>(rows), Whole<T>(columns), Whole<T>(y), sizes);
    }

    private static ChannelMixSizes SizesOf(View w, View x, View rows, View columns, View y) => new()
    {
        WeightStart = w.Layout.Offset,
        InputStart = x.Layout.Offset,
        RowStart = rows.Layout.Offset,
        ColumnStart = columns.Layout.Offset,
        OutputStart = y.Layout.Offset,
        Batch = y.Shape[0],
        Inputs = w.Shape[1],
        Outputs = w.Shape[0],
        Rows = y.Shape[2],
        Columns = y.Shape[3],
    };

    // A product g xᵀ for each of the batch, positions in parts where there are few; then the sum of all.
    private void ChannelOuter<T>(View g, View x, View w)
        where T : unmanaged, INumber<T>
    {
        var points = checked(g.Shape[2] * g.Shape[3]);
        var sizes = ProductSizes.Of(g.Shape[1], points, x.Shape[1], g.Shape[0]);
        var choice = MatrixChoiceOf<T>(sizes);
        sizes.Chunk = choice.Chunk;
        var parts = sizes.Parts * sizes.Batch;
        var temporary = new List<Storage>();
        var products = Partials(w, parts, temporary);
        sizes.Start = products.Layout.Offset;
        var left = new MatrixLayout { Batch = IndexMap.Create([sizes.Batch], [(long)sizes.Rows * points], g.Layout.Offset), RowStride = points, ColumnStride = 1 };
        var right = new MatrixLayout { Batch = IndexMap.Create([sizes.Batch], [(long)sizes.Columns * points], x.Layout.Offset), RowStride = 1, ColumnStride = points };
        MatMulKernels.Launch(Kernels, choice.Tile, Stream, Whole<T>(g), left, Whole<T>(x), right, Whole<T>(products), sizes);
        AddUp(products, w, parts);
        Release(temporary);
    }
}
