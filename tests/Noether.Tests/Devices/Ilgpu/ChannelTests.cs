using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Devices.Ilgpu;

/// <summary>Sums and products of channels on devices, where their parts are added up by a second kernel.</summary>
[TestFixtureSource(typeof(DeviceLane), nameof(DeviceLane.Lanes))]
[Parallelizable(ParallelScope.Self)]
public sealed class ChannelTests(string lane)
{
    private Device device = null!;

    [OneTimeSetUp]
    public void Open() => device = DeviceLane.Open(lane);

    [Test]
    public void Sums_of_tall_matrices_are_joined() => AssertEqual(AxisSums.Instance, Integers([2, 600, 9], 1));

    [Test]
    public void Derivatives_by_weights_are_summed_over_the_batch_and_parts_of_the_positions() =>
        AssertEqual(ChannelOuter.Instance, Integers([2, 3, 25, 28], 1), Integers([2, 4, 25, 28], 2));

    [Test]
    public void Operands_may_be_slices()
    {
        Tensor x = Integers([3, 4, 5, 8], 1), g = Integers([3, 2, 5, 8], 2);
        Tensor[] there = [g.To(device).Narrow(0, 1, 2), x.To(device).Narrow(0, 1, 2)];
        Assert.That(
            Tensor.ApplyOn(device, ChannelOuter.Instance, there)[0].ToArray<float>(),
            Is.EqualTo(Tensor.ApplyOn(Device.Host, ChannelOuter.Instance, [g.Narrow(0, 1, 2), x.Narrow(0, 1, 2)])[0].ToArray<float>()));
    }

    [TestCase(2, 3, 5, 4, 6)]
    [TestCase(1, 40, 40, 7, 9)]
    public void A_layer_of_weights_with_its_activation_and_derivatives_equals_the_hosts(int batch, int inputs, int outputs, int rows, int columns)
    {
        Tensor[] a =
        [
            Values([batch, inputs, rows, columns], 1), Values([outputs, inputs], 2), Values([batch, outputs, rows], 3), Values([batch, outputs, columns], 4),
        ];
        static Tensor Layer(Tensor[] x) => x[0].MixChannels(x[1], x[2], x[3]).Tanh();
        Func<Tensor[], Tensor[]> gradient = Grad((Tensor[] x) => (Layer(x) * Layer(x)).Sum());
        Func<Tensor[], Tensor[]> second = Grad((Tensor[] x) => gradient(x).Aggregate(Tensor.From(0.0, device: x[0].Device), static (sum, g) => sum + g.Square().Sum()));
        var there = Array.ConvertAll(a, x => x.To(device));
        Assert.That(Layer(there).ToArray<double>(), Is.EqualTo(Layer(a).ToArray<double>()).Within(1e-12));
        foreach (var f in new[] { gradient, second })
        {
            var (actual, expected) = (f(there), f(a));
            for (var i = 0; i < a.Length; i++) Assert.That(actual[i].ToArray<double>(), Is.EqualTo(expected[i].ToArray<double>()).Within(1e-9), $"operand {i}");
        }
    }

    private static Tensor Values(int[] shape, int seed) => Sampling.Values(Shape.Create(shape), -1, 1, seed) / shape[1];

    private void AssertEqual(Primitive primitive, params Tensor[] operands)
    {
        var actual = Tensor.ApplyOn(device, primitive, Array.ConvertAll(operands, x => x.To(device)));
        var expected = Tensor.ApplyOn(Device.Host, primitive, operands);
        for (var i = 0; i < expected.Length; i++) Assert.That(actual[i].ToArray<float>(), Is.EqualTo(expected[i].ToArray<float>()));
    }

    // Small integers: equal whatever the order of the sums.
    private static Tensor Integers(int[] shape, int seed) => Sampling.Values(Shape.Create(shape), -8, 8, seed).Round().To(DType.Float32);
}
