namespace Noether.Kernels.Spectral;

/// <summary>e^(2πi k/n) in float64, with symmetric roots symmetric to the last bit.</summary>
public static class UnitRoot
{
    /// <summary>(cos, sin) of 2π k/n for k in [0, n).</summary>
    /// <remarks>The angle is first brought into an eighth of the circle in exact integer arithmetic, so the error is that of one rounding.</remarks>
    public static (double Cosine, double Sine) At(long k, long n)
    {
        k %= n;
        if (2 * k > n)
        {
            var (c, s) = At(n - k, n);
            return (c, -s);
        }

        if (4 * k > n)
        {
            var (c, s) = Reduced(n - 2 * k, 2 * n); // π - angle
            return (-c, s);
        }

        return Reduced(k, n);
    }

    // 0 <= k/n <= 1/4.
    private static (double Cosine, double Sine) Reduced(long k, long n)
    {
        if (8 * k > n)
        {
            var (s, c) = Math.SinCos(Math.PI / 2 * (n - 4 * k) / n); // π/2 - angle
            return (s, c);
        }

        var (sine, cosine) = Math.SinCos(2 * Math.PI * k / n);
        return (cosine, sine);
    }
}
