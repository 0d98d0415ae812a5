using Noether.Primitives;

namespace Noether;

public static partial class Fourier
{
    /// <summary>
    /// A spectral convolution: the lowest Fourier modes of each channel, mixed by a complex matrix for each mode, as points again:
    /// <c>y[o] = irfft(Σ_i rfft(x[i]) R[i, o])</c>, all other modes zero.
    /// </summary>
    /// <remarks>
    /// Transforms run over the last one, two or more axes; forward without a factor and back with 1/n, so that the same weights act alike on finer
    /// samples of a function. The last axis keeps frequencies 0 … m-1, each axis before it 0 … m-1 and -m … -1: one block of weights for each choice of
    /// signs. In 2-D the first block has the positive and the second the negative frequencies of the first axis; in 3-D the order is (+, +), (-, +), (+, -),
    /// (-, -). The imaginary parts of a result's coefficients that are their own mirror image along the last axis count as zero.
    /// Cost: 4 passes over x and y with their derivatives; transforms are matrix products where modes are few, fast transforms else. Derivatives of
    /// every order are spectral convolutions again. Source: Li et al., Fourier neural operator for parametric partial differential equations (2021).
    /// </remarks>
    /// <param name="x">Real points, [batch, in, n1, …, nd].</param>
    /// <param name="weights">2^(d-1) blocks [in, out, m1, …, md]; m at most half of the points for all axes but the last, n/2 + 1 for the last.</param>
    /// <returns>[batch, out, n1, …, nd].</returns>
    /// <exception cref="ShapeException">Shapes do not go together, or there are not so many modes.</exception>
    public static Tensor SpectralConvolution(Tensor x, params ReadOnlySpan<ComplexTensor> weights)
    {
        const string operation = "SpectralConvolution";
        if (x.Rank < 3) throw new ShapeException($"{operation}: {x.Shape} is not [batch, channels, points…]");
        var axes = x.Rank - 2;
        if (weights.Length != 1 << (axes - 1))
            throw new ShapeException($"{operation}: {weights.Length} blocks of weights for {x.Shape}; {axes} axes of points take {1 << (axes - 1)}");
        var type = x.DType.ToFloating();
        foreach (var block in weights)
        {
            if (!block.Shape.Equals(weights[0].Shape))
                throw new ShapeException($"{operation}: blocks differ in shape: {weights[0].Shape} and {block.Shape}");
            type = DTypes.Promote(type, block.DType);
        }

        var shape = weights[0].Shape;
        if (shape.Rank != x.Rank) throw new ShapeException($"{operation}: weights {shape} do not go with {x.Shape}: they are [in, out, modes…]");
        if (shape[0] != x.Shape[1]) throw new ShapeException($"{operation}: {x.Shape} has {x.Shape[1]} channels, the weights {shape} take {shape[0]}");
        Primitives.SpectralConvolution.CheckModes(operation, x.Shape[2..], shape[2..]);

        var operands = new Tensor[1 + 2 * weights.Length];
        operands[0] = x.To(type);
        for (var block = 0; block < weights.Length; block++)
        {
            operands[1 + 2 * block] = weights[block].Real.To(type);
            operands[2 + 2 * block] = weights[block].Imaginary.To(type);
        }

        return Tensor.Apply(new SpectralConvolution(false), operands);
    }
}
