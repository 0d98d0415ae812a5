using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// Normalises rows, the last axes of x: y = (x - mean)·r·w + b with r = 1 / √(variance + ε), the biased variance; also mean and r, one a row,
/// which the gradient needs.
/// </summary>
/// <remarks>Operands: x, or x, w and b, these of the last axes' shape.</remarks>
/// <param name="Count">How many of the last axes are a row.</param>
/// <param name="Epsilon">ε.</param>
public sealed record LayerNorm(int Count, double Epsilon) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new LayerNorm(1, 1e-2), Sampling.Values([3, 5])),
        new(new LayerNorm(1, 1e-2), Sampling.Values([7])),
        new(new LayerNorm(1, 1e-2), Sampling.Values([3, 11]), Sampling.Values([11], seed: 1), Sampling.Values([11], seed: 2)),
        new(new LayerNorm(2, 1e-1), Sampling.Values([3, 2, 4]), Sampling.Values([2, 4], seed: 1), Sampling.Values([2, 4], seed: 2)),
        new(new LayerNorm(1, 1e-2), Sampling.Values([0, 3]), Sampling.Values([3], seed: 1), Sampling.Values([3], seed: 2)),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        var type = Rules.Floating(Name, Array.ConvertAll(x, static t => t.DType));
        TensorType row = new(x[0].Shape[..^Count], type);
        return [new(x[0].Shape, type), row, row];
    }

    internal override Tensor[] Define(Tensor[] x)
    {
        var axes = Enumerable.Range(x[0].Rank - Count, Count).ToArray();
        var mean = x[0].Mean(axes, keepAxes: true);
        var centred = x[0] - mean;
        var scale = (centred.Square().Mean(axes, keepAxes: true) + Epsilon).ReciprocalSqrt();
        var y = centred * scale;
        var rows = x[0].Shape[..^Count];
        return [x.Length > 1 ? y * x[1] + x[2] : y, mean.Reshape(rows), scale.Reshape(rows)];
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var gradients = new Tensor?[x.Length];
        if (cotangents[0] is { } c)
        {
            Tensor[] operands = [x[0], y[1], y[2], c];
            Tensor.ApplyMany(new LayerNormGradient(Count), x.Length > 1 ? [.. operands, x[1]] : operands).CopyTo(gradients, 0);
        }

        // d mean = Σ dx / n; dr = -r³·Σ (x - mean)·dx / n.
        var n = x[0].Shape[^Count..].Size;
        if (cotangents[1] is { } m) gradients[0] = Sum(gradients[0], (Kept(m, x[0]) / (double)n).BroadcastTo(x[0].Shape));
        if (cotangents[2] is { } s) gradients[0] = Sum(gradients[0], Kept(s * y[2] * y[2] * y[2] / -(double)n, x[0]) * (x[0] - Kept(y[1], x[0])));
        return gradients;
    }

    // With one weight for all members, members are rows more.
    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        Array.IndexOf(batched, true, 1) < 0 ? Tensor.ApplyMany(this, x) : base.Batch(x, batched, size);

    internal override void Evaluate(Device device, View[] x, View[] y) => device.LayerNorm(this, x, y);

    private static Tensor Kept(Tensor rows, Tensor x) => rows.Reshape([.. rows.Shape, .. Enumerable.Repeat(1, x.Rank - rows.Rank)]);

    private static Tensor Sum(Tensor? a, Tensor b) => a is null ? b : a + b;
}

/// <summary>
/// The gradients of <see cref="LayerNorm"/> for a cotangent g of y: with x̂ = (x - mean)·r and h = g·w, dx = r·(h - mean h - x̂·mean(h·x̂)),
/// dw = Σ g·x̂ and db = Σ g over rows.
/// </summary>
/// <remarks>Operands: x, mean, r, g and, if there is a weight, w; results: dx and, with a weight, dw and db.</remarks>
/// <inheritdoc cref="LayerNorm" path="/param[@name='Count']"/>
public sealed record LayerNormGradient(int Count) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
        from sample in LayerNorm.Samples
        let count = ((LayerNorm)sample.Primitive).Count
        let x = sample.Inputs[0]
        let rows = x.Shape[..^count]
        let operands = (Tensor[])[x, Sampling.Values(rows, -0.5, 0.5, 3), Sampling.Values(rows, 0.5, 1, 4), Sampling.Values(x.Shape, seed: 5)]
        select new Sample(new LayerNormGradient(count), sample.Inputs.Length > 1 ? [.. operands, sample.Inputs[1]] : operands);

    internal override TensorType[] Infer(Tensor[] x)
    {
        var type = Rules.Floating(Name, Array.ConvertAll(x, static t => t.DType));
        return x.Length > 4 ? [new(x[0].Shape, type), new(x[4].Shape, type), new(x[4].Shape, type)] : [new(x[0].Shape, type)];
    }

    internal override Tensor[] Define(Tensor[] x)
    {
        Tensor mean = Kept(x[1], x[0]), scale = Kept(x[2], x[0]), g = x[3];
        var axes = Enumerable.Range(x[0].Rank - Count, Count).ToArray();
        var normalised = (x[0] - mean) * scale;
        var h = x.Length > 4 ? g * x[4] : g;
        var dx = scale * (h - h.Mean(axes, keepAxes: true) - normalised * (h * normalised).Mean(axes, keepAxes: true));
        if (x.Length == 4) return [dx];
        var rows = Enumerable.Range(0, x[0].Rank - Count).ToArray();
        return [dx, (g * normalised).Sum(rows), g.Sum(rows)];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        x.Length == 4
            ? Tensor.ApplyMany(this, [.. x.Select((t, i) => WithBatch(t, batched[i], size))])
            : base.Batch(x, batched, size);

    internal override void Evaluate(Device device, View[] x, View[] y) => device.LayerNormGradient(this, x, y);

    private static Tensor Kept(Tensor rows, Tensor x) => rows.Reshape([.. rows.Shape, .. Enumerable.Repeat(1, x.Rank - rows.Rank)]);
}
