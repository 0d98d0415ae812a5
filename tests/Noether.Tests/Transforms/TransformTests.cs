using static Noether.Transform;

namespace Noether.Tests.Transforms;

[Parallelizable(ParallelScope.All)]
public sealed class TransformTests
{
    private static readonly Tensor X = Tensor.From([0.3, -1.2, 2.0], device: Device.Host);

    [Test]
    public void Gradient_of_a_sum_is_ones() => Same(Grad(x => x.Sum())(X), [1, 1, 1]);

    [Test]
    public void Derivatives_nest_to_any_order()
    {
        Func<Tensor, Tensor> f = x => x.Pow(5).Sum();
        for (var order = 1; order <= 4; order++)
        {
            var inner = Grad(f);
            f = x => inner(x).Sum();
        }

        Assert.That(f(X).Item(), Is.EqualTo(120 * (0.3 - 1.2 + 2.0)).Within(1e-10));
    }

    [Test]
    public void Nested_derivatives_do_not_confuse_their_perturbations()
    {
        // d/dx [x · d/dy (x + y)] at y = 1 is 1, not 2 (Siskind and Pearlmutter 2005).
        var derivative = Grad(x => (x * Grad(y => (x + y).Sum())(Tensor.From(1.0, DType.Float64, Device.Host))).Sum());
        Assert.That(derivative(Tensor.From(1.0, DType.Float64, Device.Host)).Item(), Is.EqualTo(1));
    }

    [Test]
    public void Jacobian_is_the_same_from_both_sides()
    {
        Tensor Tall(Tensor x) => Tensor.Concatenate(0, x.Sin(), x * x.Sum(), x.Exp());
        Tensor Wide(Tensor x) => (x * x).Sum().Reshape(1);
        var columns = Jvp(Tall, X, Tensor.From([1.0, 0, 0], device: Device.Host)).Tangent.ToArray<double>();
        var tall = Jacobian(Tall)(X);
        Assert.That(tall.Shape, Is.EqualTo(Shape.Create([9, 3])));
        Assert.That(tall.Narrow(1, 0, 1).ToArray<double>(), Is.EqualTo(columns).Within(1e-13));
        Same(Jacobian(Wide)(X), [0.6, -2.4, 4.0]);
    }

    [Test]
    public void Hessian_is_symmetric_and_gives_the_product()
    {
        Tensor F(Tensor x) => (x.Sin() * x.Sum()).Sum() + x.Narrow(0, 0, 1).Sum() * x.Exp().Sum();
        var hessian = Hessian(F)(X);
        var v = Tensor.From([0.5, 2, -1], device: Device.Host);
        Same(hessian, hessian.Transpose().ToArray<double>());
        Same(Hvp(F, X, v), hessian.MatMul(v).ToArray<double>());
    }

    [Test]
    public void Vmap_of_grad_is_a_gradient_for_each_row()
    {
        var rows = Tensor.Stack(0, X, 2 * X);
        var w = Tensor.From([1.0, 2, 3], device: Device.Host);
        var actual = Vmap(Grad(x => (x * w).Tanh().Sum()))(rows);
        var expected = Tensor.Stack(0, Grad(x => (x * w).Tanh().Sum())(X), Grad(x => (x * w).Tanh().Sum())(2 * X));
        Same(actual, expected.ToArray<double>());
    }

    [Test]
    public void Grad_of_vmap_is_the_gradient_of_the_batch() =>
        Same(Grad(x => Vmap(row => (row * row).Sum())(x).Sum())(Tensor.Stack(0, X, X)), [0.6, -2.4, 4, 0.6, -2.4, 4]);

    [Test]
    public void Vmap_takes_and_gives_any_axis()
    {
        var x = Tensor.Arange(6, DType.Float64, Device.Host).Reshape(2, 3);
        var y = Vmap(column => column * column.Sum(), inAxis: 1, outAxis: 1)(x);
        Same(y, (x * x.Sum(0)).ToArray<double>());
    }

    [Test]
    public void Linearize_applies_one_derivative_to_many_tangents()
    {
        var (value, push) = Linearize<Tensor, Tensor>(x => x.Sin() * x, X);
        Same(value, (X.Sin() * X).ToArray<double>());
        foreach (var v in (Tensor[])[X, X.OnesLike()]) Same(push(v), Jvp(x => x.Sin() * x, X, v).Tangent.ToArray<double>());
    }

    [Test]
    public void A_pullback_may_be_called_after_its_value_was_read()
    {
        var (value, pull) = Vjp(x => x.Exp(), X);
        value.Evaluate();
        Same(pull(X.OnesLike()), X.Exp().ToArray<double>());
        Same(pull(2 * X.OnesLike()), (2 * X.Exp()).ToArray<double>());
    }

    [Test]
    public void Stopped_gradients_are_zero() => Same(Grad(x => (x * x.StopGradient()).Sum())(X), X.ToArray<double>());

