using System.Numerics;
using ILGPU;
using Noether.Kernels.Spectral;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void FourierTransform(View re, View im, View outRe, View outIm, long outer, int n, long inner, bool inverse, double scale) =>
        Complex(re, im, outRe, outIm, outer, n, inner, inverse, scale);

    internal override void RealFourierTransform(View x, View outRe, View outIm, long outer, ReadOnlySpan<int> sizes, long inner, double scale)
    {
        Transform(x, x, outRe, outIm, outer * Product(sizes[..^1]), sizes[^1], inner, FourierKind.Real, scale);
        var behind = inner * (sizes[^1] / 2 + 1);
        for (var axis = sizes.Length - 2; axis >= 0; behind *= sizes[axis], axis--)
            Complex(outRe, outIm, outRe, outIm, outer * Product(sizes[..axis]), sizes[axis], behind, inverse: false, 1);
    }

    internal override void InverseRealFourierTransform(View re, View im, View y, long outer, ReadOnlySpan<int> sizes, long inner, double scale)
    {
        var temporary = new List<Storage>();
        if (sizes.Length > 1 && y.Size > 0)
        {
            View ownRe = NewView(re.Shape, re.Type), ownIm = NewView(im.Shape, im.Type);
            temporary.Add(ownRe.Storage);
            temporary.Add(ownIm.Storage);
            var behind = inner * (sizes[^1] / 2 + 1);
            for (var axis = sizes.Length - 2; axis >= 0; behind *= sizes[axis], axis--)
            {
                Complex(re, im, ownRe, ownIm, outer * Product(sizes[..axis]), sizes[axis], behind, inverse: true, 1);
                (re, im) = (ownRe, ownIm);
            }
        }

        Transform(re, im, y, y, outer * Product(sizes[..^1]), sizes[^1], inner, FourierKind.Hermitian, scale);
        Release(temporary);
    }

    // Parts exchanged on both sides make the inverse.
    private void Complex(View re, View im, View outRe, View outIm, long outer, int n, long inner, bool inverse, double scale)
    {
        if (inverse) Transform(im, re, outIm, outRe, outer, n, inner, FourierKind.Complex, scale);
        else Transform(re, im, outRe, outIm, outer, n, inner, FourierKind.Complex, scale);
    }

    private void Transform(View re, View im, View outRe, View outIm, long outer, int n, long inner, int kind, double scale)
    {
        if (outRe.Type == DType.Float32) Transform<float, FourierNumber32>(re, im, outRe, outIm, outer, n, inner, kind, scale);
        else Transform<double, FourierNumber64>(re, im, outRe, outIm, outer, n, inner, kind, scale);
    }

    private void Transform<T, TNumber>(View re, View im, View outRe, View outIm, long outer, int n, long inner, int kind, double scale)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IFourierNumber
    {
        if (outRe.Size == 0) return;
        var sizes = new FourierSizes<T> { Scale = T.CreateChecked(scale), Lines = outer * inner, Inner = inner, Points = n, Kind = kind };
        var kernel = Kernels.Get(static accelerator => new FourierKernel<T, TNumber>(accelerator));
        var elements = kernel.Scratch(sizes);
        Storage first = Scratch<T>(elements, out var scratchRe), second = Scratch<T>(elements, out var scratchIm);
        kernel.Launch(Stream, Dense<T>(re), Dense<T>(im), Dense<T>(outRe), Dense<T>(outIm), new FourierCache<T>(this), sizes, scratchRe, scratchIm);
        first.Release();
        second.Release();
    }

    private static long Product(ReadOnlySpan<int> sizes)
    {
        long product = 1;
        foreach (var size in sizes) product *= size;
        return product;
    }

    private sealed class FourierCache<T>(IlgpuDevice device) : IFourierTables<T>
        where T : unmanaged, INumber<T>
    {
        public ArrayView<T> Get(FourierTable table, int points) => device.Table((table, points, typeof(T)), () => FourierTables.Make<T>(table, points));

        public ArrayView<int> Order(int points) => device.Table((nameof(FourierTables.Order), points), () => FourierTables.Order(points));
    }
}
