using System.Collections.Concurrent;
using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Noether.Devices.Host;
using Noether.Kernels.Spectral;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    // Roots of unity by length and type; as long as a line each, kept as kernels are.
    private readonly ConcurrentDictionary<(int Points, DType Type), MemoryBuffer1D<byte, Stride1D.Dense>> roots = [];

    internal override void FourierTransform(View re, View im, View outRe, View outIm, long outer, int n, long inner, bool inverse, double scale) =>
        Transform(re, im, outRe, outIm, outer, n, inner, FourierKind.Complex, inverse, scale);

    internal override void RealFourierTransform(View x, View outRe, View outIm, long outer, ReadOnlySpan<int> sizes, long inner, double scale)
    {
        Transform(x, x, outRe, outIm, outer * Product(sizes[..^1]), sizes[^1], inner, FourierKind.Real, false, scale);
        var behind = inner * (sizes[^1] / 2 + 1);
        for (var axis = sizes.Length - 2; axis >= 0; behind *= sizes[axis], axis--)
            Transform(outRe, outIm, outRe, outIm, outer * Product(sizes[..axis]), sizes[axis], behind, FourierKind.Complex, false, 1);
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
                Transform(re, im, ownRe, ownIm, outer * Product(sizes[..axis]), sizes[axis], behind, FourierKind.Complex, true, 1);
                (re, im) = (ownRe, ownIm);
            }
        }

        Transform(re, im, y, y, outer * Product(sizes[..^1]), sizes[^1], inner, FourierKind.Hermitian, true, scale);
        Release(temporary);
    }

    private void Transform(View re, View im, View outRe, View outIm, long outer, int n, long inner, int kind, bool inverse, double scale)
    {
        if (outRe.Type == DType.Float32) Transform<float, FourierNumber32>(re, im, outRe, outIm, outer, n, inner, kind, inverse, scale);
        else Transform<double, FourierNumber64>(re, im, outRe, outIm, outer, n, inner, kind, inverse, scale);
    }

    private void Transform<T, TNumber>(View re, View im, View outRe, View outIm, long outer, int n, long inner, int kind, bool inverse, double scale)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IFourierNumber
    {
        if (outRe.Size == 0) return;
        var sizes = new FourierSizes<T>
        {
            Scale = T.CreateChecked(scale),
            Lines = outer * inner,
            Inner = inner,
            Points = n,
            Kind = kind,
            Inverse = inverse ? 1 : 0,
        };
        var elements = FourierKernel<T, TNumber>.Scratch(sizes);
        Storage first = Scratch<T>(elements, out var scratchRe), second = Scratch<T>(elements, out var scratchIm);
        Kernels.Get(static accelerator => new FourierKernel<T, TNumber>(accelerator)).Launch(
            Stream, Dense<T>(re), Dense<T>(im), Dense<T>(outRe), Dense<T>(outIm), Roots<T>(n, outRe.Type), sizes, scratchRe, scratchIm);
        first.Release();
        second.Release();
    }

    // Cosines, then sines, of 2πk/n.
    private ArrayView<T> Roots<T>(int n, DType type)
        where T : unmanaged, INumber<T> =>
        roots.GetOrAdd((n, type), _ =>
        {
            var values = new T[2 * n];
            for (var k = 0; k < n; k++)
            {
                var (cosine, sine) = UnitRoot.At(k, n);
                values[k] = T.CreateChecked(cosine);
                values[n + k] = T.CreateChecked(sine);
            }

            var buffer = Accelerator.Allocate1D<byte>(values.Length * (long)Interop.SizeOf<T>());
            buffer.View.BaseView.Cast<T>().CopyFromCPU(Stream, values);
            Stream.Synchronize();
            return buffer;
        }).View.BaseView.Cast<T>();

    private static long Product(ReadOnlySpan<int> sizes)
    {
        long product = 1;
        foreach (var size in sizes) product *= size;
        return product;
    }
}
