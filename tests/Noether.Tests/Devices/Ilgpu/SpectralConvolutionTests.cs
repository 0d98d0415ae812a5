using Noether.Primitives;

namespace Noether.Tests.Devices.Ilgpu;

/// <summary>Spectral convolutions on devices against the host's, at sizes of several tiles and with more modes than tables are for.</summary>
[TestFixtureSource(typeof(DeviceLane), nameof(DeviceLane.Lanes))]
[Parallelizable(ParallelScope.Self)]
public sealed class SpectralConvolutionTests(string lane)
{
    private static readonly int[][] Spaces = [[70], [12, 10], [6, 5, 8], [2050]];

    private static readonly int[][] Modes = [[9], [4, 6], [3, 2, 4], [1026]];

    private Device device = null!;

    [OneTimeSetUp]
    public void Open() => device = DeviceLane.Open(lane);

    [Test]
    public void A_convolution_equals_the_hosts([Values(0, 1, 2, 3)] int at, [Values] bool adjoint)
    {
        var (batch, inputs, outputs) = ChannelsOf(at);
        int[] x = [batch, adjoint ? outputs : inputs, .. Spaces[at]], w = [inputs, outputs, .. Modes[at]];
        AssertEqual(new SpectralConvolution(adjoint), [Sampling.Values([.. x]), .. Enumerable.Range(1, 1 << Modes[at].Length).Select(i => Sampling.Values([.. w], seed: i))]);
    }

    [Test]
    public void Derivatives_by_weights_equal_the_hosts([Values(0, 1, 2, 3)] int at)
    {
        var (batch, inputs, outputs) = ChannelsOf(at);
        int[] x = [batch, inputs, .. Spaces[at]], g = [batch, outputs, .. Spaces[at]];
        AssertEqual(new SpectralOuter([.. Modes[at]]), Sampling.Values([.. x]), Sampling.Values([.. g], seed: 1));
    }

    private static (int Batch, int Inputs, int Outputs) ChannelsOf(int at) => Modes[at][0] > 1000 ? (1, 1, 1) : (3, 2, 5);

    // Sums of n terms of order one in float64, n below 2¹¹ in each of two transforms.
    private void AssertEqual(Primitive primitive, params Tensor[] operands)
    {
        var actual = Tensor.ApplyOn(device, primitive, Array.ConvertAll(operands, x => x.To(device)));
        var expected = Tensor.ApplyOn(Device.Host, primitive, operands);
        for (var i = 0; i < expected.Length; i++)
        {
            var reference = expected[i].ToArray<double>();
            Assert.That(actual[i].ToArray<double>(), Is.EqualTo(reference).Within(1e-12 * reference.Max(Math.Abs)));
        }
    }
}
