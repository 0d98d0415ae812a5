using Noether.Graphs;
using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Transforms;

/// <summary>A batch of products with an affine combination of matrices is a combination of few products.</summary>
[NonParallelizable]
public sealed class DistributionTests
{
    // Sums of a few dozen terms of order one in another order.
    private const double Wide = 1e-12, Narrow = 2e-5;

    private static readonly Tensor X = Numbers(0, 12, 20), W0 = Numbers(1, 16, 20), D1 = Numbers(2, 16, 20), D2 = Numbers(3, 16, 20);
    private static readonly Tensor V0 = Numbers(4, 16), V1 = Numbers(5, 16), Readout = Numbers(6, 3, 16);
    private static readonly Tensor Rows = Tensor.Linspace(-1, 1, 30, DType.Float64, Device.Host), Columns = Tensor.Linspace(-0.7, 0.9, 25, DType.Float64, Device.Host);

    private static readonly (string What, Func<Tensor, Tensor> F, int Products)[] OneNumber =
    [
        ("a right operand", s => X.MatMul((W0 + s * D1).Transpose()), 2),
        ("a left operand", s => (W0 + s * D1).MatMul(X.Transpose()), 2),
        ("both shared operand and direction the same", s => X.MatMul((X + s * X).Transpose()), 1),
        ("a line between two minima", s => X.MatMul(((1 - s) * W0 + s * D1).Transpose()), 2),
        ("powers of the number", s => X.MatMul((W0 + s * D1 - s * s * D2).Transpose()), 3),
        ("no shared part", s => X.MatMul((s * D1).Transpose()), 1),
        ("a common factor", s => X.MatMul((s * (D1 - D2)).Transpose()), 1),
        ("terms of one factor", s => X.MatMul((W0 + s * D1 + D2 + s * W0).Transpose()), 2),
        ("divided by numbers", s => X.MatMul((-(W0 + s * D1) / (2 + s)).Transpose()), 2),
        ("directions scaled row by row", s => X.MatMul((W0 + V0.Unsqueeze(1) * (s * D1) / V1.Exp().Unsqueeze(1)).Transpose()), 2),
        ("a slice of a vector of all parameters", s => X.MatMul((W0.Flatten() + s * D1.Flatten())[..(8 * 20)].Reshape(8, 20).Transpose()), 2),
        ("products in a row", s => X.MatMul((W0 + s * D1).Transpose()).MatMul(D2), 2),
        ("correlations", s => X.Reshape(3, 4, 20).Convolve((W0 + s * D1).Reshape(8, 4, 10)[.., .., ..5] * 0.5), 2),
        ("with what comes after", s => (X.MatMul((W0 + s * D1).Transpose()) + V0 + s * V1).Tanh().Square().Mean(), 2),
    ];

    private static IEnumerable<TestCaseData> Cases => OneNumber.Select(c => new TestCaseData(c.F, c.Products).SetArgDisplayNames(c.What));

    [TestCaseSource(nameof(Cases))]
    public void Few_products_give_the_loops_values(Func<Tensor, Tensor> f, int products)
    {
        var y = Vmap(f)(Rows);
        Assert.That(WorkOf(y), Is.EqualTo(products * WorkOf(f(Rows[0]))).Within(1e-9).Percent, "products by their size");
        Assert.That(y.ToArray<double>(), Is.EqualTo(Tensor.Stack(0, [.. Each(Rows).Select(f)]).ToArray<double>()).Within(Wide));
    }

    [Test]
    public void A_surface_takes_three_products_however_fine_the_grid()
    {
        Tensor At(Tensor s, Tensor t) => Loss(W0 + s * D1 + t * D2, V0 + s * V1);
        var surface = Vmap(s => Vmap(t => At(s, t))(Columns))(Rows);
        Assert.That(Products(surface).Count(static y => y.Size == 12 * 16), Is.EqualTo(3));
        Assert.That(Products(surface), Has.Count.EqualTo(4), "and one of all activations with the layer that they share");
        Assert.That(Explain.Plan(surface).Split("MatMul"), Has.Length.EqualTo(1 + 4));
        var loop = Tensor.Stack(0, [.. Each(Rows).Select(s => Tensor.Stack(0, [.. Each(Columns).Select(t => At(s, t))]))]);
        Assert.That(surface.ToArray<double>(), Is.EqualTo(loop.ToArray<double>()).Within(Wide));
    }

    [Test]
    public void The_number_of_either_loop_may_come_first_and_points_may_be_vectors()
    {
        var points = Tensor.Stack(0, [.. Each(Rows).SelectMany(s => Each(Columns[..3]).Select(t => Tensor.Stack(0, [s, t])))]).Evaluate();
        var expected = Tensor.Stack(0, [.. Each(points).Select(p => Loss(W0 + p[0] * D1 + p[1] * D2, V0))]).ToArray<double>();
        var swapped = Vmap(s => Vmap(t => Loss(t * D2 + W0 + s * D1, V0))(Columns[..3]))(Rows);
        var flat = Vmap(p => Loss(W0 + p[0] * D1 + p[1] * D2, V0))(points);
        Assert.That(Products(flat).Count(static y => y.Size == 12 * 16), Is.EqualTo(3));
        Assert.That(flat.ToArray<double>(), Is.EqualTo(expected).Within(Wide));
        Assert.That(swapped.ToArray<double>(), Is.EqualTo(expected).Within(Wide));
    }

