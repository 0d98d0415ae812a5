using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Spectral;

/// <summary>What stands around transforms that pass through global memory as complex numbers [outer, m, inner]: making them, filtering, and taking the result.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>
/// Algorithm: <see cref="FourierChirpKernel{T, TNumber}"/>'s first and last steps and its product, an element a thread. With m = n there is no chirp.
/// Limit:     bandwidth: one read and one write.
/// Order:     elements are independent.
/// Reference: <see cref="FourierKernel{T, TNumber}.Reference"/>.
/// </remarks>
internal sealed class FourierScratchKernel<T>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, int>> load =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, int>(LoadKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, int>> filter =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, int>(FilterKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, int>> store =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, int>(StoreKernel, Grids.Specialization(accelerator)));

    /// <summary>Enqueues the operand times the chirp, with zeros behind.</summary>
    public void Load(
        AcceleratorStream stream, ArrayView<T> re, ArrayView<T> im, ArrayView<T> scratchRe, ArrayView<T> scratchIm, ArrayView<T> table, ArrayView<T> chirp,
        in FourierSizes<T> sizes, int padded) =>
        load.Value(stream, Grids.Over(accelerator, sizes.Lines * padded), re, im, scratchRe, scratchIm, table, chirp, sizes, padded);

    /// <summary>Enqueues the product of spectra, parts exchanged: a transform then leads back, but for one more exchange.</summary>
    public void Filter(AcceleratorStream stream, ArrayView<T> scratchRe, ArrayView<T> scratchIm, ArrayView<T> chirp, in FourierSizes<T> sizes, int padded) =>
        filter.Value(stream, Grids.Over(accelerator, sizes.Lines * padded), scratchRe, scratchIm, chirp, sizes, padded);

    /// <summary>Enqueues the result.</summary>
    public void Store(
        AcceleratorStream stream, ArrayView<T> scratchRe, ArrayView<T> scratchIm, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table,
        ArrayView<T> chirp, in FourierSizes<T> sizes, int padded) =>
        store.Value(stream, Grids.Over(accelerator, sizes.Lines * sizes.Length), scratchRe, scratchIm, outRe, outIm, table, chirp, sizes, padded);

    private static void LoadKernel(
        ArrayView<T> re, ArrayView<T> im, ArrayView<T> scratchRe, ArrayView<T> scratchIm, ArrayView<T> table, ArrayView<T> chirp, FourierSizes<T> sizes, int padded)
    {
        var index = Grids.Thread;
        if (index >= sizes.Lines * padded) return;
        var place = FourierPlace.Of(index, sizes.Inner, padded);
        var x = new Pair<T> { Re = T.Zero, Im = T.Zero };
        if (place.Other < sizes.Length)
            x = FourierOperands<T>.Load(re, im, table, sizes, place.Start(sizes.Read, sizes.Inner), place.Other)
                * FourierOperands<T>.Chirp(chirp, place.Other, sizes.Length);
        scratchRe[index] = x.Re;
        scratchIm[index] = x.Im;
    }

    private static void FilterKernel(ArrayView<T> scratchRe, ArrayView<T> scratchIm, ArrayView<T> chirp, FourierSizes<T> sizes, int padded)
    {
        var index = Grids.Thread;
        if (index >= sizes.Lines * padded) return;
        var k = 2L * sizes.Length + FourierPlace.Of(index, sizes.Inner, padded).Other;
        var x = new Pair<T> { Re = scratchRe[index], Im = scratchIm[index] } * new Pair<T> { Re = chirp[k], Im = chirp[k + padded] };
        scratchRe[index] = x.Im;
        scratchIm[index] = x.Re;
    }

    private static void StoreKernel(
        ArrayView<T> scratchRe, ArrayView<T> scratchIm, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, ArrayView<T> chirp, FourierSizes<T> sizes, int padded)
    {
        var length = sizes.Length;
        var index = Grids.Thread;
        if (index >= sizes.Lines * length) return;
        var place = FourierPlace.Of(index, sizes.Inner, length);
        var t = place.Other;
        var mirror = t == 0 ? 0 : length - t;
        long line = place.Start(padded, sizes.Inner), own = line + t * sizes.Inner, other = line + mirror * sizes.Inner;
        Pair<T> x = new() { Re = scratchRe[own], Im = scratchIm[own] }, y = new() { Re = scratchRe[other], Im = scratchIm[other] };
        if (padded != length)
        {
            x = Pair<T>.Exchange(x) * FourierOperands<T>.Chirp(chirp, t, length);
            y = Pair<T>.Exchange(y) * FourierOperands<T>.Chirp(chirp, mirror, length);
        }

        FourierOperands<T>.Store(x, y, outRe, outIm, table, sizes, place.Start(sizes.Written, sizes.Inner), t);
    }
}