    [Test]
    public void Checkpoint_changes_no_derivative()
    {
        Tensor F(Tensor x) => (x.Sin() * x.Exp()).Tanh();
        Same(Grad(x => Checkpoint(F)(x).Sum())(X), Grad(x => F(x).Sum())(X).ToArray<double>());
        Same(Hvp(x => Checkpoint(F)(x).Sum(), X, X), Hvp(x => F(x).Sum(), X, X).ToArray<double>());
    }

    [Test]
    public void Checkpoint_computes_the_forward_pass_again_in_the_reverse_pass()
    {
        static Tensor Block(Tensor x) => x.Sin().Reshape(-1).Exp().Reshape(-1);
        var kept = Explain.Plan(Grad(x => (Block(x) * 2).Sum())(X));
        var again = Explain.Plan(Grad(x => (Checkpoint(Block)(x) * 2).Sum())(X));
        Assert.That(Count(again, "Sine"), Is.GreaterThan(Count(kept, "Sine") - 1).And.GreaterThan(0));
        Assert.That(again, Does.Contain("Barrier"));

        static int Count(string text, string word) => text.Split(word).Length - 1;
    }

    [Test]
    public void A_custom_tangent_replaces_the_derivative_in_both_modes()
    {
        var f = CustomDerivative(x => x.Sin(), tangent: (x, _, dx) => 10 * x * dx);
        Same(Grad(x => f(x).Sum())(X), (10 * X).ToArray<double>());
        Same(Jvp(f, X, X).Tangent, (10 * X * X).ToArray<double>());
        Same(Vmap(Grad(x => f(x).Sum()))(Tensor.Stack(0, X, X)), Tensor.Stack(0, 10 * X, 10 * X).ToArray<double>());
        Same(Grad(x => Grad(z => f(z).Sum())(x).Sum())(X), [10, 10, 10]);
    }

    [Test]
    public void A_custom_pullback_replaces_the_derivative_in_both_modes()
    {
        var f = CustomDerivative(x => x.Sin(), pullback: (x, _, c) => 10 * x * c);
        Same(Grad(x => f(x).Sum())(X), (10 * X).ToArray<double>());
        Same(Jvp(f, X, X).Tangent, (10 * X * X).ToArray<double>());
    }

    [Test]
    public void Compile_traces_once_for_each_signature_and_gives_the_same_values()
    {
        var traces = 0;
        var f = Compile((Tensor x) =>
        {
            traces++;
            return (x * x).Sum();
        });
        Assert.That(f(X).Item(), Is.EqualTo((X * X).Sum().Item()));
        Assert.That(f(2 * X).Item(), Is.EqualTo((4 * X * X).Sum().Item()).Within(1e-14));
        Assert.That(traces, Is.EqualTo(1));
        f(Tensor.Stack(0, X, X));
        f(X.To(DType.Float32));
        Assert.That(traces, Is.EqualTo(3));
    }

    [Test]
    public void Compile_nests_with_every_transform()
    {
        var f = Compile((Tensor x) => (x.Sin() * x).Sum());
        var plain = Grad(x => (x.Sin() * x).Sum())(X).ToArray<double>();
        Same(Grad(f)(X), plain);
        Same(Compile(Grad(f))(X), plain);
        Same(Vmap(Compile(Grad(f)))(Tensor.Stack(0, X, X)).Narrow(0, 1, 1).Squeeze(0), plain);
    }

    [Test]
    public void A_donated_argument_has_no_value_afterwards()
    {
        var step = Compile((Tensor[] a) => [a[0] - 0.5 * a[1]], donate: 0);
        var x = (X + 0).Evaluate();
        Same(step([x, X])[0], (0.5 * X).ToArray<double>());
        Assert.That(() => x.ToArray<double>(), Throws.TypeOf<DisposedException>().With.Message.Contains("donated"));
    }

    [Test]
    public void Reading_a_traced_value_says_what_to_do()
    {
        foreach (var transform in (Action[])[
            () => Grad(x => x.Item() > 0 ? x : -x)(X.Sum()),
            () => Vmap(x => x * x.ToArray<double>()[0])(X),
            () => Compile((Tensor x) => x * x.Item())(X.Sum())])
        {
            Assert.That(() => transform(), Throws.TypeOf<TransformException>().With.Message.Contains("Select"));
        }
    }

    [Test]
    public void A_gradient_of_many_numbers_is_refused() =>
        Assert.That(() => Grad(x => x)(X), Throws.TypeOf<TransformException>().With.Message.Contains("[3]"));

    [Test]
    public void Integer_arguments_have_no_derivative() =>
        Assert.That(() => Grad(x => x.Sum())(Tensor.Arange(3)), Throws.TypeOf<DTypeException>().With.Message.Contains("int32"));

    [Test]
    public void Batches_of_different_sizes_are_refused() =>
        Assert.That(() => Vmap((x, y) => x + y)(X, Tensor.Stack(0, X, X)), Throws.TypeOf<ShapeException>().With.Message.Contains("Vmap"));

    private static void Same(Tensor actual, double[] expected) => Assert.That(actual.ToArray<double>(), Is.EqualTo(expected).Within(1e-12));
}
