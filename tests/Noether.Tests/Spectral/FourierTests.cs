using System.Numerics;
using static Noether.Transform;

namespace Noether.Tests.Spectral;

public class FourierTests
{
    private static readonly FourierNorm[] Norms = [FourierNorm.Backward, FourierNorm.Ortho, FourierNorm.Forward];

    // Some log n roundings of numbers of size up to n.
    private const double Tolerance = 1e-12;

    [Test]
    public void Fft_agrees_with_the_sum_that_defines_it([Values(1, 2, 3, 8, 15, 17, 32)] int n)
    {
        var x = Numbers(n, seed: n);
        Close(Fourier.Fft(ComplexTensor.From(x)), Direct(x, n, -1));
        Close(Fourier.InverseFft(ComplexTensor.From(x)), [.. Direct(x, n, 1).Select(z => z / n)]);
    }

    [Test]
    public void The_length_may_cut_or_fill_the_axis([Values(3, 5, 9)] int n)
    {
        var x = Numbers(5, seed: 1);
        Close(Fourier.Fft(ComplexTensor.From(x), n), Direct([.. Enumerable.Range(0, n).Select(i => i < 5 ? x[i] : 0)], n, -1));
    }

    [Test]
    public void Two_axes_are_transformed_one_after_the_other()
    {
        Shape shape = [3, 4, 2];
        var x = ComplexTensor.From(Numbers(24, seed: 2), shape);
        Close(Fourier.Fft2(x, axes: [0, 2]), Fourier.Fft(Fourier.Fft(x, axis: 0), axis: 2).ToArray());
        Close(Fourier.FftN(x), Fourier.Fft(Fourier.Fft2(x), axis: 0).ToArray());
        Close(Fourier.FftN(x, sizes: [5, 2]), Fourier.Fft(Fourier.Fft(x, 5, 1), 2, 2).ToArray());
    }

    [TestCaseSource(nameof(Norms))]
    public void Every_inverse_undoes_its_transform_under_every_norm(FourierNorm norm)
    {
        Shape shape = [2, 3, 5];
        var x = ComplexTensor.From(Numbers(30, seed: 3), shape);
        Close(Fourier.InverseFft(Fourier.Fft(x, norm: norm), norm: norm), x.ToArray());
        Close(Fourier.InverseFft2(Fourier.Fft2(x, norm: norm), norm: norm), x.ToArray());
        Close(Fourier.InverseFftN(Fourier.FftN(x, norm: norm), norm: norm), x.ToArray());
        Close(Fourier.InverseRealFft(Fourier.RealFft(x.Real, norm: norm), 5, norm: norm), x.Real);
        Close(Fourier.InverseRealFft2(Fourier.RealFft2(x.Real, norm: norm), [3, 5], norm: norm), x.Real);
        Close(Fourier.InverseRealFftN(Fourier.RealFftN(x.Real, axes: [2, 1], norm: norm), axes: [2, 1], sizes: [5, 3], norm: norm), x.Real);
    }

    [Test]
    public void Norms_place_the_factor_where_they_say()
    {
        var ones = ComplexTensor.From(Tensor.Ones([4], DType.Float64));
        Assert.That(Norms.Select(norm => Fourier.Fft(ones, norm: norm).Real.ToArray<double>()[0]), Is.EqualTo((double[])[4, 2, 1]).Within(Tolerance));
        Assert.That(Norms.Select(norm => Fourier.InverseFft(ones, norm: norm).Real.ToArray<double>()[0]), Is.EqualTo((double[])[1, 2, 4]).Within(Tolerance));
    }

    [FsCheck.NUnit.Property(MaxTest = 40, QuietOnSuccess = true)]
    public void Parseval_holds(ushort seed)
    {
        var n = seed % 50 + 1;
        var x = ComplexTensor.From(Numbers(n, seed));
        var energy = x.SquaredAbs().Sum().Item();
        Assert.That(Fourier.Fft(x, norm: FourierNorm.Ortho).SquaredAbs().Sum().Item(), Is.EqualTo(energy).Within(Tolerance * energy));
    }

    [FsCheck.NUnit.Property(MaxTest = 40, QuietOnSuccess = true)]
    public void A_shift_of_points_turns_the_coefficients(ushort seed, byte shift)
    {
        var n = seed % 50 + 1;
        var x = Numbers(n, seed);
        var shifted = ComplexTensor.From(x.Select((_, t) => x[(t + shift) % n]).ToArray());
        var turns = ComplexTensor.From(Enumerable.Range(0, n).Select(k => Complex.FromPolarCoordinates(1, 2 * Math.PI * ((long)k * shift % n) / n)).ToArray());
        Close(Fourier.Fft(shifted), (Fourier.Fft(ComplexTensor.From(x)) * turns).ToArray());
    }

    [FsCheck.NUnit.Property(MaxTest = 40, QuietOnSuccess = true)]
    public void The_transform_is_linear(ushort seed)
    {
        var n = seed % 50 + 1;
        ComplexTensor x = ComplexTensor.From(Numbers(n, seed)), y = ComplexTensor.From(Numbers(n, seed + 1));
        Close(Fourier.Fft(3 * x - y * x), (3 * Fourier.Fft(x) - Fourier.Fft(y * x)).ToArray());
    }

