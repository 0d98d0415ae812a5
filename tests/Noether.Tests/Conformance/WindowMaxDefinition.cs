using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Conformance;

public class WindowMaxDefinition
{
    private static IEnumerable<Sample> Samples => WindowMax.Samples;

    [TestCaseSource(nameof(Samples))]
    public void The_kernel_agrees_with_the_definition(Sample sample)
    {
        var y = Tensor.ApplyMany(sample.Primitive, sample.Inputs);
        if (sample.Inputs[0].Size == 0) return;
        var expected = sample.Primitive.Definition(sample.Inputs)!;
        Assert.That(y[0].Shape, Is.EqualTo(expected[0].Shape));
        Assert.That(y[0].ToArray<double>(), Is.EqualTo(expected[0].ToArray<double>()));
        Assert.That(y[1].ToArray<long>(), Is.EqualTo(expected[1].ToArray<long>()));
    }

    [TestCaseSource(nameof(Samples))]
    public void Batches_agree_with_a_loop_in_values_and_derivatives(Sample sample)
    {
        if (sample.Inputs[0].Size == 0) return;
        var xs = Sampling.Values(sample.Inputs[0].Shape.Insert(0, 3), seed: 4);
        Tensor Cubes(Tensor x)
        {
            var y = Tensor.ApplyMany(sample.Primitive, x)[0];
            return (y * y * y).Sum();
        }

        Tensor Loop(Func<Tensor, Tensor> f) => Tensor.Stack(0, [.. Enumerable.Range(0, 3).Select(i => f(xs.Narrow(0, i, 1).Squeeze(0)))]);
        Assert.That(Vmap(Grad(Cubes))(xs).ToArray<double>(), Is.EqualTo(Loop(Grad(Cubes)).ToArray<double>()).Within(1e-13)); // sums of a few cubes
        Assert.That(Vmap(x => Hvp(Cubes, x, x))(xs).ToArray<double>(), Is.EqualTo(Loop(x => Hvp(Cubes, x, x)).ToArray<double>()).Within(1e-13));
    }

    [Test]
    public void Two_by_two_windows_of_any_number_agree_with_the_definition(
        [Values(DType.Float32, DType.Float64, DType.Int32, DType.Int64)] DType type, [Values(2, 3, 8, 15, 24, 33, 130, 1031)] int width)
    {
        var height = width > 500 ? 4 : 7;
        var random = new Random(width);
        // Few values, so that equals meet; NaN in every place of a window.
        var values = Enumerable.Range(0, 3 * height * width).Select(_ => random.Next(8) is var r && r == 0 ? double.NaN : r).ToArray();
        if (type is DType.Int32 or DType.Int64) values = [.. values.Select(v => double.IsNaN(v) ? -4 : v)];
        var x = Tensor.From(values, [3, height, width], Device.Host).To(type);
        var pairs = new WindowMax([2, 2], [2, 2], [0, 0], [1, 1], [height / 2, width / 2]);
        Tensor[] y = Tensor.ApplyMany(pairs, x), expected = pairs.Definition([x])!;
        Assert.That(y[0].ToArray<double>(), Is.EqualTo(expected[0].ToArray<double>()));
        Assert.That(y[1].ToArray<long>(), Is.EqualTo(expected[1].ToArray<long>()));
    }

    [Test]
    public void A_NaN_wins_and_the_first_of_equals_has_the_position()
    {
        var x = Tensor.From([1f, float.NaN, 3, 5, 2, 2, 0, 0], [2, 4], Device.Host);
        var y = Tensor.ApplyMany(new WindowMax([2, 2], [2, 2], [0, 0], [1, 1], [1, 2]), x);
        Assert.That(y[0].ToArray<float>(), Is.EqualTo([float.NaN, 5f]));
        var tied = Tensor.ApplyMany(new WindowMax([3], [1], [0], [1], [2]), x.Narrow(0, 1, 1));
        Assert.That(tied[1].ToArray<long>(), Is.EqualTo([0L, 1]));
    }

    [Test]
    public void Windows_without_elements_are_refused() =>
        Assert.That(
            () => Tensor.ApplyMany(new WindowMax([2], [1], [0], [1], [5]), Tensor.Ones([2, 4], device: Device.Host)),
            Throws.TypeOf<ShapeException>().With.Message.Contains("WindowMax").And.Message.Contains("[2, 4]"));
}
