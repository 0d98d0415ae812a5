namespace Noether.Models.LossLandscapes;

/// <summary>The lower convex hull of points in a plane: those that no segment between others passes below, from left to right.</summary>
internal sealed class LowerHull
{
    private readonly double[] positions, values;
    private readonly double[] slopes; // between neighbours, ascending

    private LowerHull(double[] positions, double[] values)
    {
        (this.positions, this.values) = (positions, values);
        slopes = [.. Enumerable.Range(1, Math.Max(0, positions.Length - 1)).Select(i => (values[i] - values[i - 1]) / (positions[i] - positions[i - 1]))];
    }

    /// <summary>Whether there is no point.</summary>
    public bool IsEmpty => positions.Length == 0;

    /// <summary>The slopes of its edges, ascending.</summary>
    public IReadOnlyList<double> Slopes => slopes;

    /// <summary>The hull of points of ascending positions.</summary>
    public static LowerHull Of(IEnumerable<(double At, double Value)> points)
    {
        (double At, double Value)[] all = [.. points];
        var (positions, values) = (Array.ConvertAll(all, static point => point.At), Array.ConvertAll(all, static point => point.Value));
        var hull = new int[all.Length];
        var count = Chain(positions, values, hull);
        return new([.. hull.Take(count).Select(i => positions[i])], [.. hull.Take(count).Select(i => values[i])]);
    }

    /// <summary>The point that a line of a slope touches from below.</summary>
    public (double At, double Value) Touching(double slope)
    {
        var found = Array.BinarySearch(slopes, slope);
        var i = found < 0 ? ~found : found;
        return (positions[i], values[i]);
    }

    /// <summary>Which points are the hull's, by Andrew's monotone chain.</summary>
    /// <param name="positions">Ascending.</param>
    /// <param name="values">Beside them.</param>
    /// <param name="hull">Receives the indices, ascending.</param>
    /// <returns>How many they are.</returns>
    public static int Chain(ReadOnlySpan<double> positions, ReadOnlySpan<double> values, Span<int> hull)
    {
        var count = 0;
        for (var i = 0; i < positions.Length; i++)
        {
            while (count > 1 && IsAbove(positions, values, hull[count - 2], hull[count - 1], i)) count--;
            hull[count++] = i;
        }

        return count;
    }

    // Whether the middle point lies on or above the segment between the outer ones.
    private static bool IsAbove(ReadOnlySpan<double> positions, ReadOnlySpan<double> values, int left, int middle, int right) =>
        (values[middle] - values[left]) * (positions[right] - positions[left]) >= (values[right] - values[left]) * (positions[middle] - positions[left]);
}
