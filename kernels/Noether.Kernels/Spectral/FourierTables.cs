using System.Numerics;

namespace Noether.Kernels.Spectral;

/// <summary>Makes the tables that transforms read, in float64; each number is rounded once.</summary>
public static class FourierTables
{
    /// <summary>The least that passes in registers can do: fewer points leave threads that read single numbers far apart.</summary>
    public const int LeastInRegisters = 64;

    /// <summary>The length of the convolution by which a transform of <paramref name="points"/> is done: a power of two.</summary>
    public static int Padded(int points) =>
        Math.Max(LeastInRegisters, checked((int)BitOperations.RoundUpToPowerOf2(2 * (uint)points - 1)));

    /// <summary>A table for so many points.</summary>
    public static T[] Make<T>(FourierTable table, int points)
        where T : unmanaged, INumber<T> => Array.ConvertAll(
            table switch
            {
                FourierTable.Roots => Roots(points),
                FourierTable.Passes => Passes(points),
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
