using System.Numerics;
using Noether.Kernels.Copies;
using Noether.Kernels.MatMul;
using Noether.Kernels.Spectral;

namespace Noether.Devices.Ilgpu;

/// <content>Spectral convolutions: transforms cut to few modes, as products with tables of waves, around a product for each mode.</content>
/// <remarks>
/// A spectrum is [images, 2, modes of all signs]: real parts, then imaginary parts; an axis but the last has its modes 0..m-1, then -m..-1. An axis is one
/// product, the last one first: rows of points by its table [n, 2m]; a leading one table [2·2m, 2n] by [points and parts, modes behind it]. The transposed
/// tables make points of modes.
/// </remarks>
internal sealed partial class IlgpuDevice
{
    internal override void SpectralConvolution(View x, ReadOnlySpan<View> weights, View y, bool adjoint)
    {
        if (y.Size == 0) return;
        if (x.Size == 0) Zero(y);
        else if (!HasTables(x.Shape[2..], weights[0].Shape[2..])) PerformOnHost(new Primitives.SpectralConvolution(adjoint), [x, .. weights], [y]);
        else if (y.Type == DType.Float32) SpectralConvolution<float>(x, weights, y, adjoint);
        else SpectralConvolution<double>(x, weights, y, adjoint);
    }

    internal override void SpectralOuter(View x, View g, ReadOnlySpan<View> weights)
    {
        if (weights[0].Size == 0) return;
        var modes = weights[0].Shape[2..];
        if (x.Size == 0)
            foreach (var part in weights) Zero(part);
        else if (!HasTables(x.Shape[2..], modes)) PerformOnHost(new Primitives.SpectralOuter(modes), [x, g], weights.ToArray());
        else if (x.Type == DType.Float32) SpectralOuter<float>(x, g, weights);
        else SpectralOuter<double>(x, g, weights);
    }

    // Tables beyond this are for whole transforms, not for a few modes.
    private static bool HasTables(Shape space, Shape modes)
    {
        const long Most = 1 << 24;
        for (var axis = 0; axis < modes.Rank; axis++)
            if (8L * space[axis] * modes[axis] > Most) return false;
        return true;
    }

    private void SpectralConvolution<T>(View x, ReadOnlySpan<View> weights, View y, bool adjoint)
        where T : unmanaged, INumber<T>
    {
        var modes = weights[0].Shape[2..];
        var temporary = new List<Storage>();
        var before = Analyse<T>(x, modes, weighted: adjoint, temporary);
        var after = NewView([y.Shape[0] * y.Shape[1], .. before.Shape.AsSpan()[1..]], y.Type);
        temporary.Add(after.Storage);
        var sizes = new ModeProductSizes { Rows = x.Shape[0], Inner = x.Shape[1], Columns = y.Shape[1], Modes = checked((int)modes.Size) };
        for (var block = 0; block < weights.Length / 2; block++)
        {
            var w = WeightsOf<T>(weights, block, adjoint);
            Mix(SpectrumOf<T>(before, x.Shape[1], block, modes), w, SpectrumOf<T>(after, y.Shape[1], block, modes), sizes);
        }

        Synthesise<T>(after, y, modes, weighted: !adjoint, temporary);
        Release(temporary);
    }

    private void SpectralOuter<T>(View x, View g, ReadOnlySpan<View> weights)
        where T : unmanaged, INumber<T>
    {
        var modes = weights[0].Shape[2..];
        var temporary = new List<Storage>();
        var left = Analyse<T>(x, modes, weighted: false, temporary);
        var right = Analyse<T>(g, modes, weighted: true, temporary);
        var sizes = new ModeProductSizes { Rows = x.Shape[1], Inner = x.Shape[0], Columns = g.Shape[1], Modes = checked((int)modes.Size) };
        for (var block = 0; block < weights.Length / 2; block++)
        {
            var conjugate = Transposed(SpectrumOf<T>(left, x.Shape[1], block, modes)) with { Sign = -T.One };
            Mix(conjugate, SpectrumOf<T>(right, g.Shape[1], block, modes), WeightsOf<T>(weights, block, adjoint: false), sizes);
        }

        Release(temporary);
    }

    private void Mix<T>(in ModeMatrix<T> a, in ModeMatrix<T> b, in ModeMatrix<T> c, in ModeProductSizes sizes)
        where T : unmanaged, INumber<T> =>
        Kernels.Get(static accelerator => new ModeProductKernel<T>(accelerator)).Launch(Stream, a, b, c, sizes);

