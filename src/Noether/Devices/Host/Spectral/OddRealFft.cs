using System.Collections.Concurrent;
using System.Numerics;
using Noether.Kernels.Spectral;

namespace Noether.Devices.Host;

/// <summary>How to transform an odd number n of real points, several sequences side by side: one of three ways, by the factors of n.</summary>
/// <remarks>
/// Small primes: <see cref="SmallRealFft{T}"/>, the definition. Larger ones: <see cref="RaderRealFft{T}"/>, a real convolution. Products:
/// <see cref="CompositeRealFft{T}"/>, which is made of a prime and of the rest.
/// Cost: half of a complex transform's, as for even n: no part computes a coefficient and its mirror image. Lanes never meet.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal abstract unsafe class OddRealFft<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly ConcurrentDictionary<int, OddRealFft<T>> Plans = new();

    /// <summary>Complex numbers that a sequence occupies at once while it is transformed.</summary>
    public abstract int Size { get; }

    /// <summary>The plan for n points, made at most once.</summary>
    public static OddRealFft<T> For(int n) => Plans.GetOrAdd(n, static n =>
    {
        var prime = LargestPrime(n);
        return prime < n ? new CompositeRealFft<T>(prime, n / prime) : n <= FourierTables.LargestPrime ? new SmallRealFft<T>(n) : new RaderRealFft<T>(n);
    });

    /// <summary>
    /// Coefficient k, 0 to n/2, of lane q, times <paramref name="scale"/>, goes to re, im[k · yPitch + q]; point t lies at x[t · xPitch + q]. No overlap.
    /// </summary>
    public abstract void Forward(T* x, long xPitch, T* re, T* im, long yPitch, int lanes, T scale);

    /// <summary>
    /// The way back, n times the inverse, times <paramref name="scale"/>: coefficients at re, im[k · xPitch + q], points to y[t · yPitch + q]. No overlap.
    /// The imaginary part of coefficient 0 is not read.
    /// </summary>
    public abstract void Inverse(T* re, T* im, long xPitch, T* y, long yPitch, int lanes, T scale);

    private static int LargestPrime(int n)
    {
        var largest = 1;
        for (var factor = 3; (long)factor * factor <= n; factor += 2)
            for (; n % factor == 0; n /= factor)
                largest = factor;
        return Math.Max(largest, n);
    }
}
