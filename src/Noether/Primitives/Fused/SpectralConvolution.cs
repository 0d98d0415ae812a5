using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// A spectral convolution: the lowest Fourier modes of x [batch, in, space…] times a complex matrix for each mode, as points again
/// [batch, out, space…].
/// </summary>
/// <remarks>
/// Operands: x, then real and imaginary part of the weights [in, out, modes…], for 2^(axes - 1) blocks: a choice of sign of the frequencies of each
/// axis but the last; the first axis changes fastest and positive comes first.
/// With F the transform cut to the modes, M the product by the weights and G the inverse (with 1/n, and mirror images), it is G M F, and its
/// adjoint, from out to in, Fᵀ M* Gᵀ. Fᵀ differs from G only in how often a mode counts, so one verb serves both, and
/// <see cref="SpectralOuter"/> is the derivative by the weights of both: derivatives of every order close on these two.
/// Source: Li et al., Fourier neural operator for parametric partial differential equations (2021), equation 5.
/// </remarks>
/// <param name="Adjoint">From out to in.</param>
public sealed record SpectralConvolution(bool Adjoint) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples
    {
        get
        {
            foreach (var adjoint in (bool[])[false, true])
            {
                yield return Sampled(adjoint, [2, 3, 6], 2, [2]);
                yield return Sampled(adjoint, [1, 2, 4], 1, [3]); // with the middle mode
                yield return Sampled(adjoint, [2, 1, 5], 3, [3]);
                yield return Sampled(adjoint, [2, 2, 5, 4], 3, [2, 2]);
                yield return Sampled(adjoint, [1, 2, 4, 6], 1, [1, 4]);
                yield return Sampled(adjoint, [1, 1, 3, 2, 4], 2, [1, 1, 2]);
                yield return Sampled(adjoint, [0, 2, 4], 3, [2]);
            }
        }
    }

    internal override TensorType[] Infer(Tensor[] x)
    {
        var (from, to) = Adjoint ? (1, 0) : (0, 1);
        Shape space = x[0].Shape, weights = x[1].Shape;
        var type = Rules.Floating(Name, Array.ConvertAll(x, static t => t.DType));
        if (space.Rank < 3 || weights.Rank != space.Rank || x.Length != 1 + (2 << (space.Rank - 3)))
            throw new ShapeException($"{Name}: {space} does not go with {x.Length - 1} parts of weights {weights}");
        foreach (var part in x[1..])
            if (!part.Shape.Equals(weights))
                throw new ShapeException($"{Name}: parts of the weights differ in shape: {weights} and {part.Shape}");
        if (space[1] != weights[from])
            throw new ShapeException($"{Name}: {space} has {space[1]} channels, the weights {weights} are for {weights[from]}");
        CheckModes(Name, space[2..], weights[2..]);
        return [new(space.With(1, weights[to]), type)];
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        var sum = dx[0] is { } tangent ? Tensor.Apply(this, [tangent, .. x[1..]]) : null;
        if (Array.Exists(dx[1..], static d => d is not null))
        {
            var other = Tensor.Apply(this, [x[0], .. x[1..].Select((w, i) => dx[i + 1] ?? w.ZerosLike())]);
            sum = sum is null ? other : sum + other;
        }

        return [sum];
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var result = new Tensor?[x.Length];
        if (cotangents[0] is not { } g) return result;
        if (wanted[0]) result[0] = Tensor.Apply(new SpectralConvolution(!Adjoint), [g, .. x[1..]]);
        if (Array.Exists(wanted[1..], static w => w))
        {
            var outer = new SpectralOuter(x[1].Shape[2..]);
            (Adjoint ? Tensor.ApplyMany(outer, g, x[0]) : Tensor.ApplyMany(outer, x[0], g)).CopyTo(result, 1);
        }

        return result;
    }

    // Against shared weights a batch of batches is one batch.
    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        if (!batched[0] || Array.Exists(batched[1..], static b => b)) return base.Batch(x, batched, size);
        var y = Tensor.Apply(this, [x[0].MergeAxes(0, 2), .. x[1..]]);
        return [y.Reshape([size, x[0].Shape[1], .. y.Shape[1..]])];
    }

    internal override Tensor[] Define(Tensor[] x)
    {
        var modes = x[1].Shape[2..];
        var spectrum = SpectralModes.Analyse(x[0], modes, weighted: Adjoint);
        for (var block = 0; block < spectrum.Length; block++)
        {
            var w = new ComplexTensor(SpectralModes.Flat(x[1 + 2 * block]), SpectralModes.Flat(x[2 + 2 * block])); // [modes, in, out]
            var product = spectrum[block].MatMul(Adjoint ? w.Conjugate().SwapAxes(-1, -2) : w);
            spectrum[block] = product;
        }

        return [SpectralModes.Synthesise(spectrum, modes, x[0].Shape[2..], weighted: !Adjoint)];
    }

    internal override void Evaluate(Device device, View[] x, View[] y) => device.SpectralConvolution(x[0], x.AsSpan(1), y[0], Adjoint);

    /// <exception cref="ShapeException">More modes than there are.</exception>
    internal static void CheckModes(string operation, Shape space, Shape modes)
    {
        for (var axis = 0; axis < modes.Rank; axis++)
        {
            var last = axis == modes.Rank - 1;
            var most = last ? RealFourierTransform.Kept(space[axis]) : space[axis] / 2;
            if (space[axis] == 0 || modes[axis] < 1 || modes[axis] > most)
                throw new ShapeException($"{operation}: {modes[axis]} modes along axis {axis + 2}, but {space} points have 1 to {most}{(last ? "" : " of either sign")}; modes are {modes}");
        }
    }

    private static Sample Sampled(bool adjoint, int[] x, int other, int[] modes)
    {
        int[] w = adjoint ? [other, x[1], .. modes] : [x[1], other, .. modes];
        return new(new SpectralConvolution(adjoint), [Sampling.Values([.. x]), .. Enumerable.Range(1, 1 << modes.Length).Select(i => Sampling.Values([.. w], seed: i))]);
    }
}
