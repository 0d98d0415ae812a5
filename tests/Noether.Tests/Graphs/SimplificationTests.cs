using Noether.Graphs;
using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Graphs;

/// <summary>Plans are simpler than graphs and compute the same bits.</summary>
[NonParallelizable]
public sealed class SimplificationTests
{
    private static readonly double[] Awkward = [0.0, -0.0, 1, -3.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 5e-324];
    private static readonly Tensor X = Tensor.From(Awkward, device: Device.Host);

    [Test]
    public void What_changes_nothing_is_not_computed()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(StepsOf(-(-X)), Is.Zero, "double negation");
            Assert.That(StepsOf(X * 1), Is.Zero, "x·1");
            Assert.That(StepsOf(1 * X), Is.Zero, "1·x");
            Assert.That(StepsOf(X / 1), Is.Zero, "x/1");
            Assert.That(StepsOf(X - 0), Is.Zero, "x - 0");
            Assert.That(StepsOf(X + -0.0), Is.Zero, "x + (-0)");
            Assert.That(StepsOf(X.To(DType.Float32).Evaluate().To(DType.Float64).To(DType.Float32)), Is.Zero, "there and back");
            Assert.That(StepsOf(Tensor.From([1, 2], device: Device.Host) + 0), Is.Zero, "integers");
            Assert.That(StepsOf(X.Reshape(2, 4).Transpose().Transpose().Reshape(8)), Is.Zero, "views");
        }
    }

    [Test]
    public void What_changes_a_zero_or_a_NaN_is_computed()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(StepsOf(X + 0), Is.EqualTo(1), "-0 + 0 is 0");
            Assert.That(StepsOf(X * 0), Is.EqualTo(1), "NaN·0 is NaN");
            Assert.That(StepsOf(X - X), Is.EqualTo(1), "∞ - ∞ is NaN");
            Assert.That(StepsOf(X - -0.0), Is.EqualTo(1), "-0 - (-0) is 0");
            Assert.That(StepsOf(X.To(DType.Float32).To(DType.Float64)), Is.EqualTo(1), "rounds");
            Assert.That(StepsOf(X.Abs().To(DType.Bool).To(DType.Float64)), Is.EqualTo(1), "tells zero from the rest only");
        }
    }

    [Test]
    public void Every_bit_stays_as_it_was()
    {
        (Tensor Simple, Func<double, double> Plain)[] cases =
        [
            (-(-X), x => x), (X * 1, x => x), (X / 1, x => x), (X - 0, x => x), (X + 0, x => x + 0), (X + -0.0, x => x), (X * 0, x => x * 0), (X - X, x => x - x),
            (X * (Tensor.Full([], 2.0, DType.Float64, Device.Host) * 3.0 - 1.0), x => x * 5),
        ];
        foreach (var (simple, plain) in cases)
        {
            Assert.That(
                simple.ToArray<double>().Select(BitConverter.DoubleToInt64Bits),
                Is.EqualTo(Awkward.Select(x => double.IsNaN(plain(x)) ? BitConverter.DoubleToInt64Bits(double.NaN) : BitConverter.DoubleToInt64Bits(plain(x))))
                    .Using<long>((a, b) => a == b || (double.IsNaN(BitConverter.Int64BitsToDouble(a)) && double.IsNaN(BitConverter.Int64BitsToDouble(b)))));
        }
    }

    [Test]
    public void Arithmetic_on_constants_is_done_once_and_rounds_as_the_type_does()
    {
        var c = Tensor.Full([3], 0.1, DType.Float32, Device.Host) * 3 / 7 - 0.2;
        Assert.That(Planned(c).Steps, Has.Length.EqualTo(1));
        Assert.That(Planned(c).Steps[0].Group!.Instructions, Has.Length.EqualTo(1));
        Assert.That(c.ToArray<float>(), Is.All.EqualTo(0.1f * 3f / 7f - 0.2f));
    }

    [Test]
    public void The_transpose_of_a_product_is_a_product_of_transposes()
    {
        Tensor a = Numbers(3, 4), b = Numbers(4, 5);
        var y = a.MatMul(b).Transpose();
        var steps = Planned(y).Steps;
        Assert.That(steps.Last().Primitive, Is.TypeOf<MatMul>(), "nothing is left to transpose");
        Assert.That((y + 0.0).ToArray<double>(), Is.EqualTo(a.MatMul(b).Evaluate().Transpose().ToArray<double>()).Within(1e-15));
        Assert.That(y.Evaluate().View!.Layout.IsContiguous);
    }

    [Test]
    public void A_product_that_others_read_too_is_computed_once()
    {
        Tensor a = Numbers(3, 4), b = Numbers(4, 3);
        var product = a.MatMul(b);
        var y = product + product.Transpose();
        Assert.That(Planned(y).Steps.Count(s => s.Primitive is MatMul), Is.EqualTo(1));
        var plain = a.MatMul(b).Evaluate();
        Assert.That(y.ToArray<double>(), Is.EqualTo((plain + plain.Transpose()).ToArray<double>()).Within(1e-15));
    }

    [Test]
    public void Products_of_products_are_transposed_as_a_whole()
    {
        Tensor a = Numbers(3, 4), b = Numbers(4, 5), c = Numbers(5, 2);
        var y = a.MatMul(b).MatMul(c).Transpose();
        Assert.That(Planned(y).Steps.Count(s => s.Primitive is MatMul), Is.EqualTo(2));
        Assert.That(y.ToArray<double>(), Is.EqualTo(a.MatMul(b).Evaluate().MatMul(c).Evaluate().Transpose().ToArray<double>()).Within(1e-14));
    }

    [Test]
    public void A_product_read_through_what_changes_nothing_is_computed_once()
    {
        Tensor a = Numbers(3, 4), b = Numbers(4, 3);
        var product = a.MatMul(b) * 1;
        Assert.That(Planned(product.Transpose() + product).Steps.Count(s => s.Primitive is MatMul), Is.EqualTo(1));
    }

    [Test]
    public void Batches_of_products_are_transposed_too()
    {
        Tensor a = Numbers(2, 3, 4), b = Numbers(2, 4, 5);
        var y = a.MatMul(b).SwapAxes(-2, -1);
        Assert.That(Planned(y).Steps.Last().Primitive, Is.TypeOf<MatMul>());
        Assert.That(y.ToArray<double>(), Is.EqualTo(a.MatMul(b).Evaluate().SwapAxes(-2, -1).ToArray<double>()).Within(1e-15));
    }

    [Test]
    public void The_gradient_of_a_transposed_weight_is_dense()
    {
        Tensor x = Numbers(6, 4), w = Numbers(3, 4);
        var gradient = Grad((Tensor v) => x.MatMul(v.Transpose()).Tanh().Sum())(w);
        Assert.That(gradient.Evaluate().View!.Layout.IsContiguous);
    }

    [Test]
    public void A_result_may_be_an_argument_and_a_donated_one_too()
    {
        var f = Compile((Tensor[] a) => [a[0] * 1, -(-a[1]), a[0] + a[1]], 0);
        for (var repeat = 0; repeat < 2; repeat++)
        {
            Tensor a = (Numbers(4) + 0.0).Evaluate(), b = Numbers(4).Evaluate();
            var expected = (a + b).ToArray<double>();
            var first = a.ToArray<double>();
            var y = f([a, b]);
            Assert.That(y[0].ToArray<double>(), Is.EqualTo(first));
            Assert.That(y[1].ToArray<double>(), Is.EqualTo(b.ToArray<double>()));
            Assert.That(y[2].ToArray<double>(), Is.EqualTo(expected));
        }
    }

    private static Plan Planned(Tensor y) => Planner.ForEvaluation(Device.Host, [y]).Plan;

    private static int StepsOf(Tensor y) => Planned(y).Steps.Count(static s => s.Primitive is not ViewPrimitive);

    private static Tensor Numbers(params int[] shape)
    {
        Shape sizes = [.. shape];
        return (Tensor.Arange((int)sizes.Size, DType.Float64, Device.Host) * 0.7).Sin().Reshape(sizes).Evaluate();
    }
}
