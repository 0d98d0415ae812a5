namespace Noether.Models.Curvature;

/// <summary>The derivative of outputs in inputs, sample by sample: <c>∂f/∂x</c> [outputs, inputs…] and its size.</summary>
/// <remarks>
/// Networks map [samples, inputs…] to [samples, outputs], each sample for itself: with batch normalisation in evaluation mode. For probabilities
/// differentiate <see cref="Softmax"/> of the network.
/// </remarks>
public static class InputJacobian
{
    /// <summary>The network that ends in probabilities.</summary>
    public static Func<Tensor, Tensor> Softmax(Func<Tensor, Tensor> network) => x => network(x).Softmax(1);

    /// <summary>The Jacobians [samples, outputs, inputs…]: as many reverse passes as there are outputs, batched.</summary>
    public static Tensor Of(Func<Tensor, Tensor> network, Tensor x)
    {
        var (outputs, pullback) = Differentiated(network, x);
        var unit = Tensor.Eye(outputs.Shape[1], outputs.DType, x.Device);
        return Transform.Vmap(row => pullback(row.Unsqueeze(0).BroadcastTo(outputs.Shape)), outAxis: 1)(unit);
    }

    /// <summary>Both norms of every sample, exactly: by the eigenvalues of J·Jᵀ, which is small where outputs are few.</summary>
    public static JacobianNorms Norms(Func<Tensor, Tensor> network, Tensor x)
    {
        var rows = Rows(Of(network, x)).To(DType.Float64);
        return new(SpectralNorms(rows).ToArray<double>(), rows.Square().Sum([1, 2]).Sqrt().ToArray<double>());
    }

    /// <summary>The largest singular value of each of [samples, rows, columns], of which few are rows.</summary>
    internal static Tensor SpectralNorms(Tensor rows)
    {
        var values = LinearAlgebra.SymmetricEigenvalues(rows.MatMul(rows.SwapAxes(1, 2)));
        return values.Narrow(1, rows.Shape[1] - 1, 1).Squeeze(1).Maximum(0).Sqrt();
    }

    /// <summary>All singular values, descending: [samples, min(outputs, inputs)].</summary>
    public static Tensor SingularValues(Func<Tensor, Tensor> network, Tensor x) => LinearAlgebra.SingularValues(Rows(Of(network, x)));

    /// <summary>
    /// ‖J·v‖ [samples] after each step of power iteration <c>v ← Jᵀ·J·v / ‖…‖</c>, all samples at once: estimates of the spectral norms from below, by one
    /// forward and one reverse product a step, however many outputs there are.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="x">Samples.</param>
    /// <param name="start">Where to begin: of x's shape.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="tolerance">Stops when ‖JᵀJv - σ²v‖ of every sample is below this part of σ².</param>
    public static IReadOnlyList<double[]> PowerIteration(Func<Tensor, Tensor> network, Tensor x, Tensor start, int steps = 30, double tolerance = 0)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (!start.Shape.Equals(x.Shape)) throw new ShapeException($"InputJacobian: the start {start.Shape} has not the shape of the samples {x.Shape}");
        var step = Transform.Compile((Tensor[] a) =>
        {
            var v = Unit(a[1]);
            var along = Transform.Jvp<Tensor, Tensor>(network, a[0], v).Tangent;
            var next = Transform.Vjp<Tensor, Tensor>(network, a[0]).Pullback(along);
            var sigma = SquaredNorms(along);
            var rest = next - v * PerSample(sigma, v);
            return [next, sigma.Sqrt(), SquaredNorms(rest).Sqrt() - tolerance * sigma];
        });
        var estimates = new List<double[]>();
        for (var v = start; estimates.Count < steps;)
        {
            var result = step([x, v]);
            v = result[0];
            estimates.Add(result[1].ToArray<double>());
            if (tolerance > 0 && result[2].Max().Item() <= 0) break;
        }

