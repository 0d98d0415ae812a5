using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Spectral;

/// <summary>The two sides of a transform: how element t of a line is made from the input, and how the results become the output.</summary>
internal static class FourierOperands<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>e^(-2πi k/n), of a table of cosines and then sines of 2πk/n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Root(ArrayView<T> table, int k, int n) => new() { Re = table[k], Im = -table[k + n] };

    /// <summary>e^(-πi t²/n), of a <see cref="FourierTable.Chirp"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Chirp(ArrayView<T> chirp, int t, int n) => new() { Re = chirp[t], Im = chirp[t + n] };

    /// <summary>Element t of the transform that runs.</summary>
    /// <param name="re">Real parts of the operand.</param>
    /// <param name="im">Its imaginary parts.</param>
    /// <param name="table">Roots of unity, as many as points.</param>
    /// <param name="sizes">Which transform.</param>
    /// <param name="start">Where the line begins.</param>
    /// <param name="t">Which element.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Load(ArrayView<T> re, ArrayView<T> im, ArrayView<T> table, FourierSizes<T> sizes, long start, int t)
    {
        var n = sizes.Points;
        if (sizes.Kind == FourierKind.Complex) return At(re, im, start + t * sizes.Inner);
        if (sizes.Kind == FourierKind.Real)
            return sizes.IsHalved ? LoadReal(re, sizes, start, t) : new() { Re = re[start + t * sizes.Inner], Im = T.Zero };
        if (sizes.IsHalved) return LoadHermitian(re, im, table, sizes, start, t);

        var mirrored = t > n / 2;
        var y = At(re, im, start + (mirrored ? n - t : t) * sizes.Inner);
        if (t == 0) y.Im = T.Zero;
        return Pair<T>.Exchange(mirrored ? Pair<T>.Conjugate(y) : y);
    }

    /// <summary>Two real neighbours of an even number of points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> LoadReal(ArrayView<T> re, FourierSizes<T> sizes, long start, int t) =>
        new() { Re = re[start + 2L * t * sizes.Inner], Im = re[start + (2L * t + 1) * sizes.Inner] };

    /// <summary>Half of a spectrum, folded so that its transform has two real neighbours of an even number of points for parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> LoadHermitian(ArrayView<T> re, ArrayView<T> im, ArrayView<T> table, FourierSizes<T> sizes, long start, int t)
    {
        // The even points are the inverse transform of x + x', the odd ones that of (x - x')·e^(2πi t/n), with x' the conjugate of the mirror image.
        var n = sizes.Points;
        Pair<T> own = At(re, im, start + t * sizes.Inner), image = Pair<T>.Conjugate(At(re, im, start + (n / 2 - t) * sizes.Inner));
        if (t == 0)
        {
            own.Im = T.Zero;
            image.Im = T.Zero;
        }

        var odd = (own - image) * Pair<T>.Conjugate(Root(table, t, n));
        var even = own + image;
        return Pair<T>.Exchange(new() { Re = even.Re - odd.Im, Im = even.Im + odd.Re });
    }

    /// <summary>Writes what follows from result t of a line.</summary>
    /// <param name="x">The result.</param>
    /// <param name="mirror">Result n - t of the transform that runs; 0 for t = 0.</param>
    /// <param name="outRe">Real parts of the result.</param>
    /// <param name="outIm">Its imaginary parts.</param>
    /// <param name="table">Roots of unity, as many as points.</param>
    /// <param name="sizes">Which transform.</param>
    /// <param name="start">Where the line begins.</param>
    /// <param name="t">Which result.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(
        Pair<T> x, Pair<T> mirror, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, FourierSizes<T> sizes, long start, int t)
    {
        if (sizes.Kind == FourierKind.Complex)
            Put(outRe, outIm, start + t * sizes.Inner, x, sizes.Scale);
        else if (sizes.Kind == FourierKind.Hermitian && sizes.IsHalved)
            StorePair(x, outRe, sizes, start, t);
        else if (sizes.Kind == FourierKind.Hermitian)
            outRe[start + t * sizes.Inner] = x.Im * sizes.Scale;
        else if (sizes.IsHalved)
            StoreReal(x, mirror, outRe, outIm, table, sizes, start, t);
        else if (t <= sizes.Points / 2)
            Put(outRe, outIm, start + t * sizes.Inner, x, sizes.Scale);
    }

    /// <summary>Two real neighbours of an even number of points. Parts are still exchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePair(Pair<T> x, ArrayView<T> y, FourierSizes<T> sizes, long start, int t)
    {
        y[start + 2L * t * sizes.Inner] = x.Im * sizes.Scale;
        y[start + (2L * t + 1) * sizes.Inner] = x.Re * sizes.Scale;
    }

    /// <summary>The transforms of the even and of the odd points, taken apart: (x + x')/2 and (x - x')/2i; the scale has the halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreReal(
        Pair<T> x, Pair<T> mirror, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, FourierSizes<T> sizes, long start, int t)
    {
        var n = sizes.Points;
        var image = Pair<T>.Conjugate(mirror);
        Pair<T> even = x + image, odd = Pair<T>.Turn(x - image);
        var turned = odd * Root(table, t, n);
        Put(outRe, outIm, start + t * sizes.Inner, even + turned, sizes.Scale);
        if (t == 0) Put(outRe, outIm, start + n / 2 * sizes.Inner, even - odd, sizes.Scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Pair<T> At(ArrayView<T> re, ArrayView<T> im, long at) => new() { Re = re[at], Im = im[at] };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ArrayView<T> re, ArrayView<T> im, long at, Pair<T> x, T scale)
    {
        re[at] = x.Re * scale;
        im[at] = x.Im * scale;
    }
}
