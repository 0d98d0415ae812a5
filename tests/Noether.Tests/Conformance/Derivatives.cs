using Noether.Primitives;
using Noether.Transforms;

namespace Noether.Tests.Conformance;

/// <summary>First and second derivatives of every primitive, in float64.</summary>
/// <remarks>
/// A primitive's outputs are weighted by fixed cotangents to one number φ(x), and differentiated along fixed directions, so that every
/// entry of every derivative counts. Central differences with h = 1e-5 are off by h²/6 times the third derivative and by 1e-16/h: about
/// 1e-10; the tolerance of 1e-6 leaves room for large third derivatives.
/// </remarks>
[Parallelizable(ParallelScope.All)]
public sealed class Derivatives
{
    private const double Step = 1e-5;
    private const double Tolerance = 1e-6;

    [TestCaseSource(typeof(Cases), nameof(Cases.Differentiable))]
    public void First_derivative_is_the_slope(Sample sample)
    {
        var x = sample.FloatingInputs();
        var v = Directions(x, 5);
        var difference = (Weighted(sample, Moved(x, v, Step)) - Weighted(sample, Moved(x, v, -Step))) / (2 * Step);
        Near(Slope(sample, x, v), difference);
    }

    [TestCaseSource(typeof(Cases), nameof(Cases.Differentiable))]
    public void Second_derivative_is_the_slope_of_the_first(Sample sample)
    {
        var x = sample.FloatingInputs();
        Tensor[] v = Directions(x, 5), u = Directions(x, 6);
        var difference = (Slope(sample, Moved(x, u, Step), v) - Slope(sample, Moved(x, u, -Step), v)) / (2 * Step);
        var curvature = Push(z => [SlopeOf(sample, z, v)], x, u)[0];
        Near(curvature?.Item() ?? 0, difference);
    }

    [TestCaseSource(typeof(Cases), nameof(Cases.Differentiable))]
    public void Reverse_mode_is_the_transpose_of_forward_mode(Sample sample)
    {
        var x = sample.FloatingInputs();
        var v = Directions(x, 5);
        Near(Dot(Gradient(z => WeightedOf(sample, z), x), v), Slope(sample, x, v));
    }

    [TestCaseSource(typeof(Cases), nameof(Cases.Differentiable))]
    public void Second_derivatives_agree_in_every_mode(Sample sample)
    {
        var x = sample.FloatingInputs();
        Tensor[] v = Directions(x, 5), u = Directions(x, 6);
        var forwardForward = Push(z => [SlopeOf(sample, z, v)], x, u)[0]?.Item() ?? 0;
        var forwardReverse = Push(z => [InnerOf(Gradient(a => WeightedOf(sample, a), z), v)], x, u)[0]?.Item() ?? 0;
        var reverseReverse = Dot(Gradient(z => InnerOf(Gradient(a => WeightedOf(sample, a), z), v), x), u);
        var reverseForward = Dot(Gradient(z => SlopeOf(sample, z, v), x), u);
        using (Assert.EnterMultipleScope())
        {
            Near(forwardReverse, forwardForward);
            Near(reverseReverse, forwardForward);
            Near(reverseForward, forwardForward);
        }
    }

    private static void Near(double actual, double expected) =>
        Assert.That(actual, Is.EqualTo(expected).Within(Tolerance * Math.Max(1, Math.Abs(expected))));

    private static Tensor[] Directions(Tensor[] x, int seed) => [.. x.Select((t, i) => Sampling.Values(t.Shape, -1, 1, seed + 7 * i))];

    private static Tensor[] Moved(Tensor[] x, Tensor[] v, double step) => [.. x.Select((t, i) => t + step * v[i])];

    private static Tensor WeightedOf(Sample sample, Tensor[] x)
    {
        var y = sample.Floating()(x);
        return y.Select((t, i) => (t * Sampling.Values(t.Shape, -1, 1, 11 + i)).Sum()).Aggregate(Tensor.From(0.0, DType.Float64, Device.Host), (a, b) => a + b);
    }

    private static double Weighted(Sample sample, Tensor[] x) => WeightedOf(sample, x).Item();

    private static Tensor SlopeOf(Sample sample, Tensor[] x, Tensor[] v) =>
        Push(z => [WeightedOf(sample, z)], x, v)[0] ?? Tensor.From(0.0, DType.Float64, Device.Host);

    private static double Slope(Sample sample, Tensor[] x, Tensor[] v) => SlopeOf(sample, x, v).Item();

    private static Tensor?[] Push(Func<Tensor[], Tensor[]> f, Tensor[] x, Tensor[] v)
    {
        var (variables, y) = Transform.Trace("Push", x, f);
        return new Forward(variables, y).Push(v);
    }

    private static Tensor[] Gradient(Func<Tensor[], Tensor> f, Tensor[] x) => Transform.Grad(f)(x);

    private static Tensor InnerOf(Tensor[] x, Tensor[] v) => x.Select((t, i) => (t * v[i]).Sum()).Aggregate((a, b) => a + b);

    private static double Dot(Tensor[] x, Tensor[] v) => InnerOf(x, v).Item();
}
