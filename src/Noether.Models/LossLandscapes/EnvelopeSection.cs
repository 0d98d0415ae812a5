namespace Noether.Models.LossLandscapes;

/// <summary>A convex envelope along one column of a grid, as a function of the slope t in y that is maximised.</summary>
internal sealed class EnvelopeSection
{
    private readonly LowerHull[] columns;
    private readonly double[] positions, touched, values; // of columns with points: x, and y and h_t at the present slope
    private readonly int[] hull;
    private readonly int column;

    /// <summary>The section at a column, which has points.</summary>
    public EnvelopeSection(IReadOnlyList<double> xs, LowerHull[] columns, int column)
    {
        int[] filled = [.. Enumerable.Range(0, columns.Length).Where(i => !columns[i].IsEmpty)];
        this.columns = Array.ConvertAll(filled, i => columns[i]);
        this.column = Array.IndexOf(filled, column);
        positions = Array.ConvertAll(filled, i => xs[i]);
        (touched, values, hull) = (new double[filled.Length], new double[filled.Length], new int[filled.Length]);
    }

    /// <summary><c>t·y + h_t**(x)</c> and its slope in t.</summary>
    public (double Value, double Slope) At(double y, double t)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            (touched[i], var z) = columns[i].Touching(t);
            values[i] = z - t * touched[i];
        }

        var count = LowerHull.Chain(positions, values, hull);
        var found = hull.AsSpan(0, count).BinarySearch(column);
        if (found >= 0) return (t * y + values[column], y - touched[column]);
        var (left, right) = (hull[~found - 1], hull[~found]);
        var share = (positions[column] - positions[left]) / (positions[right] - positions[left]);
        return (
            t * y + (1 - share) * values[left] + share * values[right],
            y - (1 - share) * touched[left] - share * touched[right]);
    }
}
