using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// Normalises each channel of x [N, C, …] over all other axes: y = (x - mean)·r·w + b with r = 1 / √(variance + ε), the biased variance; also mean
/// and variance [C], which running statistics and the gradient need.
/// </summary>
/// <remarks>Operands: x, w [C] and b [C]. A channel must have elements.</remarks>
/// <param name="Epsilon">ε.</param>
public sealed record BatchNormalization(double Epsilon) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
        from shape in Shapes
        let channels = Shape.Create([shape[1]])
        select new Sample(new BatchNormalization(1e-2), Sampling.Values(shape), Sampling.Values(channels, seed: 1), Sampling.Values(channels, seed: 2));

    internal static Shape[] Shapes => [[5, 2], [2, 3, 4], [3, 1, 2, 3], [2, 0, 3]];

    internal override TensorType[] Infer(Tensor[] x)
    {
        var type = Rules.Floating(Name, Array.ConvertAll(x, static t => t.DType));
        TensorType channel = new([x[0].Shape[1]], type);
        return [new(x[0].Shape, type), channel, channel];
    }

    internal override Tensor[] Define(Tensor[] x)
    {
        var axes = Others(x[0]);
        var mean = x[0].Mean(axes, keepAxes: true);
        var centred = x[0] - mean;
        var variance = centred.Square().Mean(axes);
        var scale = (variance + Epsilon).ReciprocalSqrt() * x[1];
        return [centred * Kept(scale, x[0]) + Kept(x[2], x[0]), mean.Reshape(variance.Shape), variance];
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var gradients = new Tensor?[3];
        if (cotangents[0] is { } c) Tensor.ApplyMany(new BatchNormalizationGradient(Epsilon), x[0], x[1], y[1], y[2], c).CopyTo(gradients, 0);

        // d mean = Σ dx / n; d variance = 2·Σ (x - mean)·dx / n.
        if (x[0].Size == 0) return gradients;
        var share = (double)x[0].Shape[1] / x[0].Size;
        if (cotangents[1] is { } m) gradients[0] = Sum(gradients[0], Kept(m * share, x[0]).BroadcastTo(x[0].Shape));
        if (cotangents[2] is { } v) gradients[0] = Sum(gradients[0], Kept(v * (2 * share), x[0]) * (x[0] - Kept(y[1], x[0])));
        return gradients;
    }

    internal override void Evaluate(Device device, View[] x, View[] y) => device.BatchNormalization(this, x, y);

    /// <summary>All axes but 1.</summary>
    internal static int[] Others(Tensor x) => [0, .. Enumerable.Range(2, x.Rank - 2)];

    /// <summary>A number a channel, beside x.</summary>
    internal static Tensor Kept(Tensor channels, Tensor x) => channels.Reshape([channels.Shape[0], .. Enumerable.Repeat(1, x.Rank - 2)]);

    private static Tensor Sum(Tensor? a, Tensor b) => a is null ? b : a + b;
}

/// <summary>
/// The gradients of <see cref="BatchNormalization"/> for a cotangent g of y: with x̂ = (x - mean)·r, db = Σ g, dw = Σ g·x̂ and
/// dx = w·r·(g - db / n - x̂·dw / n), n elements a channel.
/// </summary>
/// <remarks>Operands: x, w, mean, variance, g; results: dx, dw, db.</remarks>
/// <inheritdoc cref="BatchNormalization" path="/param[@name='Epsilon']"/>
public sealed record BatchNormalizationGradient(double Epsilon) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
        from shape in BatchNormalization.Shapes
        let channels = Shape.Create([shape[1]])
        let moments = (Tensor[])[Sampling.Values(channels, -0.5, 0.5, 2), Sampling.Values(channels, 0.5, 1, 3)]
        select new Sample(
            new BatchNormalizationGradient(1e-2), [Sampling.Values(shape), Sampling.Values(channels, seed: 1), .. moments, Sampling.Values(shape, seed: 4)]);

    internal override TensorType[] Infer(Tensor[] x)
    {
        var type = Rules.Floating(Name, Array.ConvertAll(x, static t => t.DType));
        TensorType channel = new([x[0].Shape[1]], type);
        return [new(x[0].Shape, type), channel, channel];
    }

    internal override Tensor[] Define(Tensor[] x)
    {
        var axes = BatchNormalization.Others(x[0]);
        var scale = (x[3] + Epsilon).ReciprocalSqrt();
        var normalised = (x[0] - BatchNormalization.Kept(x[2], x[0])) * BatchNormalization.Kept(scale, x[0]);
        var g = x[4];
        var dx = BatchNormalization.Kept(x[1] * scale, x[0])
            * (g - g.Mean(axes, keepAxes: true) - normalised * (g * normalised).Mean(axes, keepAxes: true));
        return [dx, (g * normalised).Sum(axes), g.Sum(axes)];
    }

    internal override void Evaluate(Device device, View[] x, View[] y) => device.BatchNormalizationGradient(this, x, y);
}