        return estimates;
    }

    /// <summary>Unbiased for ‖J‖²_F [samples], by one reverse pass with random signs: E ‖Jᵀu‖².</summary>
    public static Tensor FrobeniusSquared(Func<Tensor, Tensor> network, Tensor x, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (outputs, pullback) = Differentiated(network, x);
        return SquaredNorms(pullback(key.Bernoulli(outputs.Shape).To(outputs.DType) * 2 - 1));
    }

    /// <summary>‖f(x') - f(x)‖ / ‖x' - x‖ [samples].</summary>
    public static Tensor DifferenceQuotients(Func<Tensor, Tensor> network, Tensor x, Tensor other)
    {
        ArgumentNullException.ThrowIfNull(network);
        return (SquaredNorms(network(other) - network(x)) / SquaredNorms(other - x)).Sqrt();
    }

    /// <summary>
    /// What fitting a target asks of the Jacobian: <c>max over i ≠ j of (‖y_i - y_j‖ - e_i - e_j) / ‖x_i - x_j‖</c>, e the distances of outputs from targets.
    /// Somewhere between two of the samples ‖J‖ is at least as large.
    /// </summary>
    /// <param name="x">Samples [samples, inputs…].</param>
    /// <param name="target">y [samples, outputs].</param>
    /// <param name="outputs">f(x) [samples, outputs].</param>
    /// <remarks>MacDonald, Valmadre, Lucey (2023), the sharpening theorem without its variation term: triangle inequality and mean value.</remarks>
    public static double LowerBound(Tensor x, Tensor target, Tensor outputs)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(outputs);
        if (!target.Shape.Equals(outputs.Shape) || x.Shape[0] != target.Shape[0])
            throw new ShapeException($"LowerBound: samples {x.Shape}, targets {target.Shape} and outputs {outputs.Shape} do not belong together");
        var errors = SquaredNorms((outputs - target).To(DType.Float64)).Sqrt();
        var samples = Distances(x);
        var needed = Distances(target) - errors.Unsqueeze(0) - errors.Unsqueeze(1);
        return Tensor.Select(samples > 0, needed / Tensor.Select(samples > 0, samples, 1), double.NegativeInfinity).Max().Item();
    }

    private static (Tensor Outputs, Func<Tensor, Tensor> Pullback) Differentiated(Func<Tensor, Tensor> network, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(x);
        var (outputs, pullback) = Transform.Vjp(network, x);
        return outputs.Rank == 2 && outputs.Shape[0] == x.Shape[0]
            ? (outputs, pullback)
            : throw new ShapeException($"InputJacobian: the network makes {outputs.Shape} of {x.Shape}, not [{x.Shape[0]}, outputs]");
    }

    private static Tensor Rows(Tensor jacobian) => jacobian.Reshape([jacobian.Shape[0], jacobian.Shape[1], checked((int)jacobian.Shape[2..].Size)]);

    private static Tensor Flat(Tensor x) => x.Reshape([x.Shape[0], checked((int)x.Shape[1..].Size)]);

    private static Tensor SquaredNorms(Tensor x) => Flat(x).Square().Sum(1);

    private static Tensor PerSample(Tensor factor, Tensor like) => factor.Reshape([like.Shape[0], .. Enumerable.Repeat(1, like.Rank - 1)]);

    private static Tensor Unit(Tensor v)
    {
        var norm = SquaredNorms(v).Sqrt();
        return v / PerSample(Tensor.Select(norm > 0, norm, 1), v);
    }

    // Of all pairs [samples, samples], by products of rows; what these leave of the distance of equal rows is rounding, and counts as 0.
    private static Tensor Distances(Tensor x)
    {
        const double rounding = 1e-13;
        var rows = Flat(x).To(DType.Float64);
        var squares = SquaredNorms(rows);
        var sums = squares.Unsqueeze(0) + squares.Unsqueeze(1);
        var distances = sums - 2 * rows.MatMul(rows.Transpose());
        return Tensor.Select(distances > rounding * sums, distances, 0).Sqrt();
    }
}
