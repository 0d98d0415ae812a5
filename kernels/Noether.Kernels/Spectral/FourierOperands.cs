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

    /// <summary>Element t of a line of the transform that runs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Load(ArrayView<T> re, ArrayView<T> im, ArrayView<T> table, FourierSizes<T> sizes, long line, int t)
    {
        var n = sizes.Points;
        var kept = sizes.Kind == FourierKind.Hermitian ? n / 2 + 1 : n;
        var start = Start(line, sizes.Inner, kept);
        if (sizes.Kind == FourierKind.Complex)
        {
            var x = At(re, im, start + t * sizes.Inner);
            return sizes.Inverse != 0 ? Pair<T>.Exchange(x) : x;
        }

        if (sizes.Kind == FourierKind.Real)
        {
            return sizes.IsHalved
                ? new() { Re = re[start + 2L * t * sizes.Inner], Im = re[start + (2L * t + 1) * sizes.Inner] }
                : new() { Re = re[start + t * sizes.Inner], Im = T.Zero };
        }

        if (!sizes.IsHalved)
        {
            var mirrored = t > n / 2;
            var y = At(re, im, start + (mirrored ? n - t : t) * sizes.Inner);
            if (t == 0) y.Im = T.Zero;
            return Pair<T>.Exchange(mirrored ? Pair<T>.Conjugate(y) : y);
        }

        // The even points are the inverse transform of x + x', the odd ones that of (x - x')·e^(2πi t/n), with x' the conjugate of the mirror image.
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

    /// <summary>Writes what follows from result t of a line, which lies in (re, im) from <paramref name="from"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(
        ArrayView<T> re, ArrayView<T> im, long from, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, FourierSizes<T> sizes, long line, int t)
    {
        var n = sizes.Points;
        var x = At(re, im, from + t);
        if (sizes.Kind == FourierKind.Complex)
        {
            Put(outRe, outIm, Start(line, sizes.Inner, n) + t * sizes.Inner, sizes.Inverse != 0 ? Pair<T>.Exchange(x) : x, sizes.Scale);
            return;
        }

        if (sizes.Kind == FourierKind.Hermitian)
        {
            x = Pair<T>.Exchange(x);
            var at = Start(line, sizes.Inner, n);
            if (sizes.IsHalved)
            {
                outRe[at + 2L * t * sizes.Inner] = x.Re * sizes.Scale;
                outRe[at + (2L * t + 1) * sizes.Inner] = x.Im * sizes.Scale;
            }
            else
            {
                outRe[at + t * sizes.Inner] = x.Re * sizes.Scale;
            }

            return;
        }

        var start = Start(line, sizes.Inner, n / 2 + 1);
        if (!sizes.IsHalved)
        {
            if (t <= n / 2) Put(outRe, outIm, start + t * sizes.Inner, x, sizes.Scale);
            return;
        }

        // The transforms of the even and of the odd points, taken apart: (x + x')/2 and (x - x')/2i.
        var image = Pair<T>.Conjugate(At(re, im, from + (t == 0 ? 0 : n / 2 - t)));
        Pair<T> even = x + image, odd = Pair<T>.Turn(x - image);
        var turned = odd * Root(table, t, n);
        var half = sizes.Scale / (T.One + T.One);
        Put(outRe, outIm, start + t * sizes.Inner, even + turned, half);
        if (t == 0) Put(outRe, outIm, start + n / 2 * sizes.Inner, even - odd, half);
    }

    // Lines are numbered [outer, inner].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Start(long line, long inner, int size)
    {
        var outer = line / inner;
        return outer * size * inner + (line - outer * inner);
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
