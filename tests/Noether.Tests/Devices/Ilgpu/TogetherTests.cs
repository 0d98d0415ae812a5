using Noether.Graphs;
using static Noether.Transform;

namespace Noether.Tests.Devices.Ilgpu;

/// <summary>Updates of many parameters in one launch.</summary>
[TestFixtureSource(typeof(DeviceLane), nameof(DeviceLane.Lanes))]
[Parallelizable(ParallelScope.Self)]
public sealed class TogetherTests(string lane)
{
    // One of them alone has one element, one is empty, and some are no multiple of four.
    private static readonly int[][] Shapes = [[3], [300, 7], [1], [0, 4], [64], [1025], [8, 8]];

    private Device device = null!;

    [OneTimeSetUp]
    public void Open() => device = DeviceLane.Open(lane);

    [Test]
    public void A_step_of_an_optimiser_is_one_wave_and_has_the_bits_of_steps_one_by_one()
    {
        var (parameters, gradients) = (Drawn(1), Drawn(2));
        Tensor rate = Tensor.From(0.1f, device: device);
        Tensor[] updated = [.. parameters.Zip(gradients, (p, g) => p * 0.99f - rate * g / (g.Square().Sqrt() + 1e-8f))];
        var plan = new Planner(device).PlanEvaluation(updated)!;
        var waves = plan.Steps.Where(static step => step.Group is { Shape.Size: > 0 }).Select(static step => step.Wave).Distinct();
        Assert.That(waves.Count(), Is.EqualTo(1), plan.ToString());

        Tensor.Evaluate(updated);
        for (var i = 0; i < updated.Length; i++)
        {
            var (p, g) = (parameters[i], gradients[i]);
            Assert.That(updated[i].ToArray<float>(), Is.EqualTo((p * 0.99f - rate * g / (g.Square().Sqrt() + 1e-8f)).ToArray<float>()), $"parameter {i}");
        }
    }

    [Test]
    public void Compiled_steps_write_over_what_they_are_given_and_find_new_places()
    {
        var step = Compile(
            (Tensor[] p) => [.. p.Select(static x => x * 0.5f + 1)],
            donate: [0]);
        var parameters = Drawn(3);
        var expected = parameters.Select(static p => p.ToArray<float>()).ToArray();
        for (var i = 0; i < 4; i++)
        {
            parameters = step(parameters);
            Tensor.Evaluate(parameters);
            expected = [.. expected.Select(static p => Array.ConvertAll(p, static x => x * 0.5f + 1))];
        }

        for (var i = 0; i < parameters.Length; i++) Assert.That(parameters[i].ToArray<float>(), Is.EqualTo(expected[i]), $"parameter {i}");
    }

    [Test]
    public void Groups_with_other_constants_or_of_other_layouts_stay_apart()
    {
        Tensor x = Drawn(4)[1], y = Drawn(5)[1];
        Tensor[] results = [x * 2 + 1, y * 3 + 1, x.Transpose() * 2 + 1, y.Transpose() * 2 + 1];
        Tensor.Evaluate(results);
        float[] a = x.ToArray<float>(), b = y.ToArray<float>();
        Assert.That(results[0].ToArray<float>(), Is.EqualTo(Array.ConvertAll(a, static v => v * 2 + 1)));
        Assert.That(results[1].ToArray<float>(), Is.EqualTo(Array.ConvertAll(b, static v => v * 3 + 1)));
        Assert.That(results[2].Transpose().ToArray<float>(), Is.EqualTo(Array.ConvertAll(a, static v => v * 2 + 1)));
        Assert.That(results[3].Transpose().ToArray<float>(), Is.EqualTo(Array.ConvertAll(b, static v => v * 2 + 1)));
    }

    private Tensor[] Drawn(int seed) => [.. Shapes.Select((shape, i) => Tensor.From(Sample(seed * 100 + i, shape), device: device).Reshape(shape))];

    private static float[] Sample(int seed, int[] shape)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, shape.Aggregate(1, static (a, b) => a * b)).Select(_ => random.NextSingle() * 2 - 1)];
    }
}
