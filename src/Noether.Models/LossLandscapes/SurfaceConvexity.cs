namespace Noether.Models.LossLandscapes;

/// <summary>How far a surface z(x, y) on a grid is from convex, in numbers. Points that are not finite are holes: left out and counted.</summary>
/// <param name="NegativeShare">The part of <see cref="Interior"/> at which the surface's Hessian, by central differences, has a negative eigenvalue.</param>
/// <param name="NegativeRatio">
/// The mean there of |λ_min| over the larger of |λ_min| and |λ_max|: 1 where the surface bends down as much as up, or more. 0 if there is no such point.
/// </param>
/// <param name="Interior">How many points have finite values all around, so that a Hessian can be taken.</param>
/// <param name="MeanGap">The mean distance of the surface above its convex envelope, in parts of <see cref="Range"/>.</param>
/// <param name="LargestGap">The largest such distance, in parts of <see cref="Range"/>.</param>
/// <param name="Range">The largest value less the smallest.</param>
/// <param name="Holes">How many points are not finite.</param>
/// <remarks>
/// The share does not depend on how the axes are scaled, the ratio does. The gap is seen in the plane only: a loss that is convex in it may be far from convex beside it
/// (<see cref="ConvexityMap"/>).
/// </remarks>
public sealed record SurfaceConvexity(double NegativeShare, double NegativeRatio, int Interior, double MeanGap, double LargestGap, double Range, int Holes)
{
    /// <summary>The numbers of a surface's losses.</summary>
    /// <param name="grid">The surface.</param>
    /// <param name="noise">Values are exact to this part of the largest |value|: curvature that such an error can make counts as none.</param>
    /// <exception cref="ArgumentException">No value is finite.</exception>
    public static SurfaceConvexity Of(LandscapeGrid grid, double noise = 1e-9)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return Of(grid.Xs, grid.Ys, grid.Loss, noise);
    }

    /// <summary>The numbers of any values, such as the logarithm of losses.</summary>
    /// <param name="xs">Ascending.</param>
    /// <param name="ys">Ascending.</param>
    /// <param name="values">z, [ys, xs].</param>
    /// <param name="noise">Values are exact to this part of the largest |value|.</param>
    /// <exception cref="ArgumentException">No value is finite, steps do not ascend, or values are not [ys, xs].</exception>
    public static SurfaceConvexity Of(IReadOnlyList<double> xs, IReadOnlyList<double> ys, double[,] values, double noise = 1e-9)
    {
        var envelope = ConvexEnvelope.Of(xs, ys, values);
        double[] finite = [.. values.Cast<double>().Where(double.IsFinite)];
        if (finite.Length == 0) throw new ArgumentException("SurfaceConvexity: no value is finite", nameof(values));
        var range = finite.Max() - finite.Min();
        double[] gaps = [.. values.Cast<double>().Zip(envelope.Cast<double>(), static (z, below) => z - below).Where(double.IsFinite)];
        var scale = range > 0 ? 1 / range : 0;

        var rounding = noise * finite.Max(Math.Abs);
        var (interior, negative, ratios) = (0, 0, 0.0);
        for (var row = 1; row < ys.Count - 1; row++)
        {
            for (var column = 1; column < xs.Count - 1; column++)
            {
                if (Curvature(xs, ys, values, row, column) is not ({ } least, { } most, { } error)) continue;
                interior++;
                if (least >= -error * rounding) continue;
                negative++;
                ratios += Math.Abs(least) / Math.Max(Math.Abs(least), Math.Abs(most));
            }
        }

        return new(
            interior == 0 ? 0 : (double)negative / interior, negative == 0 ? 0 : ratios / negative, interior,
            gaps.Average() * scale, gaps.Max() * scale, range, values.Length - finite.Length);
    }

    // Both eigenvalues of [[z_xx, z_xy], [z_xy, z_yy]], and by how much an error of 1 in the values may move them; null beside a hole.
    private static (double Least, double Most, double Error)? Curvature(IReadOnlyList<double> xs, IReadOnlyList<double> ys, double[,] z, int row, int column)
    {
        for (var r = row - 1; r <= row + 1; r++)
        {
            for (var c = column - 1; c <= column + 1; c++)
            {
                if (!double.IsFinite(z[r, c])) return null;
            }
        }

        var (left, right) = (xs[column] - xs[column - 1], xs[column + 1] - xs[column]);
        var (below, above) = (ys[row] - ys[row - 1], ys[row + 1] - ys[row]);
        var xx = Second(z[row, column - 1], z[row, column], z[row, column + 1], left, right);
        var yy = Second(z[row - 1, column], z[row, column], z[row + 1, column], below, above);
        var xy = (z[row + 1, column + 1] - z[row + 1, column - 1] - z[row - 1, column + 1] + z[row - 1, column - 1]) / ((left + right) * (below + above));
        var (middle, radius) = ((xx + yy) / 2, Math.Sqrt((xx - yy) * (xx - yy) / 4 + xy * xy));
        return (middle - radius, middle + radius, 4 / (left * right) + 4 / (below * above));
    }

    private static double Second(double before, double at, double after, double left, double right) =>
        2 * ((after - at) / right - (at - before) / left) / (left + right);
}