    [FsCheck.NUnit.Property(MaxTest = 40, QuietOnSuccess = true)]
    public void A_real_transform_is_half_of_the_complex_one(ushort seed)
    {
        var n = seed % 50 + 1;
        var x = ComplexTensor.From(Numbers(n, seed)).Real;
        Close(Fourier.RealFft(x), Fourier.Fft(x).Narrow(0, 0, n / 2 + 1).ToArray());
    }

    [Test]
    public void The_gradient_of_the_energy_of_the_spectrum_is_twice_the_points_times_n()
    {
        var x = ComplexTensor.From(Numbers(7, seed: 4));
        var gradient = Grad<ComplexTensor>(z => Fourier.Fft(z).SquaredAbs().Sum())(x);
        Close(gradient, (14 * x).ToArray());

        // Half of the spectrum counts the first coefficient whole and the others half.
        var mean = x.Real.Mean();
        Close(Grad(z => Fourier.RealFft(z, norm: FourierNorm.Ortho).SquaredAbs().Sum())(x.Real), x.Real + mean);
    }

    [Test]
    public void A_spectral_derivative_of_a_sine_is_its_cosine()
    {
        const int n = 24;
        var t = Tensor.Arange(n, DType.Float64) * (2 * Math.PI / n);
        var k = 2 * Math.PI * Fourier.RealFftFrequencies(n, 2 * Math.PI / n, DType.Float64);
        Close(Fourier.InverseRealFft(Fourier.RealFft((3 * t).Sin()).TimesI() * k, n), 3 * (3 * t).Cos());
    }

    [Test]
    public void Frequencies_are_numpys()
    {
        Assert.That(Fourier.FftFrequencies(5, 0.5).ToArray<double>(), Is.EqualTo((double[])[0, 0.4, 0.8, -0.8, -0.4]).Within(1e-7));
        Assert.That(Fourier.FftFrequencies(4).ToArray<double>(), Is.EqualTo((double[])[0, 0.25, -0.5, -0.25]));
        Assert.That(Fourier.RealFftFrequencies(5).ToArray<double>(), Is.EqualTo((double[])[0, 0.2, 0.4]).Within(1e-7));
    }

    [Test]
    public void Shifts_put_frequency_zero_in_the_middle_and_back([Values(1, 4, 5)] int n)
    {
        var x = Tensor.Arange(n * 3).Reshape(n, 3);
        var shifted = Fourier.FftShift(x, 0);
        Assert.That(shifted.ToArray<int>()[n / 2 * 3], Is.Zero);
        Assert.That(Fourier.InverseFftShift(Fourier.FftShift(x)).ToArray<int>(), Is.EqualTo(x.ToArray<int>()));
        Assert.That(Fourier.FftShift(Fourier.FftFrequencies(5)).ToArray<double>(), Is.EqualTo((double[])[-0.4, -0.2, 0, 0.2, 0.4]).Within(1e-7));
    }

    [Test]
    public void Mistakes_are_named()
    {
        var x = ComplexTensor.From(Tensor.Zeros([2, 3]));
        Assert.That(() => Fourier.Fft(x, 0), Throws.TypeOf<ShapeException>().With.Message.Contains("Fft: the length of a transform of [2, 3] is 0"));
        Assert.That(() => Fourier.Fft(x, axis: 2), Throws.TypeOf<AxisException>().With.Message.Contains("[2, 3]"));
        Assert.That(() => Fourier.RealFft(Tensor.Zeros([0])), Throws.TypeOf<ShapeException>());
        Assert.That(() => Fourier.FftN(x, [2], [0, 1]), Throws.TypeOf<ShapeException>().With.Message.Contains("1 sizes for 2 axes of [2, 3]"));
        Assert.That(() => Fourier.FftN(x, axes: [1, -1]), Throws.TypeOf<AxisException>().With.Message.Contains("twice"));
        Assert.That(() => Fourier.FftFrequencies(0), Throws.TypeOf<ShapeException>());
    }

    internal static Complex[] Numbers(int n, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => new Complex(2 * random.NextDouble() - 1, 2 * random.NextDouble() - 1))];
    }

    internal static void Close(ComplexTensor actual, Complex[] expected)
    {
        Assert.That(actual.Real.ToArray<double>(), Is.EqualTo(expected.Select(z => z.Real)).Within(Tolerance));
        Assert.That(actual.Imaginary.ToArray<double>(), Is.EqualTo(expected.Select(z => z.Imaginary)).Within(Tolerance));
    }

    private static void Close(Tensor actual, Tensor expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        Assert.That(actual.ToArray<double>(), Is.EqualTo(expected.ToArray<double>()).Within(Tolerance));
    }

    private static Complex[] Direct(Complex[] x, int n, int sign)
    {
        var y = new Complex[n];
        for (var k = 0; k < n; k++)
            for (var t = 0; t < n; t++)
                y[k] += x[t] * Complex.FromPolarCoordinates(1, sign * 2 * Math.PI * (k * t % n) / n);
        return y;
    }
}
