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

    // A layer on weights: sums along both axes, terms made of them, one product that ends with the activation; its gradient's product ends with terms too.
    [Test]
    public void A_layer_on_weights_takes_one_pass_each_way()
    {
        Tensor[] a = [Integers([2, 3, 5, 4], 1) / 8, Integers([4, 3], 2) / 16, Integers([4, 3], 3) / 16, Integers([4, 3], 4) / 16, Integers([4], 5) / 8];
        var gradient = Transform.Grad((Tensor[] t) => Layer(t).Square().Sum());
        var there = Array.ConvertAll(a, x => x.To(device));
        Tensor.Evaluate(there);
        var forward = Explain.Plan(Layer(there));
        Assert.That(forward, Does.Match(@"= ChannelMix \+ Map\[.*HyperbolicTangent"));
        Assert.That(forward.Split("AxisSums"), Has.Length.EqualTo(2));
        Assert.That(Explain.Plan(gradient(there)[0]), Does.Match(@"%\d+: float32\[2, 3, 5, 4\] = MatMul \+ Map\[.*Add"));
        AssertNear(Layer(there), Layer(a));
        Tensor[] direction = [Integers([2, 3, 5, 4], 6), Integers([4, 3], 7), Integers([4, 3], 8), Integers([4, 3], 9), Integers([4], 10)];
        var second = Transform.Grad((Tensor[] t) => gradient(t).Select((g, i) => (g * direction[i].To(t[0].Device)).Sum()).Aggregate((x, y) => x + y));
        foreach (var derivative in new[] { gradient, second })
        {
            Tensor[] actual = derivative(there), expected = derivative(a);
            Tensor.Evaluate(actual);
            for (var i = 0; i < a.Length; i++) AssertNear(actual[i], expected[i]);
        }
    }

    // Operands: weights [batch, in, rows, columns]; maps of entries, row means, column means; biases.
    private static Tensor Layer(Tensor[] t)
    {
        var (rows, columns, total) = t[0].RowAndColumnMeans();
        var bias = (total.MatMul(t[1].Transpose()) + t[4]).Unsqueeze(-1);
        return t[0].MixChannels(t[1], t[2].MatMul(rows) + bias, t[3].MatMul(columns)).Tanh();
    }

    // Some hundred terms in another order.
    private static void AssertNear(Tensor actual, Tensor expected)
    {
        var values = expected.ToArray<float>();
        Assert.That(actual.ToArray<float>(), Is.EqualTo(values).Within(1e-5 * Math.Max(1, values.Max(Math.Abs))));
    }

    [Test]
    public void Mixed_channels_and_their_group_give_the_bits_that_they_give_apart()
    {
        Tensor x = Integers([2, 3, 5, 4], 1).To(device), w = (Integers([6, 3], 2) / 7).To(device), rows = Integers([2, 6, 5], 3).To(device), columns = Integers([2, 6, 4], 4).To(device);
        var gate = (Integers([6, 1, 1], 5) / 3).To(device);
        var joined = x.MixChannels(w, rows, columns);
        Tensor[] actual = [(joined * gate).Tanh(), joined];
        Tensor.Evaluate(actual);
        var apart = x.MixChannels(w, rows, columns);
        Tensor.Evaluate(apart);
        Assert.That(actual[1].ToArray<float>(), Is.EqualTo(apart.ToArray<float>()));
        Assert.That(actual[0].ToArray<float>(), Is.EqualTo((apart * gate).Tanh().ToArray<float>()));
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
