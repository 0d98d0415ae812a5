using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Spectral;

namespace Noether.Kernels.Tests.Spectral;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class FourierKernelTests(string lane) : KernelFixture(lane)
{
    // Sums of n numbers in [-1, 1], each some log n roundings off: of sums that reach n, or √n where terms differ as here.
    private const double Tolerance32 = 2e-7;
    private const double Tolerance64 = 4e-16;

    // Outer, points, inner: every radix, mixed ones, primes, several lines a group, a last group that is not full.
    private static readonly int[][] Sizes =
        [[2, 1, 1], [1, 2, 3], [3, 4, 1], [2, 6, 2], [1, 16, 1], [1, 30, 2], [2, 35, 3], [1, 22, 2], [5, 48, 11], [3, 19, 1], [1, 38, 9]];

    // In registers: with a last pass of 4, 8, none and 2; half as many where points are real.
    private static readonly int[][] Powers = [[3, 64, 1], [1, 128, 9], [2, 256, 1], [1, 512, 2]];

    // Real points by a convolution in registers: rows, and across, with a last group that is not full.
    private static readonly int[][] Primes = [[5, 67, 1], [1, 131, 9]];

    [TestCaseSource(nameof(Sizes))]
    [TestCaseSource(nameof(Powers))]
    public void Complex_transforms_equal_the_definition(int outer, int n, int inner)
    {
        SkipOnProcessor(n);
        AssertComplex<float, FourierNumber32>(outer, n, inner, false, Tolerance32);
        AssertComplex<float, FourierNumber32>(outer, n, inner, true, Tolerance32);
        if (!IsProcessor) AssertComplex<double, FourierNumber64>(outer, n, inner, false, Tolerance64);
    }

    [TestCaseSource(nameof(Sizes))]
    [TestCaseSource(nameof(Powers))]
    [TestCaseSource(nameof(Primes))]
    public void Real_transforms_equal_the_definition(int outer, int n, int inner)
    {
        SkipOnProcessor(n);
        AssertReal<float, FourierNumber32>(outer, n, inner, Tolerance32);
        if (!IsProcessor) AssertReal<double, FourierNumber64>(outer, n, inner, Tolerance64);
    }

    [TestCaseSource(nameof(Sizes))]
    [TestCaseSource(nameof(Powers))]
    [TestCaseSource(nameof(Primes))]
    public void Inverse_real_transforms_equal_the_definition(int outer, int n, int inner)
    {
        SkipOnProcessor(n);
        AssertHermitian<float, FourierNumber32>(outer, n, inner, 2 * Tolerance32);
        if (!IsProcessor) AssertHermitian<double, FourierNumber64>(outer, n, inner, 2 * Tolerance64);
    }

    // By a convolution, and by the definition.
    [TestCase(19)]
    [TestCase(15)]
    public void A_line_does_not_depend_on_its_neighbours(int n)
    {
        const int Count = 3, Spoilt = 1;
        var kept = n / 2 + 1;
        double[] x = Values(Count * n, 6), spoilt = [.. x.Select((value, i) => i / n == Spoilt ? double.NaN : value)];
        var ((re, im), (otherRe, otherIm)) = (Forward(x), Forward(spoilt));
        var (y, otherY) = (Back(re, im), Back(otherRe, otherIm));
        for (var line = 0; line < Count; line++)
        {
            if (line == Spoilt)
            {
                Assert.That(Line(otherRe, line, kept, 0, 1), Is.All.NaN);
                continue;
            }

            Assert.That(Line(otherRe, line, kept, 0, 1), Is.EqualTo(Line(re, line, kept, 0, 1)));
            Assert.That(Line(otherIm, line, kept, 0, 1), Is.EqualTo(Line(im, line, kept, 0, 1)));
            Assert.That(Line(otherY, line, n, 0, 1), Is.EqualTo(Line(y, line, n, 0, 1)));
        }

        (double[] Re, double[] Im) Forward(double[] points) => Run<float, FourierNumber32>(points, null, Count, n, 1, FourierKind.Real, false);
        double[] Back(double[] partsRe, double[] partsIm) => Run<float, FourierNumber32>(partsRe, partsIm, Count, n, 1, FourierKind.Hermitian, true).Re;
    }

    // A group holds 64 numbers here, 16 across: lengths split once and twice, and convolutions of 256 points do.
    [TestCase(2, 90, 1)]
    [TestCase(1, 44, 3)]
    [TestCase(1, 300, 1)]
    [TestCase(2, 101, 1)]
    [TestCase(1, 82, 2)]
    public void Longer_lines_are_split(int outer, int n, int inner)
    {
        if (!IsSimulator) Assert.Ignore("lines that are long for real groups have a test of their own");
        AssertComplex<float, TinyMemory>(outer, n, inner, true, Tolerance32);
        AssertReal<float, TinyMemory>(outer, n, inner, Tolerance32);
        AssertHermitian<float, TinyMemory>(outer, n, inner, 2 * Tolerance32);
    }

