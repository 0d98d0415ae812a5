using Noether.Graphs;
using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Graphs;

/// <summary>Products of bfloat16 tensors read them as they are.</summary>
public sealed class BFloat16ProductTests
{
    [Test]
    public void A_product_of_bfloat16_is_one_step_and_the_rounded_product([Values(1, 7, 40)] int m, [Values(1, 33)] int n, [Values(0, 1, 50)] int k)
    {
        Tensor a = Values([m, k], 1), b = Values([k, n], 2);
        var product = a.MatMul(b);
        Assert.That(NamesOf(product), Is.EqualTo(new[] { nameof(MatMul) }));
        CheckRounded(product, a, b);
    }

    [Test]
    public void Transposes_batches_and_repeats_are_read_where_they_lie()
    {
        Tensor a = Values([30, 40], 1), b = Values([30, 50], 2), c = Values([6, 30, 50], 3), d = Values([6, 50, 7], 4);
        using (Assert.EnterMultipleScope())
        {
            CheckRounded(a.Transpose().MatMul(b), a.Transpose(), b);
            CheckRounded(b.Transpose().MatMul(a), b.Transpose(), a);
            CheckRounded(a.Transpose().MatMul(c), a.Transpose(), c);
            CheckRounded(c.MatMul(d), c, d);
            CheckRounded(c.MatMul(d[0]), c, d[0]);
            Assert.That(NamesOf(a.Transpose().MatMul(c)).Count(static name => name.StartsWith("Map", StringComparison.Ordinal)), Is.Zero);
        }
    }

    [Test]
    public void Beside_float32_only_the_bfloat16_operand_is_widened()
    {
        Tensor a = Values([20, 30], 1), b = Values([30, 40], 2).To(DType.Float32).Evaluate();
        var product = a.MatMul(b);
        Assert.That(product.DType, Is.EqualTo(DType.Float32));
        Assert.That(NamesOf(product), Is.EqualTo(new[] { nameof(MatMul) }));
        var expected = a.To(DType.Float64).MatMul(b.To(DType.Float64)).ToArray<double>();
        Assert.That(product.To(DType.Float64).ToArray<double>(), Is.EqualTo(expected).Within(30 * 1.2e-7)); // thirty roundings of sums of a few
    }

    [Test]
    public void The_gradient_is_that_of_float32_products_rounded()
    {
        Tensor a = Values([20, 30], 1), b = Values([30, 40], 2), r = Values([20, 40], 3);
        var gradient = Grad(x => (x.MatMul(b).To(DType.Float32) * r.To(DType.Float32)).Sum())(a);
        Assert.That(gradient.DType, Is.EqualTo(DType.BFloat16));
        CheckRounded(gradient, r, b.Transpose());
    }

    [Test]
    public void Infinities_and_NaN_go_through()
    {
        var a = Tensor.From([1f, float.PositiveInfinity, 2f, float.NaN, 0f, -1f], [3, 2], device: Device.Host).To(DType.BFloat16).Evaluate();
        var b = Tensor.From([1f, -1f], [2, 1], device: Device.Host).To(DType.BFloat16).Evaluate();
        Assert.That(a.MatMul(b).To(DType.Float32).ToArray<float>(), Is.EqualTo(new[] { float.NegativeInfinity, float.NaN, 1f }));
    }

    // Half a unit in the last of eight places, and float32's sums before that.
    private static void CheckRounded(Tensor product, Tensor a, Tensor b)
    {
        Assert.That(product.DType, Is.EqualTo(DType.BFloat16));
        var expected = a.To(DType.Float64).MatMul(b.To(DType.Float64)).ToArray<double>();
        var found = product.To(DType.Float64).ToArray<double>();
        Assert.That(found, Has.Length.EqualTo(expected.Length));
        for (var i = 0; i < found.Length; i++)
            Assert.That(found[i], Is.EqualTo(expected[i]).Within(Math.Abs(expected[i]) / 256 + 50 * 1.2e-7), $"{i}");
    }

    private static Tensor Values(Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.From(Enumerable.Range(0, (int)shape.Size).Select(_ => (float)random.NextDouble() - 0.5f).ToArray(), shape, device: Device.Host)
            .To(DType.BFloat16).Evaluate();
    }

    private static string[] NamesOf(Tensor tensor) =>
        [.. Planner.ForEvaluation(Device.Host, [tensor]).Plan.Steps.Where(static s => s.Primitive is not ViewPrimitive).Select(static s => s.Name)];
}
