using static Noether.Nn.Tests.Numbers;

namespace Noether.Nn.Tests;

public class LbfgsTests
{
    private static Tensor Rosenbrock(Parameters p)
    {
        var x = p["x"];
        var (head, tail) = (x.Narrow(0, 0, (int)x.Size - 1), x.Narrow(0, 1, (int)x.Size - 1));
        return (100 * (tail - head.Square()).Square() + (1 - head).Square()).Sum();
    }

    [TestCase(2, 60)]
    [TestCase(10, 120)]
    public void Finds_the_bottom_of_Rosenbrocks_valley(int size, int iterations)
    {
        var start = Parameters.Of(("x", Tensor.Full([size], -1.2, DType.Float64)));
        var result = new Lbfgs { Iterations = iterations, ChangeTolerance = 0 }.Minimize(Rosenbrock, start);
        Assert.That(result.Converged, Is.True);
        Assert.That(result.Parameters["x"].ToArray<double>(), Is.All.EqualTo(1).Within(1e-6)); // gradient below 1e-7, smallest curvature about 0.4
        Assert.That(result.Value, Is.LessThan(1e-12));
        Assert.That(result.LargestGradient, Is.LessThanOrEqualTo(1e-7));
    }

    [Test]
    public void Solves_least_squares_over_a_tree_in_about_as_many_steps_as_unknowns()
    {
        var a = RandomKey.From(1).Normal([12, 5], type: DType.Float64);
        var b = Values([12], 2);
        var start = Parameters.Of(("w", Tensor.Zeros([4], DType.Float64)), ("c", Tensor.Zeros([1], DType.Float64)));
        Tensor Residual(Parameters p) => a.MatMul(Tensor.Concatenate(0, p["w"], p["c"])) - b;
        var result = new Lbfgs { ChangeTolerance = 0, GradientTolerance = 1e-8 }.Minimize(p => Residual(p).Square().Sum(), start);
        Assert.That(result.Iterations, Is.LessThan(20));
        Assert.That(a.Transpose().MatMul(Residual(result.Parameters)).ToArray<double>(), Is.All.Zero.Within(1e-8)); // the normal equations; values of order 1 show no smaller gradient
    }

    [Test]
    public void A_call_goes_on_with_the_curvature_of_an_earlier_one()
    {
        var start = Parameters.Of(("x", Tensor.Full([4], -1.2, DType.Float64)));
        var half = new Lbfgs { Iterations = 15, ChangeTolerance = 0 };
        var first = half.Minimize(Rosenbrock, start);
        var resumed = half.Minimize(Rosenbrock, first.Parameters, first.State);
        var whole = (half with { Iterations = 30 }).Minimize(Rosenbrock, start);
        Assert.That(first.Converged, Is.False);
        Assert.That(resumed.Value, Is.EqualTo(whole.Value).Within(1e-12 * (1 + whole.Value)));
        Assert.That(first.State.Count, Is.EqualTo(20)); // ten pairs
    }

    [Test]
    public void Steps_back_from_where_the_function_is_not_finite()
    {
        // log is NaN left of zero; the first trial of step 1 from 0.1 along 1/x jumps there.
        var start = Parameters.Of(("x", Tensor.From([0.1])));
        var result = new Lbfgs { LearningRate = 100 }.Minimize(p => (p["x"] - p["x"].Log()).Sum() + (3 - p["x"]).Log().Sum() * 0, start);
        Assert.That(result.Parameters["x"].Item(), Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void A_start_at_the_minimum_stays_there_and_a_start_at_NaN_is_refused()
    {
        var start = Parameters.Of(("x", Tensor.From([0.0, 0])));
        var result = new Lbfgs().Minimize(p => p["x"].Square().Sum(), start);
        Assert.That((result.Iterations, result.Converged), Is.EqualTo((0, true)));
        Assert.That(() => new Lbfgs().Minimize(p => (p["x"] - 1).Log().Sum(), start), Throws.TypeOf<TransformException>().With.Message.Contains("at the start"));
    }
}
