using static Noether.Transform;

namespace Noether.Tests.Transforms;

[Parallelizable(ParallelScope.All)]
public sealed class LoopTests
{
    private static readonly Tensor X = Tensor.From([0.3, -1.2, 2.0], device: Device.Host);
    private static readonly Tensor Steps = Tensor.From(new[,] { { 1.0, 2, 3 }, { 0.5, -1, 0.2 }, { -0.4, 0.1, 1.5 }, { 2, 0, -1 } }, Device.Host);

    [Test]
    public void A_scan_carries_and_stacks()
    {
        var (sum, partial) = Scan<Tensor>((c, x) => (c + x, c + x), X.ZerosLike(), Steps);
        Same(sum, Steps.Sum(0));
        Same(partial, Steps.CumSum(0));
    }

    [Test]
    public void A_scan_of_no_steps_gives_the_carry()
    {
        var (carry, outputs) = Scan<Tensor>((c, x) => (c + x, c), X, Tensor.Zeros([0, 3], DType.Float64, Device.Host));
        Same(carry, X);
        Assert.That(outputs.Shape, Is.EqualTo(Shape.Create([0, 3])));
    }

    [Test]
    public void A_carry_that_comes_back_unchanged_or_exchanged_is_kept()
    {
        var (carry, _) = Scan((c, _) => ([c[1], c[0]], []), [X, 2 * X], [], length: 5);
        Same(carry[0], 2 * X);
        Same(carry[1], X);
    }

    [Test]
    public void Derivatives_of_a_scan_are_those_of_the_loop_written_out()
    {
        var scale = Tensor.From([0.9, 1.1, 0.7], device: Device.Host);
        Tensor Looped(Tensor x, Tensor w) => Scan<Tensor>((c, s) => ((c * w + s).Tanh(), c * c), x, Steps) is var (c, y) ? (c + y.Sum(0)).Sum() : x;
        Tensor Written(Tensor x, Tensor w)
        {
            var (c, total) = (x, x.ZerosLike());
            for (var t = 0; t < 4; t++) (c, total) = ((c * w + Steps[t]).Tanh(), total + c * c);
            return (c + total).Sum();
        }

        Same(Grad(x => Looped(x, scale))(X), Grad(x => Written(x, scale))(X));
        Same(Grad(w => Looped(X, w))(scale), Grad(w => Written(X, w))(scale));
        Same(Hessian(w => Looped(X, w))(scale), Hessian(w => Written(X, w))(scale));
        Same(Hvp(x => Looped(x, scale), X, scale), Hvp(x => Written(x, scale), X, scale));
        Same(Vmap(Grad(x => Looped(x, scale)))(Tensor.Stack(0, X, -X)), Tensor.Stack(0, Grad(x => Written(x, scale))(X), Grad(x => Written(x, scale))(-X)));
        Same(Compile((Tensor x) => Grad(v => Looped(v, scale))(x))(X), Grad(x => Written(x, scale))(X));
    }

    [Test]
    public void A_long_scan_holds_one_carry()
    {
        const int n = 1 << 14;
        var x = Tensor.Ones([n], DType.Float64, Device.Host).Evaluate();
        var (last, _) = Scan((c, _) => ([c[0] + 1], []), [x], [], length: 1000);
        Memory.ResetPeak(Device.Host);
        var before = Memory.Live(Device.Host);
        Assert.That(last[0].Narrow(0, 0, 1).Item(), Is.EqualTo(1001));
        Assert.That(Memory.Peak(Device.Host) - before, Is.LessThan(100 * n * sizeof(double))); // other tests run beside this one
    }

    [Test]
    public void A_while_stops_where_its_condition_does()
    {
        // Newton's method for √2.
        var root = While(x => (x * x - 2).Abs() > 1e-13, x => 0.5 * (x + 2 / x), Tensor.From(1.0, DType.Float64, Device.Host));
        Assert.That(root.Item(), Is.EqualTo(Math.Sqrt(2)).Within(1e-13));
    }

    [Test]
    public void A_while_has_forward_derivatives_and_says_that_it_has_no_others()
    {
        static Tensor Doubled(Tensor x) => While(c => c.Abs() < 10, c => c * 2, x);
        var x = Tensor.From(1.5, DType.Float64, Device.Host);
        Assert.That(Jvp(Doubled, x, x.OnesLike()).Tangent.Item(), Is.EqualTo(8));
        Assert.That(() => Grad(Doubled)(x), Throws.TypeOf<TransformException>().With.Message.Contains("While").And.Message.Contains("Scan"));
    }

    [Test]
    public void A_batched_while_stops_each_example_by_itself()
    {
        var limit = Tensor.From(10.0, DType.Float64, Device.Host);
        var x = Tensor.From([1.0, 3, 20, -1.25], device: Device.Host);
        Same(Vmap(v => While(c => c.Abs() < limit, c => c * 2, v))(x), Tensor.From([16.0, 12, 20, -10], device: Device.Host));
    }

    [Test]
    public void Loops_refuse_bodies_that_change_the_carry()
    {
        Assert.That(() => Scan<Tensor>((c, x) => (c.Sum(), x), X, Steps), Throws.TypeOf<ShapeException>().With.Message.Contains("Scan").And.Message.Contains("[3]"));
        Assert.That(() => While(c => c.Sum() > 0, c => c.Sum(), X), Throws.TypeOf<ShapeException>().With.Message.Contains("While").And.Message.Contains("[3]"));
        Assert.That(() => While(c => c > 0, c => c, X), Throws.TypeOf<ShapeException>().With.Message.Contains("bool[3]"));
        Assert.That(() => Scan((c, _) => (c, []), [X], []), Throws.TypeOf<ShapeException>().With.Message.Contains("length"));
    }

    private static void Same(Tensor actual, Tensor expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        Assert.That(actual.ToArray<double>(), Is.EqualTo(expected.ToArray<double>()).Within(1e-12));
    }
}
