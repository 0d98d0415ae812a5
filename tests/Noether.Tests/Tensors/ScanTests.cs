using static Noether.Tests.Tensors.IndexingTests;
using static Noether.Transform;

namespace Noether.Tests.Tensors;

[Parallelizable(ParallelScope.All)]
public sealed class ScanTests
{
    private static readonly double[] Values = [.. Enumerable.Range(0, 30).Select(i => Math.Round(Math.Sin(7 * i) * 3))]; // with ties and zeros
    private static readonly Tensor X = Tensor.From(Values, [2, 5, 3]);

    [Test]
    public void Every_scan_along_every_axis_equals_its_loop([Values(0, 1, -1)] int axis, [Values] bool reverse)
    {
        Check(X.CumSum(axis, reverse), axis, reverse, v => v.Sum());
        Check(X.CumProd(axis, reverse), axis, reverse, v => v.Aggregate(1.0, (a, b) => a * b));
        Check(X.CumMax(axis, reverse), axis, reverse, v => v.Max());
        Check(X.CumMin(axis, reverse), axis, reverse, v => v.Min());
        Check(X.CumSum(axis, reverse, exclusive: true), axis, reverse, v => v.SkipLast(1).Sum());
        Check(X.CumProd(axis, reverse, exclusive: true), axis, reverse, v => v.SkipLast(1).Aggregate(1.0, (a, b) => a * b));
        var n = X.Shape[axis];
        Check(X.CumArgMax(axis, reverse), axis, reverse, v => Place(v.IndexOf(v.Max())));
        Check(X.CumArgMin(axis, reverse), axis, reverse, v => Place(v.IndexOf(v.Min())));

        double Place(int met) => reverse ? n - 1 - met : met;
    }

    [Test]
    public void Integers_and_truth_values_sum_as_int64()
    {
        var x = Tensor.From([true, false, true]).CumSum(0);
        Assert.That(x.DType, Is.EqualTo(DType.Int64));
        Expect(x, [3], [1, 1, 2]);
        Expect(Tensor.From([int.MaxValue, 1]).CumSum(0), [2], [int.MaxValue, int.MaxValue + 1.0]);
        Assert.That(Tensor.From([true, false]).CumMax(0).DType, Is.EqualTo(DType.Bool));
    }

    [Test]
    public void NaN_stays_once_met()
    {
        var x = Tensor.From([1, double.NaN, 3, double.NaN]);
        Expect(x.CumMax(0), [4], [1, double.NaN, double.NaN, double.NaN]);
        Expect(x.CumArgMax(0), [4], [0, 1, 1, 1]);
        Expect(x.CumArgMin(0, reverse: true), [4], [3, 3, 3, 3]);
    }

    [Test]
    public void Running_products_through_zeros_have_exact_derivatives()
    {
        var x = Tensor.From([2.0, 0, 3]);
        Expect(Grad((Tensor v) => v.CumProd(0).Sum())(x), [3], [1, 2 + 2 * 3, 0]);
        Expect(Hvp((Tensor v) => v.CumProd(0).Sum(), x, Tensor.From([1.0, 0, 0])), [3], [0, 1 + 3, 0]); // x₀ + x₀x₁ + x₀x₁x₂
    }

    [Test]
    public void Running_extremes_give_the_derivative_to_the_element_they_show() =>
        Expect(Grad((Tensor v) => (v.CumMax(0) * Tensor.From([1.0, 10, 100, 1000])).Sum())(Tensor.From([1.0, 3, 3, 2])), [4], [1, 1110, 0, 0]);

    [Test]
    public void Empty_axes_scan_to_nothing()
    {
        var none = Tensor.Zeros([2, 0]);
        Expect(none.CumSum(1, exclusive: true), [2, 0], []);
        Expect(none.CumProd(1), [2, 0], []);
        Expect(none.CumArgMax(1), [2, 0], []);
    }

    [Test]
    public void Wrong_axes_name_operation_and_shape()
    {
        foreach (var (name, act) in ((string, Action)[])
            [("CumSum", () => X.CumSum(3)), ("CumProd", () => X.CumProd(3)), ("CumMax", () => X.CumMax(3)), ("CumMin", () => X.CumMin(-4)), ("CumArgMax", () => X.CumArgMax(3)), ("CumArgMin", () => X.CumArgMin(3))])
        {
            Assert.That(act, Throws.TypeOf<AxisException>().With.Message.StartsWith(name).And.Message.Contains("[2, 5, 3]"));
        }
    }

    private static void Check(Tensor actual, int axis, bool reverse, Func<List<double>, double> fold)
    {
        int[] shape = [2, 5, 3];
        axis = axis < 0 ? axis + 3 : axis;
        int n = shape[axis], inner = axis == 0 ? 15 : axis == 1 ? 3 : 1;
        var expected = new double[30];
        for (var i = 0; i < 30; i++)
        {
            int at = i / inner % n, start = i - at * inner;
            var met = Enumerable.Range(0, n).Where(k => reverse ? k >= at : k <= at).Select(k => Values[start + k * inner]);
            expected[i] = fold([.. reverse ? met.Reverse() : met]);
        }

        Assert.That(actual.ToArray<double>(), Is.EqualTo(expected).Within(1e-12));
    }
}
