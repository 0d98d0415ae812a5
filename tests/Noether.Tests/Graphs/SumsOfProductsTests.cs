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
