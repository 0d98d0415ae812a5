using static Noether.Tests.Tensors.IndexingTests;
using static Noether.Transform;

namespace Noether.Tests.Tensors;

[Parallelizable(ParallelScope.All)]
public sealed class ReductionTests
{
    private static readonly double[] Values = [.. Enumerable.Range(0, 24).Select(i => Math.Sin(7 * i) * 3)];
    private static readonly Tensor X = Tensor.From(Values, [2, 3, 4]);

    private static readonly int[][] Axes = [[], [0], [1], [-1], [0, 1], [1, 2], [2, 0], [0, 1, 2]];

    [TestCaseSource(nameof(Axes))]
    public void Every_reduction_over_axes_equals_its_loop(params int[] axes)
    {
        Check(X.Sum(axes), axes, v => v.Sum());
        Check(X.Prod(axes), axes, v => v.Aggregate(1.0, (a, b) => a * b));
        Check(X.Mean(axes), axes, v => v.Average());
        Check(X.Max(axes), axes, v => v.Max());
        Check(X.Min(axes), axes, v => v.Min());
        Check(X.Var(axes, correction: 0), axes, v => Variance(v, 0));
        Check(X.Norm(axes), axes, v => Math.Sqrt(v.Sum(a => a * a)));
        Check(X.Norm(axes, 1), axes, v => v.Sum(Math.Abs));
        Check(X.Norm(axes, 3), axes, v => Math.Pow(v.Sum(a => Math.Pow(Math.Abs(a), 3)), 1 / 3.0));
        Check(X.Norm(axes, -2), axes, v => v.Contains(0) ? 0 : Math.Pow(v.Sum(a => Math.Pow(Math.Abs(a), -2)), -0.5));
        Check(X.Norm(axes, double.PositiveInfinity), axes, v => v.Max(Math.Abs));
        Check(X.Norm(axes, double.NegativeInfinity), axes, v => v.Min(Math.Abs));
        Check(X.Norm(axes, 0), axes, v => v.Count(a => a != 0));
        Check(X.LogSumExp(axes), axes, v => Math.Log(v.Sum(Math.Exp)));
        Check((X > 2).Any(axes), axes, v => v.Any(a => a > 2) ? 1 : 0);
        Check((X > -2).All(axes), axes, v => v.All(a => a > -2) ? 1 : 0);
        Assert.That(X.LogSumExp(axes, keepAxes: true).Shape, Is.EqualTo(X.Sum(axes, keepAxes: true).Shape));
        Assert.That(X.Max(axes, keepAxes: true).Shape, Is.EqualTo(X.Sum(axes, keepAxes: true).Shape));
    }

    [Test]
    public void Variance_is_unbiased_by_default_and_exact_far_from_zero()
    {
        Assert.That(X.Var().Item(), Is.EqualTo(Variance(Values, 1)).Within(1e-12));
        Assert.That(X.Std().Item(), Is.EqualTo(Math.Sqrt(Variance(Values, 1))).Within(1e-12));
        Assert.That((Tensor.From([1f, 2, 3, 4]) + 1e6f).Var().Item(), Is.EqualTo(5.0 / 3).Within(1e-6)); // the values are exact in float32
        Assert.That(Tensor.From([1.0]).Var().Item(), Is.NaN);
    }

    [Test]
    public void Integers_and_truth_values_reduce_in_int64()
    {
        var x = Tensor.From([100_000, 100_000, 100_000]);
        Assert.That(x.Prod().DType, Is.EqualTo(DType.Int64));
        Assert.That(x.Prod().Item<long>(), Is.EqualTo(1_000_000_000_000_000));
        Assert.That(Tensor.From([true, true]).Sum().Item<long>(), Is.EqualTo(2));
        Assert.That(Tensor.From([0, 3, 0]).CountNonzero().Item<long>(), Is.EqualTo(1));
        Assert.That(Tensor.From([true, false]).Max().DType, Is.EqualTo(DType.Bool));
        Assert.That(Tensor.From([1, 2]).Any().Item<bool>(), Is.True);
    }

    [Test]
    public void Reductions_of_nothing_give_their_neutral_element_or_refuse()
    {
        var none = Tensor.Zeros([2, 0]);
        Expect(none.Prod(1), [2], [1, 1]);
        Expect(none.All(1), [2], [1, 1]);
        Expect(none.Any(1), [2], [0, 0]);
        Expect(none.LogSumExp(1), [2], [double.NegativeInfinity, double.NegativeInfinity]);
        Expect(none.Softmax(1), [2, 0], []);
        Assert.That(() => none.Max(1), Throws.TypeOf<ShapeException>().With.Message.Contains("Max").And.Message.Contains("[2, 0]"));
        Assert.That(() => none.Min(), Throws.TypeOf<ShapeException>().With.Message.Contains("Min"));
    }

    [Test]
    public void Products_through_zeros_have_exact_derivatives_of_every_order()
    {
        var x = Tensor.From([2.0, 0, 3, 0]);
        Expect(Grad((Tensor v) => v.Prod())(Tensor.From([2.0, 0, 3])), [3], [0, 6, 0]);
        Expect(Grad((Tensor v) => v.Prod())(x), [4], [0, 0, 0, 0]);
        var hessian = Hessian(v => v.Prod())(x);
        Assert.That(hessian[1, 3].Item(), Is.EqualTo(6));
        Assert.That(hessian.Abs().Sum().Item(), Is.EqualTo(12));
        Assert.That(Grad((Tensor v) => Hessian(u => u.Prod())(v)[1, 3])(x).ToArray<double>(), Is.EqualTo((double[])[3, 0, 2, 0]));
    }

