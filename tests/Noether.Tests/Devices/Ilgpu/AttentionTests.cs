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

    [Test]
    public void Numbers_of_sixteen_bits_are_calculated_with_in_float32()
    {
        const double ulp = 1.0 / 128; // of bfloat16 below 2: a result next to the middle of two numbers may become either
        Tensor[] x = [Narrow([2, 9, 8], 1), Narrow([2, 7, 8], 2), Narrow([2, 7, 5], 3)];
        var attention = new Attention(0.4, true);
        var expected = attention.Define(x);
        Tensor[] cotangents = [Narrow([2, 9, 5], 4), Values([2, 9], 5)], left = [expected[0], expected[1], .. cotangents];
        Same(attention, x, expected);
        if (isOpenCl) return; // the other kernels read and write by the same lines, and take a processor long to compile
        Same(new AttentionGradient(0.4, true), [.. x, .. left], new AttentionGradient(0.4, true).Define([.. x, .. left]));
        Tensor[] moved = [.. x, .. expected, Narrow([2, 9, 8], 6), Narrow([2, 7, 8], 7), Narrow([2, 7, 5], 8)];
        Same(new AttentionTangent(0.4, true), moved, new AttentionTangent(0.4, true).Define(moved));

        void Same(Primitive primitive, Tensor[] operands, Tensor[] results)
        {
            foreach (var on in (Device[])[device, Device.Host])
            {
                var actual = Tensor.ApplyOn(on, primitive, Array.ConvertAll(operands, t => t.To(on)));
                for (var i = 0; i < results.Length; i++)
                {
                    Assert.That(actual[i].DType, Is.EqualTo(results[i].DType));
                    var tolerance = results[i].DType == DType.BFloat16 ? ulp : Tolerance;
                    Assert.That(actual[i].ToArray<double>(), Is.EqualTo(results[i].ToArray<double>()).Within(tolerance), $"{primitive.Name} {i} on {on}");
                }
            }
        }

        static Tensor Narrow(Shape shape, int seed) => Values(shape, seed).To(DType.BFloat16);
    }

    private static Tensor Values(Shape shape, int seed) => Sampling.Values(shape, -1, 1, seed).To(DType.Float32);
}
