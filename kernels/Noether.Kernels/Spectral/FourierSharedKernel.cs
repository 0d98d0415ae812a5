using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Spectral;

/// <summary>Transforms of any number of points between two halves of shared memory; meant for small prime factors.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TNumber">Its sizes.</typeparam>
/// <remarks>
/// Algorithm: Stockham's passes (<see cref="FourierButterfly{T}"/>): radices 8, 4, 2, then odd primes. A prime factor p above 7 costs p operations a point.
/// Layout:    as <see cref="FourierRegisterKernel{T, TNumber}"/>, without padding.
/// Limit:     bandwidth: one read and one write of the data.
/// Order:     fixed: equal bits on every run.
/// Reference: <see cref="FourierKernel{T, TNumber}.Reference"/>.
/// </remarks>
internal sealed class FourierSharedKernel<T, TNumber>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TNumber : struct, IFourierNumber
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, FourierStep, FourierConstants<T>> kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, FourierStep, FourierConstants<T>>(
            Kernel, Grids.Specialization(accelerator));

    /// <summary>Enqueues one step; <paramref name="roots"/> are those of its length.</summary>
    public void Launch(
        AcceleratorStream stream, ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, ArrayView<T> roots,
        in FourierSizes<T> sizes, in FourierStep step) =>
        kernel(
            stream, Grids.GroupEach(accelerator, (step.All(sizes) + step.Lines - 1) / step.Lines),
            re, im, outRe, outIm, table, roots, sizes, step, FourierConstants<T>.Values);

    private static void Kernel(
        ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, ArrayView<T> roots, FourierSizes<T> sizes,
        FourierStep step, FourierConstants<T> constants)
    {
        var lineRe = SharedMemory.Allocate<T>(2 * TNumber.Capacity);
        var lineIm = SharedMemory.Allocate<T>(2 * TNumber.Capacity);
        var length = step.Length;
        var all = step.All(sizes);
        var first = (long)Grid.IdxX * step.Lines;
        var here = first + step.Lines <= all ? step.Lines : (int)(all - first);

        // Neighbouring threads read neighbouring elements: along the line, or across lines where others lie between.
        var isAcross = step.IsAcross(sizes);
        for (var i = Group.IdxX; i < here * length; i += Group.DimX)
        {
            var line = isAcross ? i % here : i / length;
            var t = isAcross ? i / here : i - line * length;
            var place = FourierPlace.Of(first + line, sizes.Inner, step.Others);
            var x = FourierOperands<T>.Load(re, im, table, sizes, place.Start(sizes.Read, sizes.Inner), t * step.Others + place.Other);
            lineRe[line * length + t] = x.Re;
            lineIm[line * length + t] = x.Im;
        }

        Group.Barrier();
        var from = 0;
        var done = 1;
        while (done < length)
        {
            var radix = FourierButterfly<T>.Radix(length / done);
            var butterflies = length / radix;
            for (var i = Group.IdxX; i < here * butterflies; i += Group.DimX)
            {
                var line = i / butterflies;
                var j = i - line * butterflies;
                var block = j / done;
                var k = j - block * done;
                var butterfly = new FourierButterfly<T>
                {
                    Re = lineRe,
                    Im = lineIm,
                    Roots = roots,
                    From = from + line * length + j,
                    To = TNumber.Capacity - from + line * length + block * done * radix + k,
                    Step = butterflies,
                    Done = done,
                    Length = length,
                    Angle = butterflies / done * k,
                };
                butterfly.Run(radix, constants);
            }

            Group.Barrier();
            from = TNumber.Capacity - from;
            done *= radix;
        }

        var isTurned = step.Others > 1 && sizes.Inner == 1; // then results of a line are neighbours
        for (var i = Group.IdxX; i < here * length; i += Group.DimX)
        {
            var line = isAcross && !isTurned ? i % here : i / length;
            var t = isAcross && !isTurned ? i / here : i - line * length;
            var place = FourierPlace.Of(first + line, sizes.Inner, step.Others);
            var at = from + line * length;
            var x = new Pair<T> { Re = lineRe[at + t], Im = lineIm[at + t] };
            if (step.Others > 1)
            {
                x *= SplitRoots<T>.Of(table, sizes.Points / sizes.Length * place.Other * t, sizes.Points);
                var to = ((place.Outer * step.Others + place.Other) * length + t) * sizes.Inner + place.Inner;
                outRe[to] = x.Re;
                outIm[to] = x.Im;
            }
            else
            {
                var mirror = at + (t == 0 ? 0 : length - t);
                FourierOperands<T>.Store(
                    x, new() { Re = lineRe[mirror], Im = lineIm[mirror] }, outRe, outIm, table, sizes, place.Start(sizes.Written, sizes.Inner), t);
            }
        }
    }
}
