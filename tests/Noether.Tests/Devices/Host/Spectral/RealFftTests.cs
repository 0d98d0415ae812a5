using System.Numerics;
using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class RealFftTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(1, 20), 27, 30, 36, 40, 101, 202, 256, 360, 512, 1024];

    [Test]
    public void Coefficients_are_those_of_the_complex_transform(
        [ValueSource(nameof(Lengths))] int n, [Values(1, 19)] int outer, [Values(1, 4, 70)] int inner)
    {
        Check<double>(n, outer, inner, 3e-15);
        Check<float>(n, outer, inner, 1.5e-6);
    }

    private static void Check<T>(int n, int outer, int inner, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var kept = n / 2 + 1;
        var count = (long)n * outer * inner;
        using var x = new Native<T>(count, new Random(n));
        using var re = new Native<T>((long)kept * outer * inner);
        using var im = new Native<T>((long)kept * outer * inner);
        using var fullRe = new Native<double>(count);
        using var fullIm = new Native<double>(count);
        for (var i = 0; i < count; i++)
            (fullRe[i], fullIm[i]) = (double.CreateChecked(x[i]), 0);
        Fft.Transform(fullRe.Pointer, fullIm.Pointer, fullRe.Pointer, fullIm.Pointer, n, outer, inner, inverse: false, 1);
        RealFft.Forward(x.Pointer, re.Pointer, im.Pointer, n, outer, inner, T.One);

        var worst = 0.0;
        for (var o = 0; o < outer; o++)
            for (var k = 0; k < kept; k++)
                for (var i = 0; i < inner; i++)
                {
                    var (at, from) = ((o * kept + k) * inner + i, (o * n + k) * inner + i);
                    worst = Math.Max(worst, Math.Abs(double.CreateChecked(re[at]) - fullRe[from]));
                    worst = Math.Max(worst, Math.Abs(double.CreateChecked(im[at]) - fullIm[from]));
                }

        // Relative to sqrt n, the size of a coefficient of n random terms.
        Assert.That(worst, Is.LessThanOrEqualTo(tolerance * Math.Sqrt(n)), $"{typeof(T).Name} forward");

        // What the inverse must ignore.
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < inner; i++)
            {
                im[o * kept * inner + i] = T.CreateChecked(5);
                if (n % 2 == 0)
                    im[(o * kept + n / 2) * inner + i] = T.CreateChecked(7);
            }

        using var back = new Native<T>(count);
        RealFft.Inverse(re.Pointer, im.Pointer, back.Pointer, n, outer, inner, T.One);
        worst = 0;
        for (var i = 0; i < count; i++)
            worst = Math.Max(worst, Math.Abs(double.CreateChecked(back[i]) / n - double.CreateChecked(x[i])));
        Assert.That(worst, Is.LessThanOrEqualTo(tolerance), $"{typeof(T).Name} inverse");
    }
}
