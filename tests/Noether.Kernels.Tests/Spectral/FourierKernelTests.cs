using System.Numerics;
using Noether.Kernels.Spectral;

namespace Noether.Kernels.Tests.Spectral;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class FourierKernelTests(string lane) : KernelFixture(lane)
{
    // Sums of n numbers in [-1, 1]: an error of some u·√n·log n, for a prime u·n; n < 100 here.
    private const double Tolerance32 = 2e-5;
    private const double Tolerance64 = 1e-13;

    // Outer, points, inner: every radix, mixed ones, a prime, several lines a group, a last group that is not full.
    private static readonly int[][] Sizes = [[2, 1, 1], [1, 2, 3], [3, 4, 1], [2, 6, 2], [1, 8, 1], [1, 30, 2], [9, 64, 1], [2, 35, 3], [1, 37, 2], [5, 48, 11]];

    [TestCaseSource(nameof(Sizes))]
    public void Complex_transforms_equal_the_definition(int outer, int n, int inner)
    {
        AssertComplex<float, FourierNumber32>(outer, n, inner, false, Tolerance32);
        AssertComplex<float, FourierNumber32>(outer, n, inner, true, Tolerance32);
        AssertComplex<double, FourierNumber64>(outer, n, inner, false, Tolerance64);
    }

    [TestCaseSource(nameof(Sizes))]
    public void Real_transforms_equal_the_definition(int outer, int n, int inner)
    {
        AssertReal<float, FourierNumber32>(outer, n, inner, Tolerance32);
        AssertReal<double, FourierNumber64>(outer, n, inner, Tolerance64);
    }

    [TestCaseSource(nameof(Sizes))]
    public void Inverse_real_transforms_equal_the_definition(int outer, int n, int inner)
    {
        AssertHermitian<float, FourierNumber32>(outer, n, inner, 2 * Tolerance32);
        AssertHermitian<double, FourierNumber64>(outer, n, inner, 2 * Tolerance64);
    }

    // Four numbers fill this shared memory, so that each factor is a pass over global memory.
    [TestCase(2, 30, 3)]
    [TestCase(1, 64, 1)]
    public void Longer_lines_pass_through_global_memory(int outer, int n, int inner)
    {
        AssertComplex<float, TinyMemory>(outer, n, inner, true, Tolerance32);
        AssertReal<float, TinyMemory>(outer, n, inner, Tolerance32);
        AssertHermitian<float, TinyMemory>(outer, n, inner, 2 * Tolerance32);
    }

    private void AssertComplex<T, TNumber>(int outer, int n, int inner, bool inverse, double tolerance)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IFourierNumber
    {
        double[] re = Values(outer * n * inner, 1), im = Values(outer * n * inner, 2);
        var (outRe, outIm) = Run<T, TNumber>(re, im, outer, n, inner, FourierKind.Complex, inverse);
        foreach (var (o, i) in Lines(outer, inner))
        {
            var expected = FourierKernel<T, TNumber>.Reference(Line(re, o, n, i, inner), Line(im, o, n, i, inner), inverse);
            Assert.That(Line(outRe, o, n, i, inner), Is.EqualTo(expected.Re.Select(x => x / 2)).Within(tolerance));
            Assert.That(Line(outIm, o, n, i, inner), Is.EqualTo(expected.Im.Select(x => x / 2)).Within(tolerance));
        }
    }

    private void AssertReal<T, TNumber>(int outer, int n, int inner, double tolerance)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IFourierNumber
    {
        var x = Values(outer * n * inner, 3);
        var (outRe, outIm) = Run<T, TNumber>(x, null, outer, n, inner, FourierKind.Real, false);
        foreach (var (o, i) in Lines(outer, inner))
        {
            var kept = n / 2 + 1;
            var expected = FourierKernel<T, TNumber>.Reference(Line(x, o, n, i, inner), new double[n], false);
            Assert.That(Line(outRe, o, kept, i, inner), Is.EqualTo(expected.Re.Take(kept).Select(x => x / 2)).Within(tolerance));
            Assert.That(Line(outIm, o, kept, i, inner), Is.EqualTo(expected.Im.Take(kept).Select(x => x / 2)).Within(tolerance));
        }
    }

    private void AssertHermitian<T, TNumber>(int outer, int n, int inner, double tolerance)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IFourierNumber
    {
        var kept = n / 2 + 1;
        double[] re = Values(outer * kept * inner, 4), im = Values(outer * kept * inner, 5);
        var (y, _) = Run<T, TNumber>(re, im, outer, n, inner, FourierKind.Hermitian, true);
        foreach (var (o, i) in Lines(outer, inner))
        {
            double[] ownRe = Line(re, o, kept, i, inner), ownIm = Line(im, o, kept, i, inner), allRe = new double[n], allIm = new double[n];
            for (var k = 0; k < n; k++)
            {
                var isImage = k >= kept;
                var isOwnImage = k == 0 || 2 * k == n;
                allRe[k] = ownRe[isImage ? n - k : k];
                allIm[k] = isOwnImage ? 0 : isImage ? -ownIm[n - k] : ownIm[k];
            }

            var expected = FourierKernel<T, TNumber>.Reference(allRe, allIm, true);
            Assert.That(Line(y, o, n, i, inner), Is.EqualTo(expected.Re.Select(x => x / 2)).Within(tolerance));
        }
    }

    private (double[] Re, double[] Im) Run<T, TNumber>(double[] re, double[]? im, int outer, int n, int inner, int kind, bool inverse)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IFourierNumber
    {
        var sizes = new FourierSizes<T>
        {
            Scale = T.CreateChecked(0.5),
            Lines = outer * inner,
            Inner = inner,
            Points = n,
            Kind = kind,
            Inverse = inverse ? 1 : 0,
        };
        var count = outer * inner * (kind == FourierKind.Real ? n / 2 + 1 : n);
        var angles = Enumerable.Range(0, n).Select(k => 2 * Math.PI * k / n).ToArray();
        var table = Narrow<T>([.. angles.Select(Math.Cos), .. angles.Select(Math.Sin)]);
        var (x, outRe, outIm) = (Upload(Narrow<T>(re)), Allocate<T>(count), Allocate<T>(count));
        var scratch = FourierKernel<T, TNumber>.Scratch(sizes);
        new FourierKernel<T, TNumber>(Accelerator).Launch(
            Stream, x, im is null ? x : Upload(Narrow<T>(im)), outRe, outIm, Upload(table), sizes, Allocate<T>(scratch), Allocate<T>(scratch));
        return (Array.ConvertAll(Download(outRe), double.CreateChecked), Array.ConvertAll(Download(outIm), double.CreateChecked));
    }

    private static T[] Narrow<T>(double[] values)
        where T : unmanaged, INumber<T> => Array.ConvertAll(values, T.CreateChecked);

    private static IEnumerable<(int Outer, int Inner)> Lines(int outer, int inner) =>
        from o in Enumerable.Range(0, outer) from i in Enumerable.Range(0, inner) select (o, i);

    private static double[] Line(double[] x, int o, int n, int i, int inner) => [.. Enumerable.Range(0, n).Select(t => x[(o * n + t) * inner + i])];

    private static double[] Values(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => Math.Sin(i * 1.7 + seed))];

    public readonly struct TinyMemory : IFourierNumber
    {
        public static int Capacity => 4;
    }
}
