using static Noether.Transform;

namespace Noether.Tests.Tensors;

/// <summary>Laws of views, and chains of them against plain loops. A failing seed repeats its case.</summary>
public sealed class ViewAlgebraTests
{
    private const int MostSteps = 6;
    private const int MostElements = 500;

    [FsCheck.NUnit.Property(MaxTest = 300, QuietOnSuccess = true)]
    public void A_chain_of_views_reads_what_plain_loops_read(int seed)
    {
        var (x, view, reference, steps) = Chain(new Random(seed));
        Assert.That(view(x).Shape, Is.EqualTo(Shape.Create(reference.Shape)), steps);
        Assert.That(view(x).ToArray<int>(), Is.EqualTo(reference.Values), steps);

        // What is behind a view reads it in place: elementwise, along an axis, and beside another view of the same elements.
        Assert.That((view(x) * 2 + 1).ToArray<int>(), Is.EqualTo(reference.Values.Select(v => 2 * v + 1)), steps);
        Assert.That(view(x).Sum().Item<long>(), Is.EqualTo(reference.Values.Sum(v => (long)v)), steps);
        Assert.That((view(x) - view(x + 3)).ToArray<int>(), Is.All.EqualTo(-3), steps);
    }

    [FsCheck.NUnit.Property(MaxTest = 100, QuietOnSuccess = true)]
    public void The_gradient_of_a_chain_of_views_adds_up_what_came_from_each_element(int seed)
    {
        var (x, view, reference, steps) = Chain(new Random(seed));
        var expected = new double[x.Size];
        for (var n = 0; n < reference.Values.Length; n++) expected[reference.Values[n]] += n + 1; // whole numbers: exact

        var weights = (Tensor.Arange(reference.Values.Length, DType.Float64) + 1).Reshape(Shape.Create(reference.Shape));
        var gradient = Grad(v => (view(v) * weights).Sum())(x.To(DType.Float64));
        Assert.That(gradient.Shape, Is.EqualTo(x.Shape), steps);
        Assert.That(gradient.ToArray<double>(), Is.EqualTo(expected), steps);
    }

    [FsCheck.NUnit.Property(MaxTest = 100, QuietOnSuccess = true)]
    public void Permutations_compose_and_have_inverses(int seed)
    {
        var random = new Random(seed);
        var x = Counting(Sizes(random));
        int[] first = Order(random, x.Rank), second = Order(random, x.Rank), inverse = new int[x.Rank];
        for (var i = 0; i < first.Length; i++) inverse[first[i]] = i;
        Same(x.Permute(first).Permute(second), x.Permute([.. second.Select(i => first[i])]));
        Same(x.Permute(first).Permute(inverse), x);
        Same(x.Transpose().Transpose(), x);
    }

    [FsCheck.NUnit.Property(MaxTest = 100, QuietOnSuccess = true)]
    public void Reshapes_keep_the_order_and_so_forget_the_shape_between(int seed)
    {
        var random = new Random(seed);
        var x = Counting(Sizes(random));
        int[] between = Factors(random, (int)x.Size), last = Factors(random, (int)x.Size);
        Same(x.Reshape(between).Reshape(last), x.Reshape(last));
        Same(x.Reshape(between).Reshape(x.Shape), x);

        // Also of a view that no reshape can show in place.
        var turned = x.Transpose();
        Same(turned.Reshape(between).Reshape(turned.Shape).Transpose(), x);
    }

    [FsCheck.NUnit.Property(MaxTest = 100, QuietOnSuccess = true)]
    public void Flips_undo_themselves_and_rolls_add(int seed)
    {
        var random = new Random(seed);
        var x = Counting([random.Next(1, 5), random.Next(1, 6), random.Next(0, 4)]);
        int axis = random.Next(3), a = random.Next(-9, 10), b = random.Next(-9, 10);
        Same(x.Flip(axis).Flip(axis), x);
        Same(x.Flip(0, 2), x.Flip(2).Flip(0));
        Same(x.Roll(a, axis).Roll(b, axis), x.Roll(a + b, axis));
        Same(x.Roll(x.Shape[axis] * a, axis), x);
        Same(x.Flip(axis).Roll(a, axis), x.Roll(-a, axis).Flip(axis));
    }

    [FsCheck.NUnit.Property(MaxTest = 100, QuietOnSuccess = true)]
    public void Slices_compose_and_parts_join_to_the_whole(int seed)
    {
        var random = new Random(seed);
        int n = random.Next(1, 12), start = random.Next(n), count = random.Next(n - start + 1);
        int inner = random.Next(count + 1), step = random.Next(1, 4), cut = random.Next(n + 1);
        var x = Counting([2, n, 3]);
        Same(x[.., start..(start + count)][.., inner..], x[.., (start + inner)..(start + count)]);
        Same(x[.., TensorIndex.Every(step)][.., TensorIndex.Every(2)], x[.., TensorIndex.Every(2 * step)]);
        Same(x[.., TensorIndex.Every(-1)], x.Flip(1));
        Same(Tensor.Concatenate(1, x[.., ..cut], x[.., cut..]), x);
    }

