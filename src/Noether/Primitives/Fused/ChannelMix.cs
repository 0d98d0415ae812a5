using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// Mixes the channels of matrices and adds what depends on the row or the column alone:
/// <c>y[b, o, j, k] = Σ_c w[o, c] x[b, c, j, k] + r[b, o, j] + q[b, o, k]</c>.
/// </summary>
/// <remarks>
/// Operands: w [out, in], x [batch, in, rows, columns], r [batch, out, rows], q [batch, out, columns]. What a linear layer on the weights of networks does
/// with each weight tensor (Zhou et al., Permutation equivariant neural functionals, 2023): one product, whose result starts from r + q in cache.
/// Its derivatives are products of the same kind, <see cref="ChannelOuter"/> and <see cref="AxisSums"/>.
/// </remarks>
public sealed record ChannelMix : FusedPrimitive, ISampled
{
    /// <summary>The primitive has no parameters: one instance serves all.</summary>
    public static readonly ChannelMix Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        Sampled(2, 3, 2, 4, 3),
        Sampled(1, 1, 3, 1, 5),
        Sampled(3, 2, 1, 2, 1),
        Sampled(0, 2, 2, 2, 2),
        Sampled(2, 0, 2, 2, 3),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        Shape w = x[0].Shape, m = x[1].Shape;
        var type = Rules.Floating(Name, Array.ConvertAll(x, static t => t.DType));
        if (w.Rank != 2 || m.Rank != 4 || w[1] != m[1])
            throw new ShapeException($"{Name}: {w} does not mix the channels of {m}");
        if (!x[2].Shape.Equals(Shape.Create([m[0], w[0], m[2]])) || !x[3].Shape.Equals(Shape.Create([m[0], w[0], m[3]])))
            throw new ShapeException($"{Name}: row terms {x[2].Shape} and column terms {x[3].Shape} do not go with {w} and {m}");
        return [new(m.With(1, w[0]), type)];
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var result = new Tensor?[4];
        if (cotangents[0] is not { } g) return result;
        if (wanted[0]) result[0] = Tensor.Apply(ChannelOuter.Instance, g, x[1]);
        if (wanted[1]) result[1] = Mixed(x[0].Transpose(), g);
        if (wanted[2] || wanted[3]) Tensor.ApplyMany(AxisSums.Instance, g).CopyTo(result, 2);
        return result;
    }

    internal override Tensor[] Define(Tensor[] x) => [Mixed(x[0], x[1]) + x[2].Unsqueeze(-1) + x[3].Unsqueeze(-2)];

    internal override bool TakesEpilogue => true;

    internal override void Evaluate(Device device, View[] x, View[] y, Epilogue epilogue) => device.ChannelMix(x[0], x[1], x[2], x[3], y[0], epilogue);

    internal override void Evaluate(Device device, View[] x, View[] y) => device.ChannelMix(x[0], x[1], x[2], x[3], y[0]);

    /// <summary>The product alone.</summary>
    internal static Tensor Mixed(Tensor w, Tensor x)
    {
        var flat = x.Reshape([x.Shape[0], x.Shape[1], x.Shape[2] * x.Shape[3]]);
        return w.MatMul(flat).Reshape(x.Shape.With(1, w.Shape[0]));
    }

    private static Sample Sampled(int batch, int inputs, int outputs, int rows, int columns) => new(
        Instance,
        Sampling.Values([outputs, inputs]),
        Sampling.Values([batch, inputs, rows, columns], seed: 1),
        Sampling.Values([batch, outputs, rows], seed: 2),
        Sampling.Values([batch, outputs, columns], seed: 3));
}
