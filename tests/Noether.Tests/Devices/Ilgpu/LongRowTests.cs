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
    public void A_long_row_and_its_derivatives_are_the_hosts()
    {
        var x = Row();
        AssertClose(static x => x.Softmax(1), x, 1e-8);
        AssertClose(static x => x.CrossEntropy(Tensor.From([16_000L], device: x.Device), 1), x, 1e-5);
        AssertClose(Transform.Grad(static x => (x.LogSoftmax(1) * x).Sum()), x, 1e-4);
        AssertClose(Transform.Grad(static x => (x.LayerNorm(1) * x).Sum()), x, 1e-4);
    }

    private Tensor Row() => Sampling.Values([1, lane == "Simulator" ? 16400 : 100_000], -3, 3, 1).To(DType.Float32);

    private void AssertClose(Func<Tensor, Tensor> function, Tensor x, double tolerance) =>
        Assert.That(function(x.To(device)).ToArray<float>(), Is.EqualTo(function(x).ToArray<float>()).Within(tolerance));
}
