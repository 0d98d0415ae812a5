namespace Noether.Tests.Tensors;

[Parallelizable(ParallelScope.All)]
public sealed class MatMulPrecisionTests
{
    private static readonly Tensor One = Tensor.Ones([1, 1], device: Device.Host);

    [TestCase(MatMulPrecision.Tf32, 11)]
    [TestCase(MatMulPrecision.BFloat16, 8)]
    public void Operands_are_rounded_to_nearest_with_the_given_bits(MatMulPrecision precision, int bits)
    {
        var unit = MathF.Pow(2, 1 - bits); // between neighbours above 1
        foreach (var (value, expected) in ((float, float)[])[(1 + 0.4f * unit, 1), (1 + 0.6f * unit, 1 + unit), (-3 * (1 + unit), -3 * (1 + unit)), (1e-20f, 1e-20f)])
        {
            var actual = Tensor.From([value], [1, 1], Device.Host).MatMul(One, precision).Item<float>();
            Assert.That(actual, Is.EqualTo(expected).Within(expected == value ? Math.Abs(value) * unit / 2 : 0), $"{value}");
        }
    }

    [TestCase(MatMulPrecision.Tf32)]
    [TestCase(MatMulPrecision.BFloat16)]
    public void Extremes_stay_what_they_are(MatMulPrecision precision)
    {
        foreach (var value in (float[])[0, float.PositiveInfinity, float.NaN, 1e38f])
        {
            var actual = Tensor.From([value], [1, 1], Device.Host).MatMul(One, precision).Item<float>();
            Assert.That(actual, Is.EqualTo(value).Within(float.IsFinite(value) ? value / 256 : 0));
        }
    }

    [Test]
    public void The_highest_precision_is_the_plain_product_and_derivatives_pass()
    {
        var x = RandomKey.From(1, Device.Host).Normal([3, 4]);
        var y = RandomKey.From(2, Device.Host).Normal([4, 2]);
        Assert.That(x.MatMul(y, MatMulPrecision.Highest).ToArray<float>(), Is.EqualTo(x.MatMul(y).ToArray<float>()));
        var exact = Transform.Grad(v => v.MatMul(y).Sum())(x).ToArray<float>();
        foreach (var precision in (MatMulPrecision[])[MatMulPrecision.Tf32, MatMulPrecision.BFloat16])
        {
            var gradient = Transform.Grad(v => v.MatMul(y, precision).Sum())(x).ToArray<float>();
            Assert.That(gradient, Is.EqualTo(exact).Within(0.03)); // y is rounded too, by at most 2⁻⁹ of some 3
        }
    }

    [Test]
    public void Other_types_are_refused() =>
        Assert.That(() => One.To(DType.Float64).MatMul(One, MatMulPrecision.Tf32),
            Throws.TypeOf<DTypeException>().With.Message.Contains("MatMul").And.Message.Contains("float64[1, 1]"));
}
