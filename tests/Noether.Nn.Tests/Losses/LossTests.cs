using static Noether.Nn.Tests.Numbers;

namespace Noether.Nn.Tests;

public class LossTests
{
    // float64 against loops: a few ulp of sums near 1.
    private const double Tolerance = 1e-13;

    private static readonly double[] X = Values([6], 1, -3, 3).ToArray<double>();
    private static readonly double[] T = Values([6], 2, 0.05, 0.95).ToArray<double>();

    public static IEnumerable<TestCaseData> Elementwise()
    {
        yield return Case("MeanSquared", Loss.MeanSquared, (x, t) => (x - t) * (x - t));
        yield return Case("MeanAbsolute", Loss.MeanAbsolute, (x, t) => Math.Abs(x - t));
        yield return Case("Huber", (x, t, r) => Loss.Huber(x, t, 1.5, r), (x, t) => Math.Abs(x - t) < 1.5 ? (x - t) * (x - t) / 2 : 1.5 * (Math.Abs(x - t) - 0.75));
        yield return Case("SmoothAbsolute", (x, t, r) => Loss.SmoothAbsolute(x, t, 1.5, r), (x, t) => Math.Abs(x - t) < 1.5 ? (x - t) * (x - t) / 3 : Math.Abs(x - t) - 0.75);
        yield return Case("SmoothAbsolute with beta 0", (x, t, r) => Loss.SmoothAbsolute(x, t, 0, r), (x, t) => Math.Abs(x - t));
        yield return Case("BinaryCrossEntropy", (x, t, r) => Loss.BinaryCrossEntropy(x, t, null, r), (x, t) => -t * Math.Log(Sigmoid(x)) - (1 - t) * Math.Log(1 - Sigmoid(x)));
        yield return Case("BinaryCrossEntropy with a positive weight", (x, t, r) => Loss.BinaryCrossEntropy(x, t, Tensor.From(3.0), r), (x, t) =>
            -3 * t * Math.Log(Sigmoid(x)) - (1 - t) * Math.Log(1 - Sigmoid(x)));
        yield return Case("KullbackLeibler", (x, t, r) => Loss.KullbackLeibler(x, t, false, r), (x, t) => t * (Math.Log(t) - x));
        yield return Case("KullbackLeibler of logarithms", (x, t, r) => Loss.KullbackLeibler(x, t.Log(), true, r), (x, t) => t * (Math.Log(t) - x));
    }

    [TestCaseSource(nameof(Elementwise))]
    public void Elementwise_losses_agree_with_their_formula(Func<Tensor, Tensor, Reduction, Tensor> loss, Func<double, double, double> formula)
    {
        double[] expected = [.. X.Zip(T, formula)];
        Tensor x = Tensor.From(X, [2, 3]), t = Tensor.From(T, [2, 3]);
        Assert.That(loss(x, t, Reduction.None).ToArray<double>(), Is.EqualTo(expected).Within(Tolerance));
        Assert.That(loss(x, t, Reduction.Sum).Item(), Is.EqualTo(expected.Sum()).Within(Tolerance));
        Assert.That(loss(x, t, Reduction.Mean).Item(), Is.EqualTo(expected.Average()).Within(Tolerance));
        CheckGradient(p => loss(p["x"], t, Reduction.Mean), Parameters.Of(("x", x)));
        Assert.That(() => loss(x, Tensor.From(T), Reduction.Mean), Throws.TypeOf<ShapeException>().With.Message.Contains("[2, 3]").And.Message.Contains("[6]"));
        Assert.That(() => loss(Tensor.Arange(2), Tensor.Arange(2), Reduction.Mean), Throws.TypeOf<DTypeException>().With.Message.Contains("int32[2]"));
    }

    [Test]
    public void Binary_cross_entropy_is_exact_and_finite_for_huge_logits()
    {
        var x = Tensor.From([-1000f, 1000f, 1000f, -1000f]);
        var t = Tensor.From([0f, 1f, 0f, 1f]);
        Assert.That(Loss.BinaryCrossEntropy(x, t, null, Reduction.None).ToArray<float>(), Is.EqualTo([0f, 0, 1000, 1000]));
        Assert.That(Transform.Grad(y => Loss.BinaryCrossEntropy(y, t, null, Reduction.Sum))(x).ToArray<float>(), Is.EqualTo([0f, 0, 1, -1]));
    }

    [Test]
    public void Kullback_Leibler_counts_a_target_of_zero_as_zero()
    {
        var logs = Tensor.From([Math.Log(0.5), Math.Log(0.5)]);
        Assert.That(Loss.KullbackLeibler(logs, Tensor.From([0.0, 1]), reduction: Reduction.Sum).Item(), Is.EqualTo(Math.Log(2)).Within(Tolerance));
    }

    [Test]
    public void Widths_must_be_sensible()
    {
        var x = Tensor.Ones([2]);
        Assert.That(() => Loss.Huber(x, x, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Loss.SmoothAbsolute(x, x, -1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static TestCaseData Case(string name, Func<Tensor, Tensor, Reduction, Tensor> loss, Func<double, double, double> formula) =>
        new TestCaseData(loss, formula).SetArgDisplayNames(name);
}
