using static Noether.Tests.Tensors.IndexReference;
using static Noether.Transform;

namespace Noether.Tests.Tensors;

[Parallelizable(ParallelScope.All)]
public sealed class IndexingTests
{
    private static readonly Tensor X = Tensor.Arange(24).Reshape(2, 3, 4);

    [Test]
    public void Integers_take_one_element_and_drop_the_axis()
    {
        Expect(X[1], [3, 4], [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
        Expect(X[^1, 0], [4], [12, 13, 14, 15]);
        Expect(X[-1, -1, -1], [], [23]);
    }

    [Test]
    public void Ranges_keep_the_axis_and_are_cut_to_its_size()
    {
        Expect(X[.., 1..3, 0], [2, 2], [4, 8, 16, 20]);
        Expect(X[0, ^2.., 1..^1], [2, 2], [5, 6, 9, 10]);
        Expect(X[0, 1..100, 0], [2], [4, 8]);
        Expect(X[0, 2..1], [0, 4], []);
    }

    [Test]
    public void Steps_may_be_negative()
    {
        Expect(X[0, 0, TensorIndex.Every(2)], [2], [0, 2]);
        Expect(X[0, 0, TensorIndex.Every(-1)], [4], [3, 2, 1, 0]);
        Expect(X[0, 0, TensorIndex.Every(-2)], [2], [3, 1]);
        Expect(X[0, 0, TensorIndex.Every(-2, 0..3)], [2], [2, 0]);
        Expect(X[0, TensorIndex.Every(int.MaxValue), 0], [1], [0]);
        Expect(X[0, TensorIndex.Every(int.MinValue + 1), 0], [1], [8]);
    }

    [Test]
    public void Ellipsis_and_new_axes_find_their_places()
    {
        Expect(X[TensorIndex.Ellipsis, 1], [2, 3], [1, 5, 9, 13, 17, 21]);
        Expect(X[0, TensorIndex.NewAxis, TensorIndex.Ellipsis, 0], [1, 3], [0, 4, 8]);
        Assert.That(X[TensorIndex.Ellipsis, TensorIndex.NewAxis].Shape, Is.EqualTo(Shape.Create([2, 3, 4, 1])));
        Assert.That(X[0, 0, 0, TensorIndex.Ellipsis].Shape, Is.EqualTo(Shape.Create([])));
    }

    [Test]
    public void Tensors_of_integers_broadcast_together()
    {
        var rows = Tensor.From([0, 2], [2, 1]);
        var columns = Tensor.From([-1L, 0L, 1L]);
        Expect(X[0, rows, columns], [2, 3], [3, 0, 1, 11, 8, 9]);
        Expect(X[.., Tensor.From([2, 0, 2]), 1], [2, 3], [9, 1, 9, 21, 13, 21]);
    }

    [Test]
    public void Tensors_apart_put_their_axes_in_front()
    {
        var index = Tensor.From([0, 1, 0]);
        Assert.That(X[0, .., index].Shape, Is.EqualTo(Shape.Create([3, 3])));
        Expect(X[0, .., index], [3, 3], [0, 4, 8, 1, 5, 9, 0, 4, 8]);
    }

    [Test]
    public void Masks_stand_for_their_true_positions()
    {
        Expect(X[X > 20], [3], [21, 22, 23]);
        var rows = Tensor.From([true, false, true]);
        Expect(X[1, rows, 0], [2], [12, 20]);
        Expect(X[.., rows][.., .., 3], [2, 2], [3, 11, 15, 23]);
        Expect(X[X < 0], [0], []);
        Expect(X[0, 0][Tensor.From(true)], [1, 4], [0, 1, 2, 3]);
        Expect(X[0, 0][Tensor.From(false)], [0, 4], []);
    }

    [Test]
    public void Bfloat16_and_bool_are_indexed_as_they_are()
    {
        var x = Tensor.From([1.5f, -2, 3]);
        var index = Tensor.From([2, 0]);
        Assert.That(x.To(DType.BFloat16)[index].DType, Is.EqualTo(DType.BFloat16));
        Expect(x.To(DType.BFloat16)[index], [2], [3, 1.5]);
        Expect((x > 0)[index], [2], [1, 1]);
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void Any_mixture_of_items_follows_NumPy(int seed)
    {
        var random = new Random(seed);
        int[] shape = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(1, 5))];
        var x = Tensor.Arange((int)Shape.Create(shape).Size).Reshape([.. shape]);
        var (indices, items) = Draw(random, shape);
        var (expectedShape, positions) = Positions(shape, items);
        var y = x[[.. indices]];
        Assert.That(y.Shape, Is.EqualTo(Shape.Create([.. expectedShape])), string.Join(" ", items));
        Assert.That(y.ToArray<int>(), Is.EqualTo(positions), string.Join(" ", items));
    }

    [Test]
    public void Derivatives_of_an_index_add_up_at_repeated_positions()
    {
        var x = Tensor.From([1.0, 2, 3]);
        var index = Tensor.From([0, 2, 0]);
        // x0²x2 + x2²x1 + x0³
        Expect(Grad((Tensor v) => (v[index] * v[index] * v[TensorIndex.Every(-1)]).Sum())(x), [3], [2 * 3 + 3, 9, 1 + 2 * 3 * 2]);
    }

    [Test]
    public void Vmap_indexes_each_row_by_its_own_positions()
    {
        var index = Tensor.From([2, 0]);
        var y = Vmap((Tensor x, Tensor i) => x[i, 0])(X, index);
        Assert.That(y.Shape, Is.EqualTo(Shape.Create([2])));
        Expect(y, [2], [8, 12]);
    }

    [Test]
    public void A_mask_of_traced_values_is_refused_with_advice()
    {
        var error = Assert.Throws<TransformException>(() => Grad((Tensor v) => v[v > 0].Sum())(Tensor.From([1f, -1f])));
        Assert.That(error.Message, Does.StartWith("Index: ").And.Contain("[2]").And.Contain("Tensor.Select"));
    }

    [Test]
    public void A_mask_from_outside_is_no_matter_to_a_derivative()
    {
        var mask = Tensor.From([true, false, true]);
        Expect(Grad((Tensor v) => v[mask].Square().Sum())(Tensor.From([1.0, 2, 3])), [3], [2, 0, 6]);
    }

    [Test]
    public void Wrong_indices_name_the_shape_at_the_callers_line()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => X[2], Throws.TypeOf<AxisException>().With.Message.EqualTo("Index: position 2 is outside axis 0 of [2, 3, 4]"));
            Assert.That(() => X[0, -4], Throws.TypeOf<AxisException>().With.Message.Contains("position -4").And.Message.Contains("[2, 3, 4]"));
            Assert.That(() => X[0, 0, 0, 0], Throws.TypeOf<AxisException>().With.Message.Contains("4 axes").And.Message.Contains("[2, 3, 4]"));
            Assert.That(() => X[TensorIndex.Ellipsis, TensorIndex.Ellipsis], Throws.TypeOf<AxisException>().With.Message.Contains("more than one ellipsis"));
            Assert.That(() => X[Tensor.From([1f])], Throws.TypeOf<DTypeException>().With.Message.Contains("float32[1]").And.Message.Contains("[2, 3, 4]"));
            Assert.That(() => X[Tensor.From([true])], Throws.TypeOf<ShapeException>().With.Message.Contains("mask [1]").And.Message.Contains("[2, 3, 4]"));
            Assert.That(() => X[Tensor.From([1, 0]), Tensor.From([0, 1, 2])], Throws.TypeOf<ShapeException>().With.Message.Contains("[2] and [3]"));
            Assert.That(() => TensorIndex.Every(0), Throws.TypeOf<AxisException>());
        }
    }

    [Test]
    public void Positions_outside_are_refused_when_the_value_is_computed_and_never_read_a_neighbour()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => X[Tensor.From([2])].Evaluate(), Throws.TypeOf<AxisException>());
            Assert.That(() => X[Tensor.From([0]), Tensor.From([3])].Evaluate(), Throws.TypeOf<AxisException>());
            Assert.That(() => X.TakeAlong(Tensor.From([4], [1, 1, 1]), 2).Evaluate(), Throws.TypeOf<AxisException>());
        }
    }

    [Test]
    public void Nonzero_lists_coordinates_in_order()
    {
        Expect(Tensor.From(new[,] { { 0, 2, 0 }, { 3, 0, 4 } }).Nonzero(), [3, 2], [0, 1, 1, 0, 1, 2]);
        Expect(Tensor.Zeros([2, 2]).Nonzero(), [0, 2], []);
    }

    [Test]
    public void One_hot_marks_the_class_and_ignores_strangers()
    {
        Expect(Tensor.From([1, 0, 3]).OneHot(3), [3, 3], [0, 1, 0, 1, 0, 0, 0, 0, 0]);
        Assert.That(() => Tensor.From([1f]).OneHot(3), Throws.TypeOf<DTypeException>().With.Message.Contains("OneHot").And.Message.Contains("float32[1]"));
    }

    [Test]
    public void Gather_takes_an_index_smaller_than_the_tensor() =>
        Expect(X[0].Gather(1, Tensor.From(new[,] { { 3, 0 }, { 1, 1 } })), [2, 2], [3, 0, 5, 5]);

    internal static (List<TensorIndex> Indices, List<Item> Items) Draw(Random random, int[] shape)
    {
        var indices = new List<TensorIndex>();
        var items = new List<Item>();
        int[] joint = [random.Next(1, 4), random.Next(1, 4)];
        for (var axis = 0; axis < shape.Length;)
        {
            var n = shape[axis];
            switch (random.Next(7))
            {
                case 0:
                    indices.Add(TensorIndex.NewAxis);
                    items.Add(new New());
                    continue;
                case 1:
                    var position = random.Next(-n, n);
                    indices.Add(position);
                    items.Add(new One(position));
                    break;
                case 2 or 3:
                    int low = random.Next(n + 1), high = random.Next(low, n + 1), step = random.Next(1, 4) * (random.Next(2) * 2 - 1);
                    indices.Add(TensorIndex.Every(step, low..high));
                    var kept = Enumerable.Range(low, high - low);
                    items.Add(new Kept([.. (step < 0 ? kept.Reverse() : kept).Where((_, i) => i % Math.Abs(step) == 0)]));
                    break;
                case 4:
                    // An ellipsis for one axis, if none is there yet; else the axis whole.
                    indices.Add(..);
                    items.Add(new Kept([.. Enumerable.Range(0, n)]));
                    break;
                default:
                    int[] own = random.Next(3) switch { 0 => [], 1 => [joint[1]], _ => [joint[0], 1] };
                    var size = own.Aggregate(1, (a, b) => a * b);
                    int[] values = [.. Enumerable.Range(0, size).Select(_ => random.Next(-n, n))];
                    indices.Add(random.Next(2) == 0 ? Tensor.From(values, [.. own]) : Tensor.From(values, [.. own]).To(DType.Int64));
                    items.Add(new Many(own, values));
                    break;
            }

            axis++;
        }

        return (indices, items);
    }

    internal static void Expect(Tensor actual, Shape shape, double[] values)
    {
        Assert.That(actual.Shape, Is.EqualTo(shape));
        Assert.That(actual.ToArray<double>(), Is.EqualTo(values).Within(1e-12));
    }
}
