using System.Numerics;
using Noether.Devices.Host;
using Noether.Kernels.Spectral;

namespace Noether.Tests.Devices.Host;

public unsafe class RealFftTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(1, 20), 27, 30, 36, 40, 49, 51, 81, 101, 105, 121, 202, 256, 323, 360, 509, 512, 999, 1024];

    // A small prime, its powers, mixed ones, large primes whose convolutions are and are not padded, alone and in products.
    private static readonly int[] OddLengths = [7, 25, 105, 127, 243, 323, 509, 333];

    [Test]
    public void Coefficients_are_those_of_the_complex_transform(
        [ValueSource(nameof(Lengths))] int n, [Values(1, 19)] int outer, [Values(1, 4, 70)] int inner)
    {
        Check<double>(n, outer, inner, 3e-15);
        Check<float>(n, outer, inner, 1.5e-6);
    }

    [TestCaseSource(nameof(OddLengths))]
    public void Odd_lengths_equal_the_definition(int n)
    {
        using var x = new Native<double>(n, new Random(n));
        using var re = new Native<double>(n / 2 + 1);
        using var im = new Native<double>(n / 2 + 1);
        RealFft.Forward(x.Pointer, re.Pointer, im.Pointer, n, 1, 1, 0.5);
        for (var k = 0; k <= n / 2; k++)
        {
            double expectedRe = 0, expectedIm = 0;
            for (var t = 0; t < n; t++)
            {
                var (c, s) = UnitRoot.At((long)k * t, n);
                expectedRe += x[t] * c / 2;
                expectedIm -= x[t] * s / 2;
            }

            // Sums of n terms one after the other: some √n roundings of values of √n.
            Assert.That(re[k], Is.EqualTo(expectedRe).Within(2e-16 * n), $"real part {k}");
            Assert.That(im[k], Is.EqualTo(expectedIm).Within(2e-16 * n), $"imaginary part {k}");
        }
    }

    [Test]
    public void A_sequence_does_not_depend_on_its_neighbours([ValueSource(nameof(OddLengths))] int n, [Values(1, 21)] int inner)
    {
        const int Spoilt = 3, Outer = 21;
        var (outer, kept) = (inner == 1 ? Outer : 1, n / 2 + 1);
        using var x = new Native<float>((long)n * Outer, new Random(n));
        using var re = new Native<float>((long)kept * Outer);
        using var im = new Native<float>((long)kept * Outer);
        using var back = new Native<float>((long)n * Outer);
        for (var t = 0; t < n; t++)
            x[inner == 1 ? Spoilt * n + t : t * inner + Spoilt] = float.NaN;
        RealFft.Forward(x.Pointer, re.Pointer, im.Pointer, n, outer, inner, 1);
        RealFft.Inverse(re.Pointer, im.Pointer, back.Pointer, n, outer, inner, 1);

        using var own = new Native<float>(n);
        using var ownRe = new Native<float>(kept);
        using var ownIm = new Native<float>(kept);
        for (var lane = 0; lane < Outer; lane++)
        {
            for (var t = 0; t < n; t++)
                own[t] = x[inner == 1 ? lane * n + t : t * inner + lane];
            RealFft.Forward(own.Pointer, ownRe.Pointer, ownIm.Pointer, n, 1, 1, 1);
            RealFft.Inverse(ownRe.Pointer, ownIm.Pointer, own.Pointer, n, 1, 1, 1);
            Assert.That(float.IsNaN(own[1]), Is.EqualTo(lane == Spoilt));
            for (var k = 0; k < kept; k++)
                Assert.That((re[At(lane, k, kept)], im[At(lane, k, kept)]), Is.EqualTo((ownRe[k], ownIm[k])), $"coefficient {k} of sequence {lane}");
            for (var t = 0; t < n; t++)
                Assert.That(back[At(lane, t, n)], Is.EqualTo(own[t]), $"point {t} of sequence {lane}");
        }

        int At(int lane, int row, int rows) => inner == 1 ? lane * rows + row : row * inner + lane;
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
