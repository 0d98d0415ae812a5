using Noether.Models.WeightSpaces;
using Noether.Nn;
using static Noether.Transform;

namespace Noether.Bench.Cases;

/// <summary>Steps of Adam on many networks at once, each on data of its own, as the makers of weight-space data take them; the peer loops over the networks.</summary>
internal static class BulkFittingCases
{
    private const int Sirens = 64, Side = 28, Convolutional = 32, Images = 64, Size = 14, Classes = 10;

    public static IEnumerable<Case> All { get; } = [OfSirens(), OfZoo(8), OfZoo(16)];

    // Operands: the points, each network's targets, then parameters with the networks as first axis.
    private static Case OfSirens()
    {
        var widths = PopulationCases.Siren;
        var network = new Siren(new WeightSpec(widths));
        Operand[] parameters = [.. PopulationCases.SirenLayers(Sirens)];
        double weights = parameters.Sum(static x => (double)x.Size);
        return Of(
            $"Adam on {Sirens} SIRENs 2-32-32-1, {Side * Side} points; peer loops", "siren-fit",
            [new([Side * Side, widths[0]], Scale: 0.5), new([Sirens, Side * Side, 1])], [null, 0], parameters, network.Init(RandomKey.From(0)),
            (p, a) => (network.Apply(p, a[0]) - a[1]).Square().Mean(), 2.0 * Side * Side * (3 * weights - Sirens * widths[0] * widths[1]));
    }

    // Operands: each network's images and labels, then its parameters.
    private static Case OfZoo(int channels)
    {
        var network = new ZooNetwork(channels, Classes, ZooActivation.Relu);
        var like = network.Init(RandomKey.From(0));
        Operand[] parameters = [.. like.Leaves.Select(static p => new Operand([Convolutional, .. p.Shape], p.Rank == 1 ? 0.01 : Math.Sqrt(2.0 * p.Shape[0] / p.Size)))];
        var terms = channels * channels * 9.0;
        return Of(
            $"Adam on {Convolutional} CNNs of {channels} channels, {Images} images {Size}x{Size} each; peer loops", "zoo-fit",
            [new([Convolutional, Images, 1, Size, Size]), new([Convolutional, Images], Classes: Classes)], [0, 0], parameters, like,
            (p, a) => Loss.CrossEntropy(network.Apply(p, a[0], null, null), a[1]),
            2.0 * Convolutional * Images * (2 * 9 * channels * Size * Size + 3 * terms * (7 * 7 + 4 * 4)));
    }

    private static Case Of(
        string name, string operation, Operand[] data, int?[] axes, Operand[] parameters, Parameters like, Func<Parameters, Tensor[], Tensor> lossOf, double flops) =>
        new("population", name, operation, [.. data, .. parameters], operands =>
        {
            var adam = new Adam { LearningRate = PopulationCases.LearningRate };
            var memory = adam.Init(like);
            var (first, count) = (data.Length, like.Count);
            Tensor[] Step(Tensor[] a)
            {
                var p = like.WithLeaves(a[first..(first + count)]);
                var (loss, gradient) = ValueAndGrad<Parameters>(q => lossOf(q, a[..first]))(p);
                var (after, next) = adam.Step(p, gradient, memory.WithLeaves(a[(first + count)..]));
                return [loss, .. after.Leaves, .. next.Leaves];
            }

            int?[] mapped = [.. axes, .. Enumerable.Repeat<int?>(0, count + memory.Count)];
            var step = Compile(Vmap(Step, mapped), [.. Enumerable.Range(first, count + memory.Count)]);
            var networks = parameters[0].Shape[0];
            Tensor[] carried = [.. operands[first..].Select(static x => x + 0), .. memory.Leaves.Select(m => Tensor.Zeros([networks, .. m.Shape], m.DType, m.Device))];
            Tensor.Evaluate(carried);
            return () =>
            {
                var results = step([.. operands[..first], .. carried]);
                carried = results[1..];
                return [results[0]];
            };
        })
        {
            CheckedRepetition = 3,
            Flops = flops,
            Bytes = sizeof(float) * (data.Sum(static x => (double)x.Size) + 6.0 * parameters.Sum(static x => (double)x.Size)),
        };
}
