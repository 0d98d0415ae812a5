using System.Numerics;

namespace Noether.Kernels.Spectral;

/// <summary>Makes the tables that transforms read, in float64; each number is rounded once.</summary>
public static class FourierTables
{
    /// <summary>The least that passes in registers can do: fewer points leave threads that read single numbers far apart.</summary>
    public const int LeastInRegisters = 64;

    /// <summary>The largest prime that has passes of its own.</summary>
    public const int LargestPrime = 13;

    /// <summary>The length of the convolution by which a transform of <paramref name="points"/> is done: a power of two.</summary>
    public static int Padded(int points) =>
        Math.Max(LeastInRegisters, checked((int)BitOperations.RoundUpToPowerOf2(2 * (uint)points - 1)));

    /// <summary>Whether passes alone transform so many points: no prime factor is larger than <see cref="LargestPrime"/>.</summary>
    public static bool IsSmooth(int points)
    {
        for (var factor = 2; factor <= LargestPrime; factor++)
            while (points % factor == 0) points /= factor;
        return points == 1;
    }

    /// <summary>The complex numbers, two real ones each, of the convolution by which a prime number of real points is transformed: a power of two.</summary>
    public static int PaddedPairs(int prime) =>
        Math.Max(LeastInRegisters, checked((int)BitOperations.RoundUpToPowerOf2((uint)prime - 1)));

    /// <summary>
    /// The powers g^p of a primitive root g of a prime number n, p below n - 1, and n in the rest of the numbers of <see cref="PaddedPairs"/>; then for k
    /// below n the q for which k = g^-q (0 for k = 0).
    /// </summary>
    public static int[] Order(int prime)
    {
        var length = 2 * PaddedPairs(prime);
        var values = new int[length + prime];
        Array.Fill(values, prime, 0, length);
        var powers = Powers(prime);
        powers.CopyTo(values, 0);
        for (var p = 1; p < powers.Length; p++) values[length + powers[p]] = powers.Length - p;
        return values;
    }

    /// <summary>A table for so many points.</summary>
    public static T[] Make<T>(FourierTable table, int points)
        where T : unmanaged, INumber<T> => Array.ConvertAll(
            table switch
            {
                FourierTable.Roots => Roots(points),
                FourierTable.Passes => Passes(points),
                FourierTable.Convolution => Convolution(points),
                _ => Chirp(points),
            },
            T.CreateChecked);

    private static double[] Roots(int n)
    {
        var values = new double[2L * n];
        for (var k = 0; k < n; k++) (values[k], values[n + k]) = UnitRoot.At(k, n);
        return values;
    }

    // Slot m of a pass of radix r after L points, with m = b + (16/r)·q, takes e^(-2πi q·j/(L·r)) of butterfly j: of radix 16 as [m, j mod L],
    // of the last, smaller one as [m, thread], for its j = thread + b·n/16 stay below L.
    private static double[] Passes(int n)
    {
        var count = n - 16;
        var values = new double[2 * count];
        int at = 0, done = 16;
        for (; done * 16 <= n; done *= 16)
            for (var m = 1; m < 16; m++)
                for (var k = 0; k < done; k++) Set((long)m * k, done * 16L);
        if (done == n) return values;

        var apart = 16 / (n / done);
        for (var m = apart; m < 16; m++)
            for (var thread = 0; thread < n / 16; thread++) Set((long)(m / apart) * (thread + m % apart * (n / 16)), n);
        return values;

        void Set(long k, long of)
        {
            var (cosine, sine) = UnitRoot.At(k, of);
            (values[at], values[count + at]) = (cosine, -sine);
            at++;
        }
    }

    private static double[] Chirp(int n)
    {
        var padded = Padded(n);
        var values = new double[2L * n + 2L * padded];
        double[] re = new double[padded], im = new double[padded];
        for (long t = 0; t < n; t++)
        {
            var (cosine, sine) = UnitRoot.At(t * t % (2L * n), 2L * n);
            (values[t], values[n + t]) = (cosine, -sine);
            re[t] = re[(padded - t) % padded] = cosine / padded; // the factor of the inverse transform
            im[t] = im[(padded - t) % padded] = sine / padded;
        }

        Transform(re, im);
        re.CopyTo(values, 2 * n);
        im.CopyTo(values, 2 * n + padded);
        return values;
    }

    // With F the spectrum of Re b + Im b, P and Q half the sum and half the difference of F[k] and F[k + m]: A = P - Q sin πk/m, B = i Q cos πk/m.
    private static double[] Convolution(int n)
    {
        var m = PaddedPairs(n);
        double[] re = new double[2 * m], im = new double[2 * m], values = new double[4 * m];
        var powers = Powers(n);
        for (var q = 0; q < powers.Length; q++)
        {
            var (cosine, sine) = UnitRoot.At(powers[(powers.Length - q) % powers.Length], n);
            re[q] = (cosine - sine) / m; // the factor of the inverse transform
            if (q > 0) re[2 * m - powers.Length + q] = re[q]; // what q - p below 0 reads
        }

        Transform(re, im);
        for (var k = 0; k < m; k++)
        {
            var (cosine, sine) = UnitRoot.At(k, 2L * m);
            var (p, pi, q, qi) = ((re[k] + re[k + m]) / 2, (im[k] + im[k + m]) / 2, (re[k] - re[k + m]) / 2, (im[k] - im[k + m]) / 2);
            (values[k], values[m + k]) = (p - q * sine, pi - qi * sine);
            (values[2 * m + k], values[3 * m + k]) = (-qi * cosine, q * cosine);
        }

        return values;
    }

    /// <summary>g^p for p below n - 1, g the least primitive root of a prime number n.</summary>
    public static int[] Powers(int n)
    {
        var powers = new int[n - 1];
        for (var root = 2; ; root++)
        {
            powers[0] = 1;
            var p = 1;
            for (; p < n - 1; p++)
            {
                powers[p] = (int)((long)powers[p - 1] * root % n);
                if (powers[p] == 1) break;
            }

            if (p == n - 1) return powers;
        }
    }

    // Cooley and Tukey's, in place, for powers of two.
    private static void Transform(double[] re, double[] im)
    {
        var n = re.Length;
        for (int i = 1, j = 0; i < n; i++)
        {
            var bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1) j ^= bit;
            j ^= bit;
            if (i >= j) continue;
            (re[i], re[j]) = (re[j], re[i]);
            (im[i], im[j]) = (im[j], im[i]);
        }

        for (var half = 1; half < n; half *= 2)
            for (var k = 0; k < half; k++)
            {
                var (cosine, sine) = UnitRoot.At(k, 2L * half);
                for (var i = k; i < n; i += 2 * half)
                {
                    var (re1, im1) = (re[i + half] * cosine + im[i + half] * sine, im[i + half] * cosine - re[i + half] * sine);
                    (re[i + half], im[i + half]) = (re[i] - re1, im[i] - im1);
                    (re[i], im[i]) = (re[i] + re1, im[i] + im1);
                }
            }
    }
}
