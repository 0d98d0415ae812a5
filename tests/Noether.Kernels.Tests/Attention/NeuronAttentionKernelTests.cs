using System.Numerics;
using Noether.Kernels.Attention;

namespace Noether.Kernels.Tests.Attention;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class NeuronAttentionKernelTests(string lane) : KernelFixture(lane)
{
    // Means of numbers in [-1, 1] with weights of some roundings: 1e-6 in float32.
    private const double Tolerance32 = 4e-6;
    private const double Tolerance64 = 1e-13;

    // Batch, heads, channels, neurons, incoming, biases, outgoing: small, the first and the last layer, a full tile of long tokens, one neuron.
    [TestCase(2, 2, 2, 3, 2, 1, 4)]
    [TestCase(1, 2, 1, 5, 0, 0, 3)]
    [TestCase(2, 1, 3, 2, 4, 1, 0)]
    [TestCase(1, 1, 10, 7, 30, 1, 33)]
    [TestCase(1, 1, 1, 1, 0, 1, 0)]
    [TestCase(0, 1, 1, 1, 1, 1, 1)]
    public void Tokens_gather_where_they_lie(int batch, int heads, int channels, int neurons, int left, int biases, int right)
    {
        NeuronSizes sizes = new() { Heads = heads, Channels = channels, Neurons = neurons, Left = left, Biases = biases, Right = right };
        AssertEqual<float, AttentionNumber32>(batch, sizes, Tolerance32);
        AssertEqual<double, AttentionNumber64>(batch, sizes, Tolerance64);
    }

    private void AssertEqual<T, TNumber>(int batch, NeuronSizes sizes, double tolerance)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IAttentionNumber<T, T>
    {
        var heads = batch * sizes.Heads;
        int[] counts = [sizes.Left, sizes.Biases, sizes.Right];
        T[][] x = [.. counts.Select((count, i) => AttentionCase.Values<T>(heads * 3 * sizes.Length * count, i + 1))];
        double[][] expected = [.. counts.Select(count => new double[heads * sizes.Length * count])];
        for (var head = 0; head < heads && sizes.Tokens > 0; head++)
        {
            double[] q = Gathered(3 * head), k = Gathered(3 * head + 1), v = Gathered(3 * head + 2);
            var y = NeuronAttentionKernel<T, TNumber>.Reference(q, k, v, sizes.Tokens);
            for (var token = 0; token < sizes.Tokens; token++)
            {
                for (var c = 0; c < sizes.Length; c++)
                {
                    var (part, place) = Place(head, token, c);
                    expected[part][place] = y[token * sizes.Length + c];
                }
            }
        }

        ILGPU.ArrayView<T>[] results = [.. counts.Select(count => Allocate<T>(heads * sizes.Length * count))];
        Kernels.Get(static accelerator => new NeuronAttentionKernel<T, TNumber>(accelerator)).Launch(
            Stream, Upload(x[0]), Upload(x[1]), Upload(x[2]), results[0], results[1], results[2], batch, sizes, T.CreateChecked(1 / Math.Sqrt(sizes.Length)));
        for (var i = 0; i < 3; i++) Assert.That(AttentionCase.Wide(Download(results[i])), Is.EqualTo(expected[i]).Within(tolerance), $"part {i}");

        double[] Gathered(int block) =>
        [
            .. from token in Enumerable.Range(0, sizes.Tokens)
               from c in Enumerable.Range(0, sizes.Length)
               let place = Place(block, token, c)
               select double.CreateChecked(x[place.Part][place.At]),
        ];

        // Where number c of a token lies: parts are [blocks · channels, neurons, left], the same of biases, and [blocks · channels, right, neurons].
        (int Part, int At) Place(int block, int token, int c)
        {
            var (channel, neuron) = (block * sizes.Channels + c / sizes.Neurons, c % sizes.Neurons);
            if (token < sizes.Left) return (0, (channel * sizes.Neurons + neuron) * sizes.Left + token);
            token -= sizes.Left;
            if (token < sizes.Biases) return (1, (channel * sizes.Neurons + neuron) * sizes.Biases + token);
            return (2, (channel * sizes.Right + token - sizes.Biases) * sizes.Neurons + neuron);
        }
    }
}
