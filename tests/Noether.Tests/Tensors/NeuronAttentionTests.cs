using Noether.Primitives;

namespace Noether.Tests.Tensors;

/// <summary>Attention among the weights that meet in a layer of neurons, against its formula in plain loops.</summary>
public sealed class NeuronAttentionTests
{
    private const int Batch = 2, Heads = 2, Channels = 3, Neurons = 4; // channels of a head

    // Few tokens, and more than a device's tile holds; the first and the last layer; biases alone.
    [TestCase(3, 1, 5)]
    [TestCase(40, 1, 30)]
    [TestCase(0, 0, 4)]
    [TestCase(4, 1, 0)]
    [TestCase(0, 1, 0)]
    public void Each_token_gathers_by_the_formula(int left, int biases, int right)
    {
        const int all = 3 * Heads * Channels;
        var incoming = left > 0 ? Sampling.Values([Batch, all, Neurons, left], -1, 1, 1) : null;
        var bias = biases > 0 ? Sampling.Values([Batch, all, Neurons], -1, 1, 2) : null;
        var outgoing = right > 0 ? Sampling.Values([Batch, all, right, Neurons], -1, 1, 3) : null;
        var y = Tensor.AttendNeurons(incoming, bias, outgoing, Heads);

        double[]? a = incoming?.ToArray<double>(), b = bias?.ToArray<double>(), c = outgoing?.ToArray<double>();
        double[]? toA = y.Incoming?.ToArray<double>(), toB = y.Bias?.ToArray<double>(), toC = y.Outgoing?.ToArray<double>();
        Assert.That((toA is null, toB is null, toC is null), Is.EqualTo((a is null, b is null, c is null)));
        Assert.That(y.Outgoing?.Shape, Is.EqualTo(outgoing?.Shape.With(1, Heads * Channels)));
        var tokens = left + biases + right;
        using (Assert.EnterMultipleScope())
        {
            for (var block = 0; block < Batch * Heads; block++)
            {
                for (var i = 0; i < tokens; i++)
                {
                    var scores = Enumerable.Range(0, tokens).Select(j => Dot(i, j) / Math.Sqrt(Channels * Neurons)).ToArray();
                    var sum = scores.Sum(Math.Exp);
                    for (var p = 0; p < Channels * Neurons; p++)
                    {
                        var expected = Enumerable.Range(0, tokens).Sum(j => Math.Exp(scores[j]) / sum * Of(a, b, c, 3 * block + 2, j, p));
                        Assert.That(Of(toA, toB, toC, block, i, p), Is.EqualTo(expected).Within(1e-12));
                    }
                }

                double Dot(int i, int j) =>
                    Enumerable.Range(0, Channels * Neurons).Sum(p => Of(a, b, c, 3 * block, i, p) * Of(a, b, c, 3 * block + 1, j, p));
            }
        }

        // Number p of a token: channel p / neurons of its block, neuron p % neurons.
        double Of(double[]? columns, double[]? ones, double[]? rows, int block, int token, int p)
        {
            int channel = block * Channels + p / Neurons, neuron = p % Neurons;
            if (token < left) return columns![(channel * Neurons + neuron) * left + token];
            if (token < left + biases) return ones![channel * Neurons + neuron];
            return rows![(channel * right + token - left - biases) * Neurons + neuron];
        }
    }

    [Test]
    public void A_map_of_the_weights_comes_before_they_meet_the_values()
    {
        Tensor incoming = Sampling.Values([2, 12, 3, 2], -1, 1, 1), bias = Sampling.Values([2, 12, 3], -1, 1, 2), outgoing = Sampling.Values([2, 12, 4, 3], -1, 1, 3);
        var plain = Tensor.AttendNeurons(incoming, bias, outgoing, Heads);
        Shape? seen = null;
        var doubled = Tensor.AttendNeurons(incoming, bias, outgoing, Heads, weights =>
        {
            seen = weights.Shape;
            return 2 * weights;
        });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen, Is.EqualTo(Shape.Create([2, Heads, 7, 7])));
            Assert.That(doubled.Incoming!.ToArray<double>(), Is.EqualTo((2 * plain.Incoming!).ToArray<double>()).Within(1e-14));
            Assert.That(doubled.Bias!.ToArray<double>(), Is.EqualTo((2 * plain.Bias!).ToArray<double>()).Within(1e-14));
            Assert.That(doubled.Outgoing!.ToArray<double>(), Is.EqualTo((2 * plain.Outgoing!).ToArray<double>()).Within(1e-14));
        }
    }

    [Test]
    public void Neurons_may_change_places_together_only()
    {
        Tensor incoming = Sampling.Values([1, 6, 3, 2], -1, 1, 1), outgoing = Sampling.Values([1, 6, 4, 3], -1, 1, 2);
        var order = Tensor.From([2L, 0, 1], [3], Device.Host);
        var y = Tensor.AttendNeurons(incoming, null, outgoing, 1);
        var moved = Tensor.AttendNeurons(incoming.Take(order, 2), null, outgoing.Take(order, 3), 1);
        Assert.That(moved.Outgoing!.ToArray<double>(), Is.EqualTo(y.Outgoing!.Take(order, 3).ToArray<double>()).Within(1e-14));
        var torn = Tensor.AttendNeurons(incoming.Take(order, 2), null, outgoing, 1);
        Assert.That((torn.Outgoing! - y.Outgoing!).Abs().Max().Item(), Is.GreaterThan(1e-3));
    }
}