    [FsCheck.NUnit.Property(MaxTest = 200, QuietOnSuccess = true)]
    public void Broadcasting_of_shapes_is_commutative_associative_and_idempotent(int seed)
    {
        var random = new Random(seed);
        Shape a = Stretchable(random), b = Stretchable(random), c = Stretchable(random);
        Assert.That(Shape.Broadcast(a, b), Is.EqualTo(Shape.Broadcast(b, a)), $"{a} {b}");
        Assert.That(Joint(Joint(a, b), c), Is.EqualTo(Joint(a, Joint(b, c))), $"{a} {b} {c}");
        Assert.That(Shape.Broadcast(a, a), Is.EqualTo(a));
        Assert.That(Shape.Broadcast(a, []), Is.EqualTo(a));
        if (Joint(a, b) is not { } joint) return;
        Assert.That(Shape.Broadcast(a, joint), Is.EqualTo(joint), $"{a} {b}");
        Assert.That(Shape.Broadcast(joint, b), Is.EqualTo(joint), $"{a} {b}");

        static Shape? Joint(Shape? x, Shape? y) => x is null || y is null ? null : Shape.Broadcast(x, y);
    }

    [FsCheck.NUnit.Property(MaxTest = 100, QuietOnSuccess = true)]
    public void An_operator_broadcasts_as_if_both_operands_had_been_stretched(int seed)
    {
        var random = new Random(seed);
        Tensor x = Counting([.. Stretchable(random)]), y = Counting([.. Stretchable(random)]);
        if (Shape.Broadcast(x.Shape, y.Shape) is not { } joint)
        {
            Assert.Throws<ShapeException>(() => _ = x - y);
            return;
        }

        var left = ViewReference.Counting([.. x.Shape]).Broadcast([.. joint]);
        var right = ViewReference.Counting([.. y.Shape]).Broadcast([.. joint]);
        Assert.That((x - y).Shape, Is.EqualTo(joint));
        Assert.That((x - y).ToArray<int>(), Is.EqualTo(left.Values.Zip(right.Values, static (a, b) => a - b)), $"{x.Shape} {y.Shape}");
    }

    private static Tensor Counting(int[] shape) => Tensor.Arange(ViewReference.Size(shape)).Reshape(Shape.Create(shape));

    private static void Same(Tensor actual, Tensor expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        Assert.That(actual.ToArray<int>(), Is.EqualTo(expected.ToArray<int>()));
    }

    // Random steps, as a function of the tensor and done by the reference, with their names for the message.
    private static (Tensor X, Func<Tensor, Tensor> View, ViewReference Reference, string Steps) Chain(Random random)
    {
        var shape = Sizes(random);
        var (x, reference) = (Counting(shape), ViewReference.Counting(shape));
        if (random.Next(2) == 0) x.Evaluate(); // views of stored elements; else of a computation
        var view = (Tensor v) => v;
        var names = $"[{string.Join(", ", shape)}]";
        for (var step = random.Next(1, MostSteps + 1); step > 0; step--)
        {
            var (name, next, after) = Step(random, reference);
            var before = view;
            view = v => next(before(v));
            (reference, names) = (after, $"{names} {name}");
        }

        return (x, view, reference, names);
    }

    private static (string Name, Func<Tensor, Tensor> Step, ViewReference After) Step(Random random, ViewReference x)
    {
        var rank = x.Shape.Length;
        var axis = rank == 0 ? 0 : random.Next(rank);
        switch (rank == 0 ? random.Next(2) : random.Next(6))
        {
            case 0:
                var factors = Factors(random, x.Values.Length);
                return ($"reshape[{string.Join(", ", factors)}]", v => v.Reshape(factors), x.Reshape(factors));
            case 1:
                int[] lead = x.Values.Length * 3 > MostElements ? [] : [random.Next(1, 4)];
                int[] target = [.. lead, .. x.Shape.Select(n => n == 1 && x.Values.Length * 9 < MostElements ? random.Next(1, 4) : n)];
                return ($"broadcast[{string.Join(", ", target)}]", v => v.BroadcastTo(Shape.Create(target)), x.Broadcast(target));
            case 2:
                var order = Order(random, rank);
                return ($"permute[{string.Join(", ", order)}]", v => v.Permute(order), x.Permute(order));
            case 3:
                int n = x.Shape[axis], start = random.Next(n + 1), step = random.Next(1, 4), count = (n - start + step - 1) / step;
                TensorIndex[] index = [.. Enumerable.Repeat<TensorIndex>(.., axis), TensorIndex.Every(step, start..)];
                return ($"slice({axis}, {start}, {step})", v => v[index], x.Slice(axis, start, step, count));
            case 4:
                return ($"flip({axis})", v => v.Flip(axis), x.Flip(axis));
            default:
                var shift = random.Next(-5, 6);
                return ($"roll({shift}, {axis})", v => v.Roll(shift, axis), x.Roll(shift, axis));
        }
    }

    private static int[] Sizes(Random random) => [.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(8) == 0 ? 0 : random.Next(1, 5))];

    private static int[] Order(Random random, int rank)
    {
        int[] order = [.. Enumerable.Range(0, rank)];
        random.Shuffle(order);
        return order;
    }

    // Sizes with a given product, ones among them.
    private static int[] Factors(Random random, int size)
    {
        if (size == 0) return [random.Next(3), 0];
        var factors = new List<int>();
        for (var rest = size; rest > 1 || random.Next(3) == 0;)
        {
            int[] divisors = [.. Enumerable.Range(1, rest).Where(d => rest % d == 0)];
            var factor = divisors[random.Next(divisors.Length)];
            factors.Add(factor);
            rest /= factor;
        }

        return [.. factors];
    }

    // Mostly ones and one other size an axis, so that two shapes often fit.
    private static Shape Stretchable(Random random) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(10) switch { < 4 => 1, < 8 => 3, 8 => 2, _ => 0 })];
}