    [Test]
    public void Norms_and_deviations_of_zeros_have_zero_derivatives()
    {
        var zero = Tensor.Zeros([3], DType.Float64);
        foreach (var p in (double[])[1, 2, 3, 0.5, double.PositiveInfinity])
            Expect(Grad((Tensor v) => v.Norm(0, p))(zero), [3], [0, 0, 0]);
        Expect(Grad((Tensor v) => v.Std())(Tensor.Ones([3], DType.Float64)), [3], [0, 0, 0]);
        Expect(Grad((Tensor v) => v.Norm())(Tensor.From([3.0, -4])), [2], [0.6, -0.8]);
        Assert.That(Tensor.From([double.NaN, 1]).Norm().Item(), Is.NaN);
        Assert.That(Tensor.From([double.NaN, 1]).Std().Item(), Is.NaN);
    }

    [Test]
    public void Log_sum_exp_is_safe_at_infinities_with_its_first_two_derivatives()
    {
        const double inf = double.PositiveInfinity;
        var x = Tensor.From(new[,] { { 1000.0, 1000, -inf }, { -inf, -inf, -inf }, { inf, 1, -inf }, { inf, inf, 0 } });
        Expect(x.LogSumExp(1), [4], [1000 + Math.Log(2), -inf, inf, inf]);
        Expect(Grad((Tensor v) => v.LogSumExp(1)[0])(x)[0], [3], [0.5, 0.5, 0]);
        Assert.That(Grad((Tensor v) => v.LogSumExp(1).Sum())(x).IsFinite().All().Item<bool>(), Is.True);
        Assert.That(Hvp((Tensor v) => v.LogSumExp(1).Sum(), x, Tensor.Ones([4, 3], DType.Float64)).IsFinite().All().Item<bool>(), Is.True);
        Assert.That(Tensor.From([double.NaN, 1]).LogSumExp().Item(), Is.NaN);
    }

    [Test]
    public void Softmax_is_safe_from_overflow_and_its_logarithm_from_underflow()
    {
        var x = Tensor.From([1000f, 0, 999]);
        var e = Math.Exp(-1);
        Assert.That(x.Softmax(0).ToArray<double>(), Is.EqualTo((double[])[1 / (1 + e), 0, e / (1 + e)]).Within(1e-6));
        Assert.That(x.LogSoftmax(0).ToArray<double>(), Is.EqualTo((double[])[-Math.Log(1 + e), -1000 - Math.Log(1 + e), -1 - Math.Log(1 + e)]).Within(1e-4)); // 2⁻²⁴ of 1000
        Assert.That(Grad((Tensor v) => v.Softmax(0)[0])(Tensor.From([1.0, 1])).ToArray<double>(), Is.EqualTo((double[])[0.25, -0.25]).Within(1e-15));
    }

    [Test]
    public void Max_over_axes_gives_one_element_the_derivative()
    {
        var x = Tensor.Ones([2, 2, 2], DType.Float64);
        Assert.That(Grad((Tensor v) => v.Max())(x).Sum().Item(), Is.EqualTo(1));
        Assert.That(Grad((Tensor v) => v.Min([0, 2]).Sum())(x).Sum().Item(), Is.EqualTo(2));
    }

    [Test]
    public void Wrong_axes_name_operation_and_shape()
    {
        foreach (var (name, act) in ((string, Action)[])
        [
            ("Sum", () => X.Sum(3)), ("Prod", () => X.Prod(3)), ("Max", () => X.Max(3)), ("Min", () => X.Min(-4)), ("All", () => X.All(3)), ("Any", () => X.Any(3)),
            ("Softmax", () => X.Softmax(3)), ("LogSoftmax", () => X.LogSoftmax(3)), ("Var", () => X.Var(3)), ("Std", () => X.Std(3)),
        ])
        {
            // Var stands for Std too: a deviation is the root of a variance.
            Assert.That(act, Throws.TypeOf<AxisException>().With.Message.Contains("[2, 3, 4]"), name);
        }

        Assert.That(() => X.Sum([1, 1]), Throws.TypeOf<AxisException>().With.Message.Contains("twice"));
        Assert.That(() => X.Prod(3), Throws.TypeOf<AxisException>().With.Message.StartsWith("Prod"));
    }

    private static double Variance(IReadOnlyList<double> v, int correction) => v.Sum(a => (a - v.Average()) * (a - v.Average())) / (v.Count - correction);

    private static void Check(Tensor actual, int[] axes, Func<IReadOnlyList<double>, double> fold)
    {
        int[] shape = [2, 3, 4];
        var gone = axes.Select(a => a < 0 ? a + 3 : a).ToHashSet();
        var groups = Enumerable.Range(0, 24)
            .GroupBy(i => (gone.Contains(0) ? 0 : i / 12, gone.Contains(1) ? 0 : i / 4 % 3, gone.Contains(2) ? 0 : i % 4))
            .OrderBy(g => g.Key)
            .Select(g => fold([.. g.Select(i => Values[i])]));
        Assert.That(actual.Shape, Is.EqualTo(Shape.Create([.. Enumerable.Range(0, 3).Where(a => !gone.Contains(a)).Select(a => shape[a])])));
        Assert.That(actual.ToArray<double>(), Is.EqualTo(groups).Within(1e-10));
    }
}
