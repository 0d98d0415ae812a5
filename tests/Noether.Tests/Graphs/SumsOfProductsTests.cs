using Noether.Devices.Host;
using Noether.Graphs;
using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Graphs;

public class SumsOfProductsTests
{
    [Test]
    public void A_sum_of_two_products_is_one_step_with_the_bits_of_the_two_added(
        [Values(1, 7, 33, 130)] int m, [Values(1, 17, 300)] int n, [Values(0, 1, 70, 200)] int k, [Values(DType.Float32, DType.Float64, DType.Int32)] DType type)
    {
        Tensor a = Values([m, k], type, 1), b = Values([k, n], type, 2), c = Values([m, 50], type, 3), d = Values([50, n], type, 4);
        Tensor first = a.MatMul(b), second = c.MatMul(d);
        Tensor.Evaluate(first, second);
        var apart = first + second;
        var sum = a.MatMul(b) + c.MatMul(d);
        Assert.That(NamesOf(sum), Does.Contain(nameof(MatMulSum)).And.Not.Contain(nameof(MatMul)));

        // Further slabs of k would be added one by one, and so in another order: here there is one.
        Assert.That(sum.To(DType.Float64).ToArray<double>(), Is.EqualTo(apart.To(DType.Float64).ToArray<double>()));
    }

    [Test]
    public void A_product_that_something_else_reads_is_not_part_of_a_sum()
    {
        Tensor a = Values([3, 4], DType.Float32, 1), b = Values([4, 5], DType.Float32, 2);
        var product = a.MatMul(b);
        var sum = product + (a * 2).MatMul(b);
        Assert.That(NamesOf(sum, product.Exp()), Does.Not.Contain(nameof(MatMulSum)));
        Assert.That(NamesOf(product + product), Does.Not.Contain(nameof(MatMulSum)));
    }

    [Test]
    public void A_sum_of_three_products_and_its_transpose_are_one_step()
    {
        var x = Enumerable.Range(0, 6).Select(i => Values([9, 9], DType.Float64, i)).ToArray();
        Tensor Sum() => x[0].MatMul(x[1]) + x[2].MatMul(x[3]) + x[4].MatMul(x[5]);
        var transposed = Sum().Transpose().Exp();
        Assert.That(NamesOf(transposed).Count(static name => name == nameof(MatMulSum)), Is.EqualTo(1));

        var apart = (Stored(x[0].MatMul(x[1])) + Stored(x[2].MatMul(x[3])) + Stored(x[4].MatMul(x[5]))).Exp();
        for (var i = 0; i < 9; i++)
            for (var j = 0; j < 9; j++)
                Assert.That(transposed[i, j].Item(), Is.EqualTo(apart[j, i].Item()).Within(1e-13)); // nine terms below 1 each
    }

    [Test]
    public void The_tangent_of_a_product_is_one_step()
    {
        Tensor a = Values([6, 7], DType.Float64, 1), b = Values([7, 8], DType.Float64, 2), da = Values([6, 7], DType.Float64, 3), db = Values([7, 8], DType.Float64, 4);
        var tangent = Jvp(x => x.MatMul(b + (x - a).Sum() * db), a, da).Tangent; // at x = a the right factor is b, its tangent Σ da · db
        Assert.That(NamesOf(tangent), Does.Contain(nameof(MatMulSum)));
        var expected = Stored(da.MatMul(b)) + Stored(a.MatMul(da.Sum() * db));
        Assert.That(tangent.ToArray<double>(), Is.EqualTo(expected.ToArray<double>()).Within(1e-13)); // fourteen terms of a few
    }

    [Test]
    public void A_sum_in_any_layout_is_that_of_the_products_and_has_the_same_bits_on_any_number_of_threads(
        [Values(1, 45, 300)] int m, [Values(1, 33, 280)] int n, [Values(7, 600)] int k, [Values] bool turnsLeft, [Values] bool turnsRight, [Values(1, 3)] int batch)
    {
        Tensor Factor(int rows, int columns, bool turns, int seed) =>
            turns ? Values([batch, columns, rows], DType.Float64, seed).SwapAxes(-2, -1) : Values([batch, rows, columns], DType.Float64, seed);
        Tensor a = Factor(m, k, turnsLeft, 1), b = Factor(k, n, turnsRight, 2), c = Factor(m, 40, !turnsLeft, 3), d = Factor(40, n, turnsRight, 4);
        Tensor Sum() => a.MatMul(b) + c.MatMul(d);
        var apart = (Stored(a.MatMul(b)) + Stored(c.MatMul(d))).ToArray<double>();
        var threads = WorkerPool.Shared.Threads;
        try
        {
            WorkerPool.Shared.Threads = 1;
            var one = Sum().ToArray<double>();
            WorkerPool.Shared.Threads = 2;
            var two = Sum().ToArray<double>();
            Assert.That(two.AsSpan().SequenceEqual(one), "threads");
            for (var i = 0; i < one.Length; i++)
                if (!(Math.Abs(one[i] - apart[i]) <= 1e-12)) Assert.Fail($"{i}: {one[i]}, not {apart[i]}"); // 640 terms below 1/4 in another order
        }
        finally
        {
            WorkerPool.Shared.Threads = threads;
        }
    }

    [Test]
    public void Tangents_and_products_with_the_Hessian_of_a_network_are_made_of_sums()
    {
        Tensor x = Values([5, 6], DType.Float64, 1), second = Values([7, 3], DType.Float64, 2), first = Values([6, 7], DType.Float64, 3), v = Values([6, 7], DType.Float64, 4);

        // The second layer's weights depend on the first's, so that both factors of its product have tangents.
        Tensor Loss(Tensor w) => x.MatMul(w).Tanh().MatMul(second * w.Sum()).Square().Sum();
        Assert.That(NamesOf(Jvp(Loss, first, v).Tangent), Does.Contain(nameof(MatMulSum)));
        var product = Hvp(Loss, first, v);
        Assert.That(NamesOf(product), Does.Contain(nameof(MatMulSum)));
        Assert.That(Explain.Plan(Hvp(Loss, first, v)), Does.Contain(nameof(MatMulSum)));

        // Against a central difference of gradients: its error is h² times a third derivative and 1e-16/h times the gradient.
        const double h = 1e-5;
        var gradient = Grad(Loss);
        var difference = (gradient(first + h * v) - gradient(first - h * v)) / (2 * h);
        var scale = difference.Abs().Max().Item();
        Assert.That(product.ToArray<double>(), Is.EqualTo(difference.ToArray<double>()).Within(1e-7 * scale));
    }

    private static Tensor Stored(Tensor x)
    {
        Tensor.Evaluate(x);
        return x;
    }

    private static Tensor Values(Shape shape, DType type, int seed)
    {
        var random = new Random(seed);
        var values = Enumerable.Range(0, (int)shape.Size).Select(_ => type.IsFloating() ? random.NextDouble() - 0.5 : random.Next(-9, 9)).ToArray();
        return Tensor.From(values, shape, device: Device.Host).To(type).Evaluate();
    }

    private static string[] NamesOf(params Tensor[] tensors) => [.. Planner.ForEvaluation(Device.Host, tensors).Plan.Steps.Select(static s => s.Name)];
}
