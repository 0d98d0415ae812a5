using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.LossLandscapes;

/// <summary>A path of training seen from its end: rows <c>θ_i - θ_n</c>, the last of them zero.</summary>
/// <remarks>
/// Contours over such a plane show the loss in the plane, not at the checkpoints, which lie beside it. Source: Li et al. (2018), section 7.
/// </remarks>
public sealed class Trajectory
{
    private readonly Parameters rows; // a leading axis of checkpoints

    /// <summary>The path through checkpoints.</summary>
    /// <param name="checkpoints">In order; the last is the origin of coordinates.</param>
    /// <param name="takesPart">Which tensors, by name; null: all. Published figures leave one-dimensional ones out.</param>
    /// <exception cref="ParameterException">Structures differ, or nothing takes part.</exception>
    public Trajectory(IReadOnlyList<Parameters> checkpoints, Func<string, bool>? takesPart = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoints);
        if (checkpoints.Count < 3) throw new ArgumentException($"Trajectory: a plane needs three checkpoints, not {checkpoints.Count}", nameof(checkpoints));
        Space = new(checkpoints[^1], takesPart);
        var end = Space.Restrict(checkpoints[^1]);
        rows = Parameters.Stack([.. checkpoints.Select(at => Space.Restrict(at) - end)]);
        Count = checkpoints.Count;
    }

    /// <summary>The participating tensors.</summary>
    public ParameterSpace Space { get; }

    /// <summary>How many checkpoints there are.</summary>
    public int Count { get; }

    /// <summary>The rows as a matrix [checkpoints, Size].</summary>
    public Tensor ToMatrix() => Space.ToRows(rows);

    /// <summary>The first two principal components of the centred rows, by the Gram matrix [checkpoints, checkpoints].</summary>
    /// <exception cref="NumericsException">The path has no second direction.</exception>
    public TrajectoryPlane Plane()
    {
        var gram = rows.Leaves.Select(static x => Gram(x)).Aggregate(static (a, b) => a + b);
        var centre = Tensor.Eye(Count, DType.Float64, gram.Device) - 1.0 / Count;
        var (values, vectors) = LinearAlgebra.SymmetricEigen(centre.MatMul(gram).MatMul(centre));
        double[] variances = [.. values.ToArray<double>().Select(static v => Math.Max(v, 0))];
        var total = variances.Sum();
        double[] top = [variances[^1], variances[^2]];
        if (top[1] <= total * 1e-14) throw new NumericsException("Trajectory: the checkpoints lie on a line");
        var weights = centre.MatMul(vectors);
        return new(
            Component(0), Component(1),
            [.. top.Select(Math.Sqrt)], [.. top.Select(v => v / total)], [.. top.Select(v => v / (Count - 1))]);

        Parameters Component(int i) => Space.Normalize(rows.Map(x =>
            weights.Narrow(1, Count - 1 - i, 1).Transpose().MatMul(Flat(x).To(DType.Float64)).Reshape(x.Shape[1..]).To(x.DType)));
    }

    /// <summary>The coordinates of every checkpoint in the plane of two directions, by least squares: they need not be orthogonal or of length 1.</summary>
    /// <param name="x">The first direction; of its tensors those that take part count.</param>
    /// <param name="y">The second.</param>
    /// <returns>[checkpoints, 2].</returns>
    public Tensor Coordinates(Parameters x, Parameters y)
    {
        var directions = Parameters.Stack(Space.Restrict(x), Space.Restrict(y));
        var (gram, along) = (Products(directions, directions), Products(directions, rows));
        return LinearAlgebra.Solve(gram, along).Transpose();
    }

    /// <summary>How far every checkpoint lies along each of two directions alone: ⟨θ_i - θ_n, d⟩/‖d‖ [checkpoints, 2]. A length, not a coordinate.</summary>
    /// <inheritdoc cref="Coordinates"/>
    public Tensor Lengths(Parameters x, Parameters y)
    {
        var directions = Parameters.Stack(Space.Restrict(x), Space.Restrict(y));
        return (Products(directions, rows) / Products(directions, directions).Diagonal().Sqrt().Unsqueeze(1)).Transpose();
    }

    private static Tensor Flat(Tensor x) => x.Reshape([x.Shape[0], checked((int)x.Shape[1..].Size)]);

    private static Tensor Gram(Tensor x)
    {
        var flat = Flat(x).To(DType.Float64);
        return flat.MatMul(flat.Transpose());
    }

    // Sums over all tensors of products of rows, in float64.
    private static Tensor Products(Parameters x, Parameters y) => x.Zip(y, static (a, b) => Flat(a).To(DType.Float64).MatMul(Flat(b).To(DType.Float64).Transpose()))
        .Leaves.Aggregate(static (a, b) => a + b);
}
