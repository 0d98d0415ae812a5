using Noether.Graphs;
using static Noether.Transform;

namespace Noether.Tests.Graphs;

public class FusionTests
{
    [Test]
    public void A_value_that_is_also_asked_for_is_stored_by_the_group_that_reads_it()
    {
        var x = Tensor.From([1f, 2, 3], [3]);
        var sum = x + 1;
        var product = sum * x;
        var plan = Planned([sum, product]);
        Assert.That(plan.Steps, Has.Length.EqualTo(1), plan.ToString());
        Tensor.Evaluate(sum, product);
        Assert.That(sum.ToArray<float>(), Is.EqualTo((float[])[2, 3, 4]));
        Assert.That(product.ToArray<float>(), Is.EqualTo((float[])[2, 6, 12]));
    }

    [Test]
    public void A_value_that_something_reads_before_the_group_is_due_is_not_stored_by_it()
    {
        // e is read by the sum, on which the quotient's group waits.
        var x = Tensor.From([0f, 1, 2, 3], [2, 2]);
        var e = x.Exp();
        var y = e / e.Sum(1).Unsqueeze(1);
        var expected = new float[4];
        for (var i = 0; i < 4; i++) expected[i] = MathF.Exp(i) / (MathF.Exp(i) + MathF.Exp(i ^ 1));
        Assert.That(y.ToArray<float>(), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void A_group_that_only_a_fold_reads_is_one_step_with_it()
    {
        Tensor x = Tensor.From([1f, 2, 3, 4], [2, 2]), y = Tensor.From([4f, 3, 2, 0], [2, 2]);
        var loss = (x - y).Square().Sum();
        var plan = Planned([loss]);
        Assert.That(plan.Steps.Count(s => s.Group is not null), Is.EqualTo(1), plan.ToString());
        Assert.That(plan.Steps.Single(s => s.Group is not null).Primitive, Is.Not.Null, plan.ToString());
        Assert.That(loss.Item(), Is.EqualTo(9 + 1 + 1 + 16));
    }

    [Test]
    public void A_group_that_another_shape_or_a_full_group_keeps_out_of_a_fold_runs_before_it()
    {
        var x = Tensor.From([1.0, 2], [2]);
        var y = x;
        for (var i = 0; i < 200; i++) y = y * 1.001;
        Assert.That(y.Sum().ToArray<double>()[0], Is.EqualTo(3 * Math.Pow(1.001, 200)).Within(1e-12));
        var outer = (x.Exp().Unsqueeze(1) * x.Unsqueeze(0)).Sum();
        Assert.That(outer.ToArray<double>()[0], Is.EqualTo(3 * (Math.E + Math.Exp(2))).Within(1e-12));
    }

    [FsCheck.NUnit.Property(MaxTest = 60, EndSize = 1000000, QuietOnSuccess = true)]
    public void Folds_of_groups_agree_with_folds_of_written_values(int seed)
    {
        var random = new Random(seed);
        Shape[] shapes = [[1], [7], [5000], [9001, 3], [3, 9001], [2, 3, 4], [400, 70], [30, 5000], [2, 700, 33], [0, 3], [3, 0], [70_000]];
        var shape = shapes[random.Next(shapes.Length)];
        var values = new double[shape.Size];
        for (var i = 0; i < values.Length; i++) values[i] = random.NextDouble() * 2 - 1;
        var x = Tensor.From(values, shape);
        if (random.Next(2) == 0) x = x.To(DType.Float32);
        var axis = random.Next(shape.Rank);
        var other = random.Next(3) switch { 0 => x.Narrow(0, 0, Math.Min(1, shape[0])), 1 => Turned(x), _ => x };
        var written = x * other + 0.5;
        Tensor.Evaluate(written);
        var kind = shape[axis] == 0 ? 0 : random.Next(3);
        Tensor Fold(Tensor t) => kind switch { 0 => t.Sum(axis), 1 => t.Max(axis), _ => t.Sum() };
        Tensor expected = Fold(written), actual = Fold(x * other + 0.5);
        var tolerance = kind == 1 ? 0 : (x.DType == DType.Float32 ? 1e-6 : 1e-14) * Math.Max(1, shape.Size); // an ulp a term is more than any order needs
        Assert.That(actual.ToArray<double>(), Is.EqualTo(expected.ToArray<double>()).Within(tolerance), $"seed {seed}: {shape}, axis {axis}, fold {kind}");
    }

    [Test]
    public void A_fold_of_a_group_has_equal_bits_however_often_it_runs()
    {
        var random = new Random(3);
        var x = Tensor.From([.. Enumerable.Range(0, 300_000).Select(_ => (float)random.NextDouble())], [300, 1000]);
        var f = Compile(a => ((a - 0.5).Square() * 3).Sum(0));
        var first = f(x).ToArray<float>();
        for (var i = 0; i < 30; i++) Assert.That(f(x).ToArray<float>(), Is.EqualTo(first), $"call {i}: interpreted first, compiled later");
    }

    private static Plan Planned(Tensor[] tensors) => Planner.ForEvaluation(Device.Host, tensors).Plan;

    // Of equal shape, and turned in memory.
    private static Tensor Turned(Tensor x)
    {
        var turned = x.Transpose() + 0.25;
        Tensor.Evaluate(turned);
        return turned.Transpose();
    }
}
