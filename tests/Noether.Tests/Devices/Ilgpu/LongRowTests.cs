using Noether.Primitives;

namespace Noether.Tests.Devices.Ilgpu;

/// <summary>A row so long that several groups share it.</summary>
[TestFixtureSource(typeof(DeviceLane), nameof(DeviceLane.Lanes))]
[Parallelizable(ParallelScope.Self)]
public sealed class LongRowTests(string lane)
{
    private Device device = null!;

    [OneTimeSetUp]
    public void Open() => device = DeviceLane.Open(lane);

    [Test]
    public void Verbs_of_long_rows_give_the_hosts_values()
    {
        if (lane == "OpenCL") Assert.Ignore("the kernels have tests of their own, and compiling for a processor takes a second for each");
        var n = lane == "Simulator" ? 16400 : 100_000;
        Tensor x = Values(n, 1), g = Values(n, 2);
        var norm = AssertClose(new LayerNorm(1, 1e-5), 1e-5, x);
        AssertClose(new Softmax(1), 1e-8, x);
        AssertClose(new LayerNormGradient(1), 1e-5, x, norm[1], norm[2], g);
        AssertClose(new LogSoftmaxGradient(1), 1e-5, x * 0.1f - 12, g);
        AssertClose(new CrossEntropy(1, 0.1, -1), 1e-5, x, Tensor.From([16_000L], device: Device.Host));
    }

    private static Tensor Values(int n, int seed) => Sampling.Values([1, n], -3, 3, seed).To(DType.Float32);

    private Tensor[] AssertClose(Primitive primitive, double tolerance, params Tensor[] operands)
    {
        var actual = Tensor.ApplyOn(device, primitive, Array.ConvertAll(operands, x => x.To(device)));
        var expected = Tensor.ApplyOn(Device.Host, primitive, operands);
        for (var i = 0; i < expected.Length; i++) Assert.That(actual[i].ToArray<float>(), Is.EqualTo(expected[i].ToArray<float>()).Within(tolerance), $"{primitive}, result {i}");
        return expected;
    }
}
