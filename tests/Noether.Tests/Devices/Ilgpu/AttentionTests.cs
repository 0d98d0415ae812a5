using Noether.Primitives;

namespace Noether.Tests.Devices.Ilgpu;

/// <summary>Attention of heads of usual sizes on devices: its value, tangent and gradient against the host's.</summary>
[TestFixtureSource(typeof(DeviceLane), nameof(DeviceLane.Lanes))]
[Parallelizable(ParallelScope.Self)]
public sealed class AttentionTests(string lane)
{
    // Means of numbers in [-1, 1], and their slopes: some hundred roundings of 2⁻²⁴.
    private const double Tolerance = 1e-5;

    private readonly bool isOpenCl = lane == "OpenCL";
    private Device device = null!;

    [OneTimeSetUp]
    public void Open() => device = DeviceLane.Open(lane);

    [TestCase(16, 9, 20, false)]
    [TestCase(64, 5, 5, true)]
    [TestCase(128, 3, 4, true)]
    public void Value_tangent_and_gradient_of_a_head(int size, int queries, int keys, bool causal)
    {
        if (isOpenCl && size > 64) Assert.Ignore("a processor takes a minute to compile what the simulator runs too");
        Tensor query = Values([2, queries, size], 1), moved = Values([2, queries, size], 2), other = Values([2, keys, size], 3);
        var expected = Derivatives(Device.Host);
        var actual = Derivatives(device);
        for (var i = 0; i < expected.Length; i++)
            Assert.That(actual[i].ToArray<float>(), Is.EqualTo(expected[i].ToArray<float>()).Within(Tolerance), $"result {i}");

        Tensor[] Derivatives(Device on)
        {
            Tensor q = query.To(on), dq = moved.To(on), kv = other.To(on);
            Tensor Attend(Tensor x) => Tensor.ScaledDotProductAttention(x, kv + x.Sum() * 0.01, kv * x.Mean(), causal: causal);
            var (value, tangent) = Transform.Jvp(Attend, q, dq);
            return [value, tangent, Transform.Grad(x => (Attend(x) * q).Sum())(q)];
        }
    }

    private static Tensor Values(Shape shape, int seed) => Sampling.Values(shape, -1, 1, seed).To(DType.Float32);
}
