using System.Numerics;
using Noether.Devices.Host;
using Noether.Kernels.Spectral;

namespace Noether.Tests.Devices.Host;

public unsafe class FftTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(1, 64), 77, 97, 100, 101, 143, 169, 360, 1000, 1009, 1024, 2018, 2187];

    [Test]
    public void Transforms_of_every_length_agree_with_the_definition([ValueSource(nameof(Lengths))] int n)
    {
        // The error grows with the number of passes, some log n roundings of random sign; Bluestein's goes through three longer transforms.
        Check<double>(n, 1, 1, 2e-15);
        Check<float>(n, 1, 1, 1e-6);
        if (n <= 128)
        {
            Check<double>(n, 11, 1, 2e-15);
            Check<float>(n, 21, 1, 1e-6);
        }
    }

    [Test]
    public void Any_axis_may_be_transformed([Values(2, 6, 7, 8, 12, 17, 30, 101)] int n, [Values(1, 3)] int outer, [Values(2, 5, 16, 70)] int inner)
    {
        Check<double>(n, outer, inner, 2e-15);
        Check<float>(n, outer, inner, 1e-6);
    }

    [Test]
    public void Parts_may_be_transformed_in_place([Values(1, 4, 7, 8, 30, 101)] int n, [Values(1, 20)] int outer, [Values(1, 6)] int inner)
    {
        var random = new Random(n);
        var count = (long)n * outer * inner;
        using var re = new Native<double>(count, random);
        using var im = new Native<double>(count, random);
        using var outRe = new Native<double>(count);
        using var outIm = new Native<double>(count);
        Fft.Transform(re.Pointer, im.Pointer, outRe.Pointer, outIm.Pointer, n, outer, inner, inverse: false, 1);
        Fft.Transform(re.Pointer, im.Pointer, re.Pointer, im.Pointer, n, outer, inner, inverse: false, 1);
        Assert.That(re.Span.SequenceEqual(outRe.Span) && im.Span.SequenceEqual(outIm.Span));
    }

    [Test]
    public void The_inverse_of_a_long_transform_restores_its_input([Values(1 << 16, 3 * 5 * 7 * 11 * 13, 65537)] int n)
    {
        using var re = new Native<double>(n, new Random(1));
        using var im = new Native<double>(n, new Random(2));
        using var outRe = new Native<double>(n);
        using var outIm = new Native<double>(n);
        Fft.Transform(re.Pointer, im.Pointer, outRe.Pointer, outIm.Pointer, n, 1, 1, inverse: false, 1);
        Fft.Transform(outRe.Pointer, outIm.Pointer, outRe.Pointer, outIm.Pointer, n, 1, 1, inverse: true, 1);
        for (var i = 0; i < n; i++)
            if (!(Math.Abs(outRe[i] / n - re[i]) < 3e-15 && Math.Abs(outIm[i] / n - im[i]) < 3e-15))
                Assert.Fail($"point {i}: {outRe[i] / n} for {re[i]}");
    }

    [Test]
    public void A_factor_multiplies_every_coefficient([Values(1, 2, 7, 17, 30, 256)] int n, [Values(1, 3, 20)] int outer, [Values(1, 6)] int inner)
    {
        var count = n * outer * inner;
        using var re = new Native<double>(count, new Random(1));
        using var im = new Native<double>(count, new Random(2));
        using var outRe = new Native<double>(count);
        using var outIm = new Native<double>(count);
        Fft.Transform(re.Pointer, im.Pointer, outRe.Pointer, outIm.Pointer, n, outer, inner, inverse: false, 1);
        Fft.Transform(re.Pointer, im.Pointer, re.Pointer, im.Pointer, n, outer, inner, inverse: false, 0.25);
        for (var i = 0; i < count; i++)
            Assert.That((re[i], im[i]), Is.EqualTo((outRe[i] / 4, outIm[i] / 4)));
    }

    [Test]
    public void Nothing_to_transform_is_fine()
    {
        using var x = new Native<float>(8, new Random(1));
        var before = x.Span.ToArray();
        Fft.Transform(x.Pointer, x.Pointer, x.Pointer, x.Pointer, 0, 3, 1, inverse: false, 1);
        Fft.Transform(x.Pointer, x.Pointer, x.Pointer, x.Pointer, 5, 0, 1, inverse: false, 1);
        Assert.That(x.Span.ToArray(), Is.EqualTo(before));
    }

    // Relative to the largest magnitude that n terms of magnitude 1 reach at random, sqrt n.
    private static void Check<T>(int n, int outer, int inner, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new Random(n);
        var count = (long)n * outer * inner;
        using var re = new Native<T>(count, random);
        using var im = new Native<T>(count, random);
        using var outRe = new Native<T>(count);
        using var outIm = new Native<T>(count);
        foreach (var inverse in (bool[])[false, true])
        {
            Fft.Transform(re.Pointer, im.Pointer, outRe.Pointer, outIm.Pointer, n, outer, inner, inverse, T.One);
            for (var o = 0; o < outer; o += Math.Max(1, outer - 1))
                for (var i = 0; i < inner; i += Math.Max(1, inner / 3))
                    for (var k = 0; k < n; k += n > 500 ? 7 : 1)
                    {
                        var sums = new Complex[32]; // apart, or the reference would be the less accurate of the two
                        for (var t = 0; t < n; t++)
                        {
                            var (c, s) = UnitRoot.At((long)k * t % n, n);
                            var at = ((long)o * n + t) * inner + i;
                            sums[t * 32 / n] += new Complex(double.CreateChecked(re[at]), double.CreateChecked(im[at])) * new Complex(c, inverse ? s : -s);
                        }

                        var to = ((long)o * n + k) * inner + i;
                        var error = Complex.Abs(sums.Aggregate(Complex.Add) - new Complex(double.CreateChecked(outRe[to]), double.CreateChecked(outIm[to])));
                        if (!(error <= tolerance * Math.Sqrt(n)))
                            Assert.Fail($"{typeof(T).Name} n = {n}, {outer} x {inner}, inverse {inverse}, at {k}: off by {error}");
                    }
        }
    }
}
