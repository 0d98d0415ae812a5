namespace Noether.Nn.Tests;

public class InitializerTests
{
    private static readonly RandomKey Key = RandomKey.From(9);

    // Fan-in 50·4, fan-out 100·4: 20,000 draws, whose sample deviation is within 5/√(2·20000) = 2.5 % (normal) for all but one seed in a million.
    private static readonly Shape Weight = [100, 50, 4];
    private const double Share = 0.025;

    public static IEnumerable<TestCaseData> Spreads()
    {
        yield return new TestCaseData(Initializer.Uniform(-2, 2), 2 / Math.Sqrt(3), 2.0).SetArgDisplayNames("Uniform");
        yield return new TestCaseData(Initializer.Normal(0, 3), 3.0, double.PositiveInfinity).SetArgDisplayNames("Normal");
        yield return new TestCaseData(Initializer.TruncatedNormal(0, 3), 3 * 0.87962566103423978, 6.0).SetArgDisplayNames("TruncatedNormal");
        yield return new TestCaseData(Initializer.XavierUniform(2), 2 * Math.Sqrt(2 / 600.0), 2 * Math.Sqrt(6 / 600.0)).SetArgDisplayNames("XavierUniform");
        yield return new TestCaseData(Initializer.XavierNormal(), Math.Sqrt(2 / 600.0), double.PositiveInfinity).SetArgDisplayNames("XavierNormal");
        yield return new TestCaseData(Initializer.HeUniform(), Math.Sqrt(2 / 200.0), Math.Sqrt(6 / 200.0)).SetArgDisplayNames("HeUniform");
        yield return new TestCaseData(Initializer.HeNormal(Fan.Out, 1), Math.Sqrt(1 / 400.0), double.PositiveInfinity).SetArgDisplayNames("HeNormal");
        yield return new TestCaseData(Initializer.FanIn, Math.Sqrt(1 / 600.0), 1 / Math.Sqrt(200)).SetArgDisplayNames("FanIn");
    }

    [TestCaseSource(nameof(Spreads))]
    public void Values_spread_as_said(Initializer initializer, double deviation, double bound)
    {
        var values = initializer.Draw(Key, Weight).ToArray<float>();
        Assert.That(Math.Sqrt(values.Average(v => (double)v * v)), Is.EqualTo(deviation).Within(Share * deviation));
        Assert.That(values.Average(), Is.Zero.Within(5 * deviation / Math.Sqrt(values.Length)));
        Assert.That(values.Max(Math.Abs), Is.LessThanOrEqualTo(bound * (1 + 1e-6))); // float32 rounding of the bound
    }

    [TestCase(6, 10)]
    [TestCase(10, 6)]
    [TestCase(8, 8)]
    public void Orthogonal_rows_or_columns_have_unit_products(int rows, int columns)
    {
        var w = Initializer.Orthogonal(2).Draw(Key, [rows, columns], DType.Float64);
        var products = (rows <= columns ? w.MatMul(w.Transpose()) : w.Transpose().MatMul(w)).ToArray<double>();
        var n = Math.Min(rows, columns);
        for (var i = 0; i < products.Length; i++) Assert.That(products[i], Is.EqualTo(i % n == i / n ? 4 : 0).Within(1e-13));
    }

    [Test]
    public void Constants_are_constant_and_types_are_kept()
    {
        Assert.That(Initializer.Constant(0.5).Draw(Key, [3], DType.Float64).ToArray<double>(), Is.All.EqualTo(0.5));
        Assert.That(Initializer.Zeros.Draw(Key, [2]).ToArray<float>(), Is.All.Zero);
        Assert.That(Initializer.Ones.Draw(Key, [2]).ToArray<float>(), Is.All.EqualTo(1));
        Assert.That(Initializer.HeNormal().Draw(Key, [2, 2], DType.Float64).DType, Is.EqualTo(DType.Float64));
        Assert.That(Initializer.HeNormal().ToString(), Is.EqualTo("HeNormal(In, 0)"));
    }

    [Test]
    public void Fans_and_orthogonality_need_a_matrix()
    {
        Assert.That(() => Initializer.XavierNormal().Draw(Key, [3]), Throws.TypeOf<ShapeException>().With.Message.Contains("[3]"));
        Assert.That(() => Initializer.Orthogonal().Draw(Key, [3]), Throws.TypeOf<ShapeException>().With.Message.Contains("[3]"));
    }
}
