using System.Numerics;
using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class RealFftManyTests
{
    private static readonly int[][] Images = [[1, 1], [4, 6], [5, 7], [33, 18], [3, 4, 5], [2, 3, 1, 4], [64, 64]];

    [Test]
    public void Axes_together_are_axes_one_after_the_other([ValueSource(nameof(Images))] int[] sizes, [Values(1, 5)] int outer, [Values(1, 3)] int inner)
    {
        Check<double>(sizes, outer, inner, 1e-14);
        Check<float>(sizes, outer, inner, 4e-6);
    }

    private static void Check<T>(int[] sizes, int outer, int inner, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = sizes[^1], kept = n / 2 + 1, lines = sizes[..^1].Aggregate(1, (a, b) => a * b);
        int points = outer * lines * n * inner, coefficients = outer * lines * kept * inner;
        using var x = new Native<T>(points, new Random(4));
        using var re = new Native<T>(coefficients);
        using var im = new Native<T>(coefficients);
        using var expectedRe = new Native<T>(coefficients);
        using var expectedIm = new Native<T>(coefficients);
        RealFftMany.Forward(x.Pointer, re.Pointer, im.Pointer, outer, sizes, inner, T.One);
        RealFft.Forward(x.Pointer, expectedRe.Pointer, expectedIm.Pointer, n, outer * lines, inner, T.One);
        long before = outer, after = (long)lines * kept * inner;
        foreach (var size in sizes[..^1])
        {
            after /= size;
            Fft.Transform(expectedRe.Pointer, expectedIm.Pointer, expectedRe.Pointer, expectedIm.Pointer, size, before, after, inverse: false, T.One);
            before *= size;
        }

        // Relative to the square root of an image's points, the size of a coefficient.
        var scale = Math.Sqrt(lines * n);
        for (var i = 0; i < coefficients; i++)
        {
            Assert.That(double.CreateChecked(re[i] - expectedRe[i]) / scale, Is.Zero.Within(tolerance));
            Assert.That(double.CreateChecked(im[i] - expectedIm[i]) / scale, Is.Zero.Within(tolerance));
        }

        using var back = new Native<T>(points);
        RealFftMany.Inverse(re.Pointer, im.Pointer, back.Pointer, outer, sizes, inner, T.CreateChecked(1.0 / (lines * n)));
        for (var i = 0; i < points; i++)
            Assert.That(double.CreateChecked(back[i] - x[i]), Is.Zero.Within(tolerance));
    }
}