    // Registers, both halves of a split line in them, a convolution that fills them, and one that goes beyond.
    [TestCase(4096)]
    [TestCase(8192)]
    [TestCase(1999)]
    [TestCase(2069)]
    public void Long_lines_equal_the_definition(int n)
    {
        if (IsSimulator) Assert.Ignore("long lines are for real groups");
        AssertComplex<float, FourierNumber32>(2, n, 1, false, Tolerance32);
        AssertReal<float, FourierNumber32>(1, n, 1, Tolerance32);
    }

    // A kernel of registers takes it half a minute to compile: one is enough, besides that of the longest lines.
    private void SkipOnProcessor(int n)
    {
        if (IsProcessor && n is (128 or 256 or 512)) Assert.Ignore("the simulator and the machine that executes PTX run these lengths");
    }

    private bool IsProcessor => Accelerator.AcceleratorType == AcceleratorType.OpenCL;

    private bool IsSimulator => Accelerator.AcceleratorType == AcceleratorType.CPU;

    private void AssertComplex<T, TNumber>(int outer, int n, int inner, bool inverse, double tolerance)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IFourierNumber
    {
        double[] re = Values(outer * n * inner, 1), im = Values(outer * n * inner, 2);
        var (outRe, outIm) = Run<T, TNumber>(re, im, outer, n, inner, FourierKind.Complex, inverse);
        foreach (var (o, i) in Lines(outer, inner))
            Close(Line(outRe, o, n, i, inner), Line(outIm, o, n, i, inner), Line(re, o, n, i, inner), Line(im, o, n, i, inner), inverse, tolerance);
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
            Close(Line(outRe, o, kept, i, inner), Line(outIm, o, kept, i, inner), Line(x, o, n, i, inner), new double[n], false, tolerance);
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

            Close(Line(y, o, n, i, inner), null, allRe, allIm, true, tolerance);
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
        };
        var count = outer * inner * (kind == FourierKind.Real ? n / 2 + 1 : n);
        var (x, outRe, outIm) = (Upload(Narrow<T>(re)), Allocate<T>(count), Allocate<T>(count));
        var kernel = Kernels.Get(static accelerator => new FourierKernel<T, TNumber>(accelerator));
        var scratch = kernel.Scratch(sizes);
        var other = im is null ? x : Upload(Narrow<T>(im));
        ArrayView<T> scratchRe = Allocate<T>(scratch), scratchIm = Allocate<T>(scratch);
        if (inverse && kind == FourierKind.Complex) kernel.Launch(Stream, other, x, outIm, outRe, new Tables<T>(this), sizes, scratchRe, scratchIm);
        else kernel.Launch(Stream, x, other, outRe, outIm, new Tables<T>(this), sizes, scratchRe, scratchIm);
        return (Array.ConvertAll(Download(outRe), double.CreateChecked), Array.ConvertAll(Download(outIm), double.CreateChecked));
    }

    // Half the sum, of long lines at some places only.
    private static void Close(double[] outRe, double[]? outIm, double[] re, double[] im, bool inverse, double tolerance)
    {
        var n = re.Length;
        var roots = Enumerable.Range(0, n).Select(k => UnitRoot.At(inverse ? k : -k + n, n)).ToArray();
        for (var k = 0; k < outRe.Length; k += n > 1000 ? 97 : 1)
        {
            double sumRe = 0, sumIm = 0;
            for (var t = 0; t < n; t++)
            {
                var (cosine, sine) = roots[(long)k * t % n];
                sumRe += re[t] * cosine - im[t] * sine;
                sumIm += re[t] * sine + im[t] * cosine;
            }

            var allowed = tolerance * Math.Max(1, Math.Log2(n)) * (Math.Sqrt(n) + Math.Abs(sumRe) + Math.Abs(sumIm));
            Assert.That(outRe[k], Is.EqualTo(sumRe / 2).Within(allowed), $"real part {k} of {n}");
            if (outIm is not null) Assert.That(outIm[k], Is.EqualTo(sumIm / 2).Within(allowed), $"imaginary part {k} of {n}");
        }
    }

    private static T[] Narrow<T>(double[] values)
        where T : unmanaged, INumber<T> => Array.ConvertAll(values, T.CreateChecked);

    private static IEnumerable<(int Outer, int Inner)> Lines(int outer, int inner) =>
        from o in Enumerable.Range(0, outer) from i in Enumerable.Range(0, inner) select (o, i);

    private static double[] Line(double[] x, int o, int n, int i, int inner) => [.. Enumerable.Range(0, n).Select(t => x[(o * n + t) * inner + i])];

    private static double[] Values(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => Math.Sin(i * 1.7 + seed))];

    public readonly struct TinyMemory : IFourierNumber
    {
        public static int Capacity => 64;

        public static int Registers => 64;

        public static int Padding => 5;
    }

    private sealed class Tables<T>(FourierKernelTests tests) : IFourierTables<T>
        where T : unmanaged, INumber<T>
    {
        public ArrayView<T> Get(FourierTable table, int points) => tests.Upload(FourierTables.Make<T>(table, points));

        public ArrayView<int> Order(int points) => tests.Upload(FourierTables.Order(points));
    }
}
