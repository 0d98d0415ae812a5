using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// The derivative of a <see cref="ChannelMix"/> by its weights: <c>w[o, c] = Σ_b Σ_jk g[b, o, j, k] x[b, c, j, k]</c>, without a product for each b or
/// a transposed copy.
/// </summary>
public sealed record ChannelOuter : FusedPrimitive, ISampled
{
    /// <summary>The primitive has no parameters: one instance serves all.</summary>
    public static readonly ChannelOuter Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(Instance, Sampling.Values([2, 3, 2, 4]), Sampling.Values([2, 2, 2, 4], seed: 1)),
        new(Instance, Sampling.Values([3, 1, 1, 2]), Sampling.Values([3, 2, 1, 2], seed: 1)),
        new(Instance, Sampling.Values([0, 1, 2, 2]), Sampling.Values([0, 2, 2, 2], seed: 1)),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        Shape g = x[0].Shape, m = x[1].Shape;
        var type = Rules.Floating(Name, [x[0].DType, x[1].DType]);
        return g.Rank == 4 && m.Rank == 4 && g.With(1, 1).Equals(m.With(1, 1))
            ? [new([g[1], m[1]], type)]
            : throw new ShapeException($"{Name}: {g} and {m} differ beyond channels");
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) => cotangents[0] is not { } w
        ? [null, null]
        : [wanted[0] ? ChannelMix.Mixed(w, x[1]) : null, wanted[1] ? ChannelMix.Mixed(w.Transpose(), x[0]) : null];

    internal override Tensor[] Define(Tensor[] x)
    {
        Tensor g = x[0].Permute(1, 0, 2, 3), m = x[1].Permute(1, 0, 2, 3);
        var terms = checked((int)(g.Size / Math.Max(1, g.Shape[0])));
        return [g.Reshape([g.Shape[0], terms]).MatMul(m.Reshape([m.Shape[0], terms]).Transpose())];
    }

    internal override void Evaluate(Device device, View[] x, View[] y) => device.ChannelOuter(x[0], x[1], y[0]);
}
