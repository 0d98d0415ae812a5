using static Noether.Transform;

namespace Noether.Tests.Transforms;

/// <summary>Functions that use tensors from around them, which an outer transform traces.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class CaptureTests
{
    private static readonly Tensor X = Tensor.From([0.3, -1.2, 2.0], device: Device.Host);
    private static readonly Tensor W = Tensor.From([1.5, 0.5, -2.0], device: Device.Host);

    [Test]
    public void A_checkpoint_has_the_derivative_in_what_it_captures()
    {
        Same(Grad(w => Checkpoint(x => (x * w).Sin())(X).Sum())(W), Grad(w => (X * w).Sin().Sum())(W));
        Same(Grad(w => Checkpoint(x => (x * w.Exp()).Sin() + w)(w).Sum())(W), Grad(w => ((w * w.Exp()).Sin() + w).Sum())(W));
        Same(Jvp(w => Checkpoint(x => (x * w).Sin())(X), W, X).Tangent, Jvp(w => (X * w).Sin(), W, X).Tangent);
        Same(Hvp(w => Checkpoint(x => (x * w).Sin())(X).Sum(), W, X), Hvp(w => (X * w).Sin().Sum(), W, X));
    }

    [Test]
    public void A_checkpoint_that_returns_only_what_it_captures_has_its_derivative() =>
        Same(Grad(w => Checkpoint(_ => w)(X).Sum())(W), W.OnesLike());

    [Test]
    public void Checkpoints_nest_and_capture_through_each_other() =>
        Same(
            Grad(w => Checkpoint(x => Checkpoint(z => (z * w).Sin())(x).Exp() * w)(X).Sum())(W),
            Grad(w => ((X * w).Sin().Exp() * w).Sum())(W));

    [Test]
    public void A_checkpoint_may_capture_what_is_batched()
    {
        var rows = Tensor.Stack(0, W, 2 * W);
        Same(Vmap(w => Checkpoint(x => (x * w).Sin())(X))(rows), Vmap(w => (X * w).Sin())(rows));
        Same(Vmap(Grad(w => Checkpoint(x => (x * w).Sin())(X).Sum()))(rows), Vmap(Grad(w => (X * w).Sin().Sum()))(rows));
        Same(Grad(r => Vmap(w => Checkpoint(x => (x * w).Sin())(X))(r).Sum())(rows), Grad(r => (X * r).Sin().Sum())(rows));
    }

    [Test]
    public void A_checkpointed_function_runs_once_for_each_call()
    {
        var calls = 0;
        var f = Checkpoint(x =>
        {
            calls++;
            return x.Sin();
        });
        Grad(x => f(x).Sum())(X).Evaluate();
        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public void A_custom_derivative_in_what_it_captures_is_refused_not_zero()
    {
        foreach (var f in (Func<Tensor, Func<Tensor, Tensor>>[])[
            w => CustomDerivative(x => x * w, tangent: (_, _, dx) => dx),
            w => CustomDerivative(x => x * w, pullback: (_, _, c) => c)])
        {
            Assert.That(() => Grad(w => f(w)(X).Sum())(W), Throws.TypeOf<TransformException>().With.Message.Contains("captures"));
            Assert.That(() => Jvp(w => f(w)(X), W, X), Throws.TypeOf<TransformException>().With.Message.Contains("captures"));
            Same(Grad(x => f(W)(x).Sum())(X), X.OnesLike());
            Same(Vmap(w => f(w)(X))(Tensor.Stack(0, W, X)), Tensor.Stack(0, X * W, X * X));
        }
    }

    [Test]
    public void A_compiled_function_may_capture_what_is_traced()
    {
        Same(Grad(w => Compile((Tensor x) => (x * w).Sin().Sum())(X))(W), Grad(w => (X * w).Sin().Sum())(W));
        Same(Vmap(w => Compile((Tensor x) => x * w)(X))(Tensor.Stack(0, W, X)), Tensor.Stack(0, X * W, X * X));
    }

    [Test]
    public void Empty_arguments_have_empty_derivatives()
    {
        var none = Tensor.Zeros([0], DType.Float64, Device.Host);
        Assert.That(Jacobian(x => x.Sin())(none).Shape, Is.EqualTo(Shape.Create([0, 0])));
        Assert.That(Hessian(x => x.Sin().Sum())(none).ToArray<double>(), Is.Empty);
        Assert.That(Vmap(x => x * W)(Tensor.Zeros([0, 3], DType.Float64, Device.Host)).Shape, Is.EqualTo(Shape.Create([0, 3])));
    }

    [Test]
    public void Deep_functions_have_derivatives_batches_and_plans()
    {
        const int depth = 20_000;
        static Tensor Deep(Tensor x)
        {
            for (var i = 0; i < depth; i++) x = (x * 1.0001).StopGradient().Reshape(x.Shape) + x;
            return (x * 1e-300).Sum();
        }

        static Tensor Chain(Tensor x)
        {
            for (var i = 0; i < depth; i++) x = x * 1.0001;
            return x.Sum();
        }

        var expected = Math.Pow(1.0001, depth);
        Assert.That(Grad(Chain)(X).Narrow(0, 0, 1).Item(), Is.EqualTo(expected).Within(1e-9));
        Assert.That(Jvp(Chain, X, X.OnesLike()).Tangent.Item(), Is.EqualTo(3 * expected).Within(1e-9));
        Assert.That(Vmap(Chain)(Tensor.Stack(0, X, X)).ToArray<double>()[0], Is.EqualTo(1.1 * expected).Within(1e-9));
        Assert.That(Compile((Tensor x) => Chain(x))(X).Item(), Is.EqualTo(1.1 * expected).Within(1e-9));
        Assert.That(Chain(X).ToString(), Does.Contain("float64[]"));
        Assert.That(() => Deep(X).Item(), Throws.Nothing);
    }

    private static void Same(Tensor actual, Tensor expected) =>
        Assert.That(actual.ToArray<double>(), Is.EqualTo(expected.ToArray<double>()).Within(1e-12));
}
