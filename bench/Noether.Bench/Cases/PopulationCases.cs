using static Noether.Transform;

namespace Noether.Bench.Cases;

/// <summary>Many networks at once by <c>Vmap</c>: a loss surface, and a training step of many small SIRENs.</summary>
internal static class PopulationCases
{
    /// <summary>The frequency factor of SIREN's sines (Sitzmann et al. 2020, section 3.2).</summary>
    public const double Frequency = 30;

    public const double LearningRate = 1e-4;

    private const int Points = 25, Batch = 128, Copies = 256, Coordinates = 256;

    private static readonly int[] Classifier = [784, 128, 128, 10];
    /// <summary>The widths of a network of sines.</summary>
    public static readonly int[] Siren = [2, 32, 32, 1];

    public static IEnumerable<Case> All { get; } =
    [
        Surface("loss surface of 784-128-128-10, 25x25 points, batch 128"),
        Sirens("step of 256 SIRENs 2-32-32-1, 256 points; peer loops", "siren-loop"),
        Sirens("step of 256 SIRENs 2-32-32-1, 256 points; peer by batched products", "siren-batched"),
    ];

    // Operands: x, labels, the two coordinates, then weights, first and second direction.
    private static Case Surface(string name)
    {
        Operand[] layers = [.. Layers(Classifier)];
        var loss = Compile(static (Tensor[] a) => [Losses(a)]);
        double weights = layers.Sum(static x => (double)x.Size);
        return new("population", name, "loss-surface",
            [new([Batch, Classifier[0]]), new([Batch], Classes: Classifier[^1]), new([Points], Scale: 0.5), new([Points], Scale: 0.5), .. layers, .. layers, .. layers],
            operands => () => loss(operands))
        {
            Flops = Points * Points * (2 * Batch + 4) * weights,
            Bytes = sizeof(float) * weights * Points * Points,
        };
    }

    private static Tensor Losses(Tensor[] a)
    {
        var (x, labels, weights) = (a[0], a[1], a[4..10]);
        Tensor At(Tensor s, Tensor t)
        {
            var moved = weights.Select((w, i) => w + s * a[10 + i] + t * a[16 + i]).ToArray();
            return Nn.Loss.CrossEntropy(Forward(x, moved, static y => y.Tanh()), labels);
        }

        return Vmap(s => Vmap(t => At(s, t))(a[3]))(a[2]);
    }

    // Operands: the points, each copy's targets, then weights with the copies as first axis. One step of gradient descent on the mean squared error.
    public static Case Sirens(string name, string operation, int copies = Copies)
    {
        Operand[] layers = [.. SirenLayers(copies)];
        var step = Compile(static (Tensor[] a) => Vmap(Step, [null, 0, 0, 0, 0, 0, 0, 0])(a));
        double weights = layers.Sum(static x => (double)x.Size);
        return new("population", name, operation, [new([Coordinates, Siren[0]], Scale: 0.5), new([copies, Coordinates, 1]), .. layers], operands => () => step(operands))
        {
            Flops = 2.0 * Coordinates * (3 * weights - copies * Siren[0] * Siren[1]),
            Bytes = 2 * sizeof(float) * weights,
        };
    }

    private static Tensor[] Step(Tensor[] a)
    {
        var gradients = Grad(w => (Forward(a[0], w, static y => (Frequency * y).Sin()) - a[1]).Square().Mean())(a[2..]);
        return [.. gradients.Select((g, i) => a[2 + i] - LearningRate * g)];
    }

    private static Tensor Forward(Tensor x, Tensor[] weights, Func<Tensor, Tensor> activation)
    {
        for (var i = 0; i < weights.Length; i += 2)
        {
            x = x.MatMul(weights[i].Transpose()) + weights[i + 1];
            if (i + 2 < weights.Length) x = activation(x);
        }

        return x;
    }

    /// <summary>Weights and biases of many networks of sines, the networks as first axis.</summary>
    public static IEnumerable<Operand> SirenLayers(int copies) => Layers(Siren)
        .Select((x, i) => x with { Shape = [copies, .. x.Shape], Scale = i == 0 ? 0.3 : i % 2 == 0 ? x.Scale / Frequency : 0.01 });

    // Weights [outputs, inputs] and biases of a network of these widths.
    private static IEnumerable<Operand> Layers(int[] sizes) =>
        Enumerable.Range(0, sizes.Length - 1).SelectMany(i => new Operand[]
        {
            new([sizes[i + 1], sizes[i]], Scale: Math.Sqrt(2.0 / sizes[i])),
            new([sizes[i + 1]], Scale: 0.01),
        });
}
