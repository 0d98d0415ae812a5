using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// The derivative of a <see cref="SpectralConvolution"/> by its weights: for each mode Σ over the batch of conj F x [batch, in, space…] times Gᵀ g
/// [batch, out, space…]. Results: real and imaginary part [in, out, modes…] of each block.
/// </summary>
/// <param name="Modes">How many modes are kept along each axis.</param>
public sealed record SpectralOuter(Shape Modes) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new SpectralOuter([2]), Sampling.Values([2, 3, 6]), Sampling.Values([2, 2, 6], seed: 1)),
        new(new SpectralOuter([3]), Sampling.Values([1, 2, 4]), Sampling.Values([1, 1, 4], seed: 1)),
        new(new SpectralOuter([2, 2]), Sampling.Values([2, 2, 5, 4]), Sampling.Values([2, 3, 5, 4], seed: 1)),
        new(new SpectralOuter([1, 1, 2]), Sampling.Values([1, 1, 3, 2, 4]), Sampling.Values([1, 2, 3, 2, 4], seed: 1)),
        new(new SpectralOuter([2]), Sampling.Values([0, 2, 4]), Sampling.Values([0, 3, 4], seed: 1)),
    ];

    internal override TensorType[] Infer(Tensor[] x)
    {
        Shape left = x[0].Shape, right = x[1].Shape;
        var type = Rules.Floating(Name, [x[0].DType, x[1].DType]);
        if (left.Rank != Modes.Rank + 2 || !left.With(1, 1).Equals(right.With(1, 1)))
            throw new ShapeException($"{Name}: {left} and {right} differ beyond channels, or have not {Modes.Rank} axes of points");
        SpectralConvolution.CheckModes(Name, left[2..], Modes);
        return [.. Enumerable.Repeat(new TensorType([left[1], right[1], .. Modes], type), 1 << Modes.Rank)];
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        var first = dx[0] is { } a ? Tensor.ApplyMany(this, a, x[1]) : null;
        var second = dx[1] is { } b ? Tensor.ApplyMany(this, x[0], b) : null;
        if (first is null) return second ?? new Tensor?[y.Length];
        return second is null ? first : [.. first.Select((t, i) => t + second[i])];
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        Tensor[] weights = [.. cotangents.Select((c, i) => c ?? y[i].ZerosLike())];
        return
        [
            wanted[0] ? Tensor.Apply(new SpectralConvolution(true), [x[1], .. weights]) : null,
            wanted[1] ? Tensor.Apply(new SpectralConvolution(false), [x[0], .. weights]) : null,
        ];
    }

    internal override Tensor[] Define(Tensor[] x)
    {
        var left = SpectralModes.Analyse(x[0], Modes, weighted: false);
        var right = SpectralModes.Analyse(x[1], Modes, weighted: true);
        Shape sizes = [x[0].Shape[1], x[1].Shape[1], .. Modes];
        return [.. left.Zip(right).SelectMany(pair =>
        {
            var product = pair.First.Conjugate().SwapAxes(-1, -2).MatMul(pair.Second).Permute(1, 2, 0); // [modes, in, out]
            return (Tensor[])[product.Real.Reshape(sizes), product.Imaginary.Reshape(sizes)];
        })];
    }

    internal override void Evaluate(Device device, View[] x, View[] y) => device.SpectralOuter(x[0], x[1], y);
}