    [Test]
    public void Single_precision_agrees_within_its_own()
    {
        Tensor x = X.To(DType.Float32), w = W0.To(DType.Float32), d = D1.To(DType.Float32), rows = Rows.To(DType.Float32).Evaluate();
        Tensor F(Tensor s) => x.MatMul((w + s * d).Transpose());
        var y = Vmap(F)(rows);
        Assert.That(Products(y), Has.Count.EqualTo(2));
        Assert.That(y.ToArray<float>(), Is.EqualTo(Tensor.Stack(0, [.. Each(rows).Select(F)]).ToArray<float>()).Within(Narrow));
    }

    [Test]
    public void Gradients_pass_through_and_take_few_products_too()
    {
        Tensor Total(Tensor rows, Tensor w, Func<Func<Tensor, Tensor>, Func<Tensor, Tensor>> over) =>
            over(s => Loss(w + s * D1, V0))(rows).Square().Sum();
        static Func<Tensor, Tensor> Loop(Func<Tensor, Tensor> f) => rows => Tensor.Stack(0, [.. Each(rows).Select(f)]);
        var (byRows, byWeights) = GradBoth((r, w) => Total(r, w, f => Vmap(f)))(Rows, W0);
        var (rowsOfLoop, weightsOfLoop) = GradBoth((r, w) => Total(r, w, Loop))(Rows, W0);
        Assert.That(Products(byRows).Count(static y => y.Size == 12 * 16), Is.EqualTo(2), "the products are the function's own");
        Assert.That(byRows.ToArray<double>(), Is.EqualTo(rowsOfLoop.ToArray<double>()).Within(Wide));
        Assert.That(byWeights.ToArray<double>(), Is.EqualTo(weightsOfLoop.ToArray<double>()).Within(Wide));
    }

    [Test]
    public void Gradients_at_every_point_are_the_loops()
    {
        Tensor Slope(Tensor s) => Grad((Tensor t) => Loss(W0 + t * D1, V0))(s);
        var slopes = Vmap(Slope)(Rows).ToArray<double>();
        Assert.That(slopes, Is.EqualTo(Tensor.Stack(0, [.. Each(Rows).Select(Slope)]).ToArray<double>()).Within(Wide));
        var (_, tangents) = Jvp(Vmap(s => Loss(W0 + s * D1, V0)), Rows, Rows.OnesLike());
        Assert.That(tangents.ToArray<double>(), Is.EqualTo(slopes).Within(Wide));
    }

    [Test]
    public void It_is_not_done_where_it_saves_little_or_cannot_be_done()
    {
        Tensor thin = Numbers(7, 12, 2), narrow = Numbers(8, 16, 2), step = Numbers(9, 16, 2), inputs = Numbers(10, 30, 12, 20);
        Tensor x = Tensor.Arange(12, DType.Int32, Device.Host).Reshape(3, 4), n = Tensor.Arange(40, DType.Int32, Device.Host);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Largest(Vmap(s => X.MatMul((W0 + s * D1).Transpose()))(Rows[..3])), Is.EqualTo(3 * 12 * 16), "few examples");
            Assert.That(Largest(Vmap(s => thin.MatMul((narrow + s * step).Transpose()))(Rows)), Is.EqualTo(30 * 12 * 16), "cheap products");
            Assert.That(Largest(Vmap((y, s) => y.MatMul((W0 + s * D1).Transpose()))(inputs, Rows)), Is.EqualTo(30 * 12 * 16), "both differ");
            Assert.That(Largest(Vmap(s => X.MatMul((W0 + s * D1).Tanh().Transpose()))(Rows)), Is.EqualTo(30 * 12 * 16), "not linear");
            Assert.That(Largest(Vmap(s => x.MatMul((x + s * x).Transpose()))(n)), Is.EqualTo(40 * 9), "integers");
        }
    }

    private static Tensor Loss(Tensor w, Tensor b) => (X.MatMul(w.Transpose()) + b).Tanh().MatMul(Readout.Transpose()).Square().Mean();

    private static IEnumerable<Tensor> Each(Tensor x) => Enumerable.Range(0, x.Shape[0]).Select(i => x[i]);

    private static List<Shape> Products(Tensor y)
    {
        var plan = Planner.ForEvaluation(Device.Host, [y]).Plan;
        return [.. plan.Steps.Where(static s => s.Primitive is BilinearPrimitive).Select(s => plan.Values[s.Outputs[0]].Shape)];
    }

    private static long Largest(Tensor y) => Products(y).Max(static s => s.Size);

    private static double WorkOf(Tensor y)
    {
        var plan = Planner.ForEvaluation(Device.Host, [y]).Plan;
        return plan.Steps.Where(static s => s.Primitive is BilinearPrimitive).Sum(s => plan.CostOf(s).Flops);
    }

    private static Tensor Numbers(int seed, params int[] shape)
    {
        Shape sizes = [.. shape];
        return (Tensor.Arange((int)sizes.Size, DType.Float64, Device.Host) * 0.7 + seed * seed).Sin().Reshape(sizes).Evaluate();
    }
}
