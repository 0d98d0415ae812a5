namespace Noether.Models.LossLandscapes;

/// <summary>The convex envelope of a surface on a grid: the largest convex function below its points.</summary>
/// <remarks>
/// It is the biconjugate. The transform in y leaves <c>h_t(x) = min_y z(x, y) - t·y</c>, whose envelope in x is that of points on a line, and the
/// envelope is <c>max_t t·y + h_t**(x)</c>. That is concave and piecewise linear in the slope t, so tangents from both sides find its maximum, and for one x the maximiser
/// ascends with y: no grid of slopes, and exact to 1e-10 of the surface's range. Cost: a few lines of the grid for each point.
/// </remarks>
public static class ConvexEnvelope
{
    private const double Exact = 1e-10; // of the range
    private const double Rounding = 1e-12; // of the range of y
    private const int MaxTangents = 200; // what stops before is a maximum; a dozen do

    /// <summary>The envelope at each finite point; NaN in holes, which are no points.</summary>
    /// <param name="xs">Ascending.</param>
    /// <param name="ys">Ascending.</param>
    /// <param name="values">z, [ys, xs]; what is not finite is a hole.</param>
    /// <exception cref="ArgumentException">Steps do not ascend, or values are not [ys, xs].</exception>
    public static double[,] Of(IReadOnlyList<double> xs, IReadOnlyList<double> ys, double[,] values)
    {
        ArgumentNullException.ThrowIfNull(xs);
        ArgumentNullException.ThrowIfNull(ys);
        ArgumentNullException.ThrowIfNull(values);
        if (values.GetLength(0) != ys.Count || values.GetLength(1) != xs.Count)
            throw new ArgumentException($"ConvexEnvelope: values [{values.GetLength(0)}, {values.GetLength(1)}] are not [{ys.Count}, {xs.Count}]", nameof(values));
        CheckAscending(xs, nameof(xs));
        CheckAscending(ys, nameof(ys));

        var envelope = new double[ys.Count, xs.Count];
        for (var i = 0; i < envelope.Length; i++) envelope[i / xs.Count, i % xs.Count] = double.NaN;
        double[] finite = [.. values.Cast<double>().Where(double.IsFinite)];
        if (finite.Length == 0) return envelope;

        var tolerance = Exact * (finite.Max() - finite.Min());
        var level = Rounding * (ys[^1] - ys[0]);
        LowerHull[] columns = [.. Enumerable.Range(0, xs.Count).Select(column => LowerHull.Of(
            ys.Select((y, row) => (At: y, Value: values[row, column])).Where(static point => double.IsFinite(point.Value))))];
        double[] slopes = [.. columns.SelectMany(static hull => hull.Slopes)];
        var (lowest, highest) = slopes.Length > 0 ? (slopes.Min(), slopes.Max()) : (0, 0);
        var step = highest > lowest ? (highest - lowest) / ys.Count : 1;
        Parallel.For(0, xs.Count, column =>
        {
            var section = new EnvelopeSection(xs, columns, column);
            var start = lowest;
            for (var row = 0; row < ys.Count; row++)
            {
                if (!double.IsFinite(values[row, column])) continue;
                var y = ys[row];
                (var found, start) = Maximum(t => section.At(y, t), start, step, tolerance, level);
                envelope[row, column] = Math.Min(found, values[row, column]);
            }
        });
        return envelope;
    }

    // The maximum of a concave piecewise linear function of t, by its values and slopes, and where it is. Searched from a start on in growing steps, then by tangents.
    private static (double Value, double Position) Maximum(Func<double, (double Value, double Slope)> f, double start, double step, double tolerance, double level)
    {
        var (low, left, back) = (start, f(start), step);
        for (var i = 0; left.Slope < -level && i < MaxTangents; i++, back *= 2) left = f(low -= back);
        if (left.Slope <= level) return (left.Value, low);
        var (high, right) = (low + step, f(low + step));
        for (var i = 0; right.Slope > level && i < MaxTangents; i++)
        {
            (low, left) = (high, right);
            right = f(high += step *= 2);
        }

        if (right.Slope >= -level) return (right.Value, high);
        for (var i = 0; i < MaxTangents; i++)
        {
            var t = low + (right.Value - left.Value - right.Slope * (high - low)) / (left.Slope - right.Slope);
            var bound = left.Value + left.Slope * (t - low);
            var at = f(t);
            if (at.Value >= bound - tolerance || Math.Abs(at.Slope) <= level) return (at.Value, t);
            if (at.Slope > 0) (low, left) = (t, at);
            else (high, right) = (t, at);
        }

        return left.Value > right.Value ? (left.Value, low) : (right.Value, high);
    }

    private static void CheckAscending(IReadOnlyList<double> steps, string name)
    {
        for (var i = 1; i < steps.Count; i++)
        {
            if (!(steps[i] > steps[i - 1])) throw new ArgumentException($"ConvexEnvelope: the steps of {name} do not ascend at {steps[i - 1]}, {steps[i]}", name);
        }
    }
}
