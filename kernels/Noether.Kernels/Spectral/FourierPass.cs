using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Spectral;

/// <summary>One pass of Stockham's algorithm, out of place and in order: butterflies over a factor of the length.</summary>
/// <remarks>
/// With L the product of the factors done and r the next one, butterfly j takes elements j + q·n/r, q below r, times e^(-2πi q (j mod L)/(L·r)), and
/// its results go to (j div L)·L·r + j mod L + p·L. Radix 4 and 2 are straight-line; other primes take r² steps from the table.
/// </remarks>
internal static class FourierPass<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>The factor that comes next: 4, 2, or the smallest odd prime of what is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Radix(int rest)
    {
        if (rest % 4 == 0) return 4;
        if (rest % 2 == 0) return 2;
        var factor = 3;
        while (factor * factor <= rest && rest % factor != 0) factor += 2;
        return factor * factor <= rest ? factor : rest;
    }

    /// <summary>Butterfly j of a line.</summary>
    /// <param name="re">Real parts.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="from">Where the line begins.</param>
    /// <param name="to">Where its results begin, in the same memory.</param>
    /// <param name="length">n.</param>
    /// <param name="radix">r.</param>
    /// <param name="done">L.</param>
    /// <param name="j">Which.</param>
    /// <param name="table">Roots of unity, <paramref name="points"/> of them, a multiple of the length.</param>
    /// <param name="points">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Butterfly(ArrayView<T> re, ArrayView<T> im, long from, long to, int length, int radix, int done, int j, ArrayView<T> table, int points)
    {
        var step = length / radix;
        var block = j / done;
        var k = j - block * done;
        var turn = points / (done * radix); // of the table, for one step of k
        from += j;
        to += (long)block * done * radix + k;
        if (radix == 4)
        {
            var x0 = At(re, im, from);
            var x1 = At(re, im, from + step) * FourierOperands<T>.Root(table, k * turn, points);
            var x2 = At(re, im, from + 2L * step) * FourierOperands<T>.Root(table, 2 * k * turn, points);
            var x3 = At(re, im, from + 3L * step) * FourierOperands<T>.Root(table, 3 * k * turn, points);
            Pair<T> sum = x0 + x2, difference = x0 - x2, others = x1 + x3, turned = Pair<T>.Turn(x1 - x3);
            Put(re, im, to, sum + others);
            Put(re, im, to + done, difference + turned);
            Put(re, im, to + 2L * done, sum - others);
            Put(re, im, to + 3L * done, difference - turned);
            return;
        }

        if (radix == 2)
        {
            var x0 = At(re, im, from);
            var x1 = At(re, im, from + step) * FourierOperands<T>.Root(table, k * turn, points);
            Put(re, im, to, x0 + x1);
            Put(re, im, to + done, x0 - x1);
            return;
        }

        for (var p = 0; p < radix; p++)
        {
            var angle = (k + p * done) * turn;
            var place = 0;
            var sum = At(re, im, from);
            for (var q = 1; q < radix; q++)
            {
                place += angle;
                if (place >= points) place -= points;
                sum += At(re, im, from + (long)q * step) * FourierOperands<T>.Root(table, place, points);
            }

            Put(re, im, to + (long)p * done, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Pair<T> At(ArrayView<T> re, ArrayView<T> im, long at) => new() { Re = re[at], Im = im[at] };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ArrayView<T> re, ArrayView<T> im, long at, Pair<T> x)
    {
        re[at] = x.Re;
        im[at] = x.Im;
    }
}
