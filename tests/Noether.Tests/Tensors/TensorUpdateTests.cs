using static Noether.Tests.Tensors.IndexingTests;
using static Noether.Transform;

namespace Noether.Tests.Tensors;

[Parallelizable(ParallelScope.All)]
public sealed class TensorUpdateTests
{
    private static readonly Tensor X = Tensor.Arange(6).To(DType.Float64).Reshape(2, 3);

    [Test]
    public void Set_replaces_ranges_rows_and_masks_and_leaves_the_tensor_alone()
    {
        Expect(X.At(.., 1..).Set(9), [2, 3], [0, 9, 9, 3, 9, 9]);
        Expect(X.At(1).Set(Tensor.From([7.0, 8, 9])), [2, 3], [0, 1, 2, 7, 8, 9]);
        Expect(X.At(X > 3).Set(-1), [2, 3], [0, 1, 2, 3, -1, -1]);
        Expect(X.At(X > 3).Set(Tensor.From([40.0, 50])), [2, 3], [0, 1, 2, 3, 40, 50]);
        Expect(X.At(TensorIndex.Ellipsis, TensorIndex.Every(-2)).Set(Tensor.From([2.5, 0.5])), [2, 3], [0.5, 1, 2.5, 0.5, 4, 2.5]);
        Expect(X, [2, 3], [0, 1, 2, 3, 4, 5]);
    }

    [Test]
    public void Repeated_positions_keep_the_last_value_or_fold_all()
    {
        var x = Tensor.From([1.0, 2, 3]);
        var index = Tensor.From([0, 2, 0]);
        var v = Tensor.From([5.0, -6, 4]);
        Expect(x.At(index).Set(v), [3], [4, 2, -6]);
        Expect(x.At(index).Add(v), [3], [10, 2, -3]);
        Expect(x.At(index).Subtract(v), [3], [-8, 2, 9]);
        Expect(x.At(index).Multiply(v), [3], [20, 2, -18]);
        Expect(x.At(index).Max(v), [3], [5, 2, 3]);
        Expect(x.At(index).Min(v), [3], [1, 2, -6]);
        Expect(x.At(index).Get(), [3], [1, 3, 1]);
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Every_update_equals_its_loop(int seed)
    {
        var random = new Random(seed);
        int[] shape = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 4))];
        var (indices, items) = Draw(random, shape);
        var (written, positions) = IndexReference.Positions(shape, items);
        double[] x = [.. Enumerable.Range(0, (int)Shape.Create(shape).Size).Select(_ => (double)random.Next(-4, 5))];
        double[] v = [.. positions.Select(_ => (double)random.Next(-4, 5))];
        var at = Tensor.From(x, [.. shape]).At([.. indices]);
        var values = Tensor.From(v, [.. written]);
        foreach (var (name, actual, act) in ((string, Tensor, Func<double, double, double>)[])
        [
            ("Set", at.Set(values), (_, b) => b), ("Add", at.Add(values), (a, b) => a + b), ("Multiply", at.Multiply(values), (a, b) => a * b),
            ("Max", at.Max(values), Math.Max), ("Min", at.Min(values), Math.Min),
        ])
        {
            var expected = (double[])x.Clone();
            for (var i = 0; i < v.Length; i++) expected[positions[i]] = act(expected[positions[i]], v[i]);
            Assert.That(actual.ToArray<double>(), Is.EqualTo(expected), $"{name} {string.Join(" ", items)}");
        }
    }

    [Test]
    public void Only_the_winner_has_the_derivative()
    {
        var index = Tensor.From([0, 2, 0]);
        var v = Tensor.From([5.0, -6, 4]);
        var w = Tensor.From([1.0, 10, 100]);
        var (byX, byV) = GradBoth((x, u) => (x.At(index).Set(u) * w).Sum())(Tensor.From([1.0, 2, 3]), v);
        Expect(byX, [3], [0, 10, 0]);
        Expect(byV, [3], [0, 100, 1]);
        (byX, byV) = GradBoth((x, u) => (x.At(index).Max(u) * w).Sum())(Tensor.From([1.0, 2, 3]), v);
        Expect(byX, [3], [0, 10, 100]);
        Expect(byV, [3], [1, 0, 0]);
    }

    [Test]
    public void Products_through_zeros_have_exact_derivatives()
    {
        var index = Tensor.From([1, 1, 1]);
        var (byX, byV) = GradBoth((x, u) => x.At(index).Multiply(u).Sum())(Tensor.From([1.0, 2]), Tensor.From([3.0, 0, 5]));
        Expect(byX, [2], [1, 0]);
        Expect(byV, [3], [0, 30, 0]);
    }

    [Test]
    public void Vmap_updates_each_row_at_its_own_positions()
    {
        var index = Tensor.From(new[,] { { 0, 0 }, { 2, 1 } });
        var v = Tensor.From(new[,] { { 7.0, 8 }, { 9, 10 } });
        Expect(Vmap((Tensor x, Tensor i, Tensor u) => x.At(i).Set(u))(X, index, v), [2, 3], [8, 1, 2, 3, 10, 9]);
        Expect(Vmap((Tensor x, Tensor i, Tensor u) => x.At(i).Add(u))(X, index, v), [2, 3], [15, 1, 2, 3, 14, 14]);
        Expect(Vmap((Tensor x, Tensor i, Tensor u) => x.At(i).Max(u), 0, null, null)(X, index[0], v[0]), [2, 3], [8, 1, 2, 8, 4, 5]);
    }

    [Test]
    public void A_traced_mask_may_set_one_value() =>
        Expect(Grad((Tensor x) => (x.At(x > 3).Set(0) * x).Sum())(X), [2, 3], [0, 2, 4, 6, 0, 0]);

    [Test]
    public void Integers_and_truth_values_are_updated_in_their_type()
    {
        Expect(Tensor.From([1, 2]).At(0).Set(5), [2], [5, 2]);
        Expect(Tensor.From([true, false]).At(Tensor.From([1, 1])).Set(true), [2], [1, 1]);
        Assert.That(Tensor.From([true, false]).At(1).Max(true).DType, Is.EqualTo(DType.Bool));
    }

    [Test]
    public void Wrong_values_name_operation_and_shapes()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => X.At(0).Set(Tensor.From([1.0, 2])),
                Throws.TypeOf<ShapeException>().With.Message.EqualTo("At.Set: values [2] do not broadcast to the indexed shape [3] of [2, 3]"));
            Assert.That(() => Tensor.From([1, 2]).At(0).Set(0.5), Throws.TypeOf<DTypeException>().With.Message.Contains("At.Set").And.Message.Contains("int32[2]"));
            Assert.That(() => Tensor.From([true]).At(0).Add(1), Throws.TypeOf<DTypeException>().With.Message.Contains("At.Add").And.Message.Contains("bool[1]"));
        }
    }
}
