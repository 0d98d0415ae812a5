using Noether.Primitives;
using Noether.Tests.Devices.Ilgpu;

namespace Noether.Tests.Conformance;

/// <summary>Every primitive and its first derivative on a device against the host.</summary>
/// <remarks>
/// Integers and truth values are equal. Floating results may differ in how sums associate and where multiplications and additions are contracted: a few units in the
/// last place of the largest element.
/// </remarks>
[TestFixtureSource(typeof(DeviceLane), nameof(DeviceLane.Lanes))]
[Parallelizable(ParallelScope.Self)]
public sealed class Devices(string lane)
{
    private Device device = null!;

    // Elementwise kernels know no shapes: a matrix stands for all, and the empty one for those without work.
    private static IEnumerable<TestCaseData> Samples => Cases.Samples.Where(IsTelling);

    private static IEnumerable<TestCaseData> Differentiable => Cases.Differentiable.Where(IsTelling);

    [OneTimeSetUp]
    public void Open() => device = DeviceLane.Open(lane);

    [TestCaseSource(nameof(Samples))]
    public void Values_equal_the_hosts(Sample sample)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var type in (DType[])[DType.Float64, DType.Float32])
            {
                var onHost = Array.ConvertAll(sample.Inputs, x => x.DType.IsFloating() ? x.To(type) : x);
                if (type == DType.Float32 && !Array.Exists(onHost, x => x.DType == type)) continue;
                Same(
                    Tensor.ApplyOn(device, sample.Primitive, Array.ConvertAll(onHost, x => x.To(device))),
                    Tensor.ApplyOn(Device.Host, sample.Primitive, onHost), type);
            }
        }
    }

    [TestCaseSource(nameof(Differentiable))]
    public void Gradients_equal_the_hosts(Sample sample)
    {
        Same(Gradient(sample, device), Gradient(sample, Device.Host), DType.Float64);
    }

    private static bool IsTelling(TestCaseData data) =>
        data.Arguments[0] is Sample sample && (sample.Primitive is not ElementwisePrimitive || sample.Inputs.Length == 0 || sample.Inputs[0].Rank == 2);

    private static Tensor[] Gradient(Sample sample, Device on)
    {
        var moved = new Sample(sample.Primitive, Array.ConvertAll(sample.Inputs, x => x.To(on)));
        return Transform.Grad(x => moved.Floating()(x)
            .Select((y, i) => (y * Sampling.Values(y.Shape, -1, 1, 11 + i).To(on)).Sum())
            .Aggregate(Tensor.From(0.0, DType.Float64, on), (a, b) => a + b))(moved.FloatingInputs());
    }

    private static void Same(Tensor[] actual, Tensor[] expected, DType type)
    {
        Tensor.Evaluate(actual);
        Tensor.Evaluate(expected);
        for (var k = 0; k < expected.Length; k++)
        {
            Assert.That(actual[k].DType, Is.EqualTo(expected[k].DType));
            Assert.That(actual[k].Shape, Is.EqualTo(expected[k].Shape));
            var reference = expected[k].ToArray<double>();
            var scale = Math.Max(1, reference.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(1).Max());
            var epsilon = !expected[k].DType.IsFloating() ? 0 : type == DType.Float64 ? 1e-13 : 4e-6;
            Assert.That(actual[k].ToArray<double>(), Is.EqualTo(reference).Within(epsilon * scale), type.Name());
        }
    }
}