    // From points [batch, channels, space…] to a spectrum.
    private View Analyse<T>(View x, Shape modes, bool weighted, List<Storage> temporary)
        where T : unmanaged, INumber<T>
    {
        var space = x.Shape[2..];
        int n = space[^1], m = modes[^1], outer = checked((int)(x.Size / n));
        var z = Temporary([outer, 2 * m], x.Type, temporary);
        var points = MatrixLayout.RowMajor(outer, n) with { Batch = IndexMap.Create([1], [0], x.Layout.Offset) };
        Multiply(Whole<T>(x), points, RealWaves<T>(space, m, weighted), MatrixLayout.RowMajor(n, 2 * m), z, ProductSizes.Of(outer, n, 2 * m), adds: false, temporary);
        var behind = m;
        for (var axis = modes.Rank - 2; axis >= 0; axis--)
        {
            var kept = 2 * modes[axis];
            n = space[axis];
            outer /= n;
            var next = Temporary([outer, 2 * kept, behind], x.Type, temporary);
            Multiply(
                ComplexWaves<T>(n, modes[axis]), Shared(2 * n, 1, outer), Whole<T>(z), After(z, 2 * n, behind, outer),
                next, ProductSizes.Of(2 * kept, 2 * n, behind, outer), adds: false, temporary);
            behind *= kept;
            z = next;
        }

        return new(z.Storage, Layout.Contiguous([outer, 2, behind]), z.Type);
    }

    // And back, by the transposed tables.
    private void Synthesise<T>(View spectrum, View y, Shape modes, bool weighted, List<Storage> temporary)
        where T : unmanaged, INumber<T>
    {
        var space = y.Shape[2..];
        var z = spectrum;
        int outer = spectrum.Shape[0], behind = spectrum.Shape[2], n;
        for (var axis = 0; axis < modes.Rank - 1; axis++)
        {
            var kept = 2 * modes[axis];
            n = space[axis];
            behind /= kept;
            var next = Temporary([outer, 2 * n, behind], y.Type, temporary);
            Multiply(
                ComplexWaves<T>(n, modes[axis]), Shared(1, 2 * n, outer), Whole<T>(z), After(z, 2 * kept, behind, outer),
                next, ProductSizes.Of(2 * n, 2 * kept, behind, outer), adds: false, temporary);
            outer = checked(outer * n);
            z = next;
        }

        n = space[^1];
        var transposed = MatrixLayout.RowMajor(2 * behind, n) with { RowStride = 1, ColumnStride = 2 * behind };
        Multiply(Whole<T>(z), After(z, outer, 2 * behind, 1), RealWaves<T>(space, behind, weighted), transposed, y, ProductSizes.Of(outer, 2 * behind, n), adds: false, temporary);
    }

    private View Temporary(Shape shape, DType type, List<Storage> temporary)
    {
        var view = NewView(shape, type);
        temporary.Add(view.Storage);
        return view;
    }

    private static MatrixLayout Shared(long rowStride, long columnStride, int batch) =>
        new() { Batch = IndexMap.Create([batch], [0]), RowStride = rowStride, ColumnStride = columnStride };

    private static MatrixLayout After(View view, int rows, int columns, int batch) =>
        MatrixLayout.RowMajor(rows, columns) with { Batch = IndexMap.Create([batch], [(long)rows * columns], view.Layout.Offset) };

    // A block of a spectrum [batch, channels, 2, modes]: rows are the batch, columns the channels.
    private static ModeMatrix<T> SpectrumOf<T>(View spectrum, int channels, int block, Shape modes)
        where T : unmanaged, INumber<T>
    {
        long start = 0, step = modes[^1];
        var strides = new long[modes.Rank];
        strides[^1] = 1;
        for (var axis = modes.Rank - 2; axis >= 0; axis--)
        {
            strides[axis] = step;
            if ((block >> axis & 1) != 0) start += step * modes[axis];
            step *= 2 * modes[axis];
        }

        var parts = Dense<T>(spectrum);
        return new()
        {
            Real = parts,
            Imaginary = parts.SubView(step, parts.Length - step),
            Modes = IndexMap.Create([.. modes], strides, start),
            RowStride = 2 * step * channels,
            ColumnStride = 2 * step,
            Sign = T.One,
        };
    }

    // [in, out] for each mode, or the conjugate transposed.
    private static ModeMatrix<T> WeightsOf<T>(ReadOnlySpan<View> weights, int block, bool adjoint)
        where T : unmanaged, INumber<T>
    {
        var shape = weights[0].Shape;
        var kept = shape[2..].Size;
        var matrix = new ModeMatrix<T>
        {
            Real = Dense<T>(weights[2 * block]),
            Imaginary = Dense<T>(weights[2 * block + 1]),
            Modes = IndexMap.Contiguous(),
            RowStride = shape[1] * kept,
            ColumnStride = kept,
            Sign = T.One,
        };
        return adjoint ? Transposed(matrix) with { Sign = -T.One } : matrix;
    }

    private static ModeMatrix<T> Transposed<T>(ModeMatrix<T> matrix)
        where T : unmanaged, INumber<T> => matrix with { RowStride = matrix.ColumnStride, ColumnStride = matrix.RowStride };
}
