namespace Noether.Models.LossLandscapes;

/// <summary>The points of a fine grid as far as they are computed.</summary>
internal sealed class PartialSurface(
    Func<IReadOnlyList<double>, IReadOnlyList<double>, LandscapePoints> pointsOf, double[] xs, double[] ys, Func<double, double> measure, IProgress<int>? progress)
{
    private readonly LandscapeGrid grid = new(xs, ys, new double[ys.Length, xs.Length], new double[ys.Length, xs.Length], new bool[ys.Length, xs.Length]);
    private readonly bool[,] computed = new bool[ys.Length, xs.Length];
    private double least = double.PositiveInfinity, most = double.NegativeInfinity;

    /// <summary>How many points are computed.</summary>
    public int Count { get; private set; }

    /// <summary>The largest finite measure less the smallest.</summary>
    public double Range => Math.Max(0, most - least);

    /// <summary>Whether a point is not computed.</summary>
    public bool IsMissing((int Row, int Column) point) => !computed[point.Row, point.Column];

    /// <summary>Computes those points that are missing.</summary>
    public void Add(IEnumerable<(int Row, int Column)> points)
    {
        (int Row, int Column)[] missing = [.. points.Where(IsMissing).Distinct()];
        if (missing.Length == 0) return;
        var found = pointsOf(Array.ConvertAll(missing, point => xs[point.Column]), Array.ConvertAll(missing, point => ys[point.Row]));
        for (var i = 0; i < missing.Length; i++)
        {
            var (row, column) = missing[i];
            (grid.Loss[row, column], grid.Accuracy[row, column], grid.Clamped[row, column]) = (found.Loss[i], found.Accuracy[i], found.Clamped[i]);
            computed[row, column] = true;
            var value = measure(found.Loss[i]);
            if (!double.IsFinite(value)) continue;
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        Count += missing.Length;
        progress?.Report(Count);
    }

    /// <summary>By how much interpolation between a cell's corners is off at its middles; infinite at the rim of a hole, 0 within.</summary>
    public double Error(Cell cell)
    {
        var corners = Array.ConvertAll(cell.Corners, point => Measured(grid.Loss[point.Row, point.Column]));
        var middles = Array.ConvertAll(cell.Middles, point => Measured(grid.Loss[point.Row, point.Column]));
        if (corners.Concat(middles).All(double.IsNaN)) return 0;
        double[] between = [corners.Average(), (corners[0] + corners[1]) / 2, (corners[0] + corners[2]) / 2, (corners[2] + corners[3]) / 2, (corners[1] + corners[3]) / 2];
        return between.Zip(middles, static (a, b) => double.IsNaN(a - b) ? double.PositiveInfinity : Math.Abs(a - b)).Max();

        double Measured(double loss) => measure(loss) is var value && double.IsFinite(value) ? value : double.NaN;
    }

    /// <summary>Interpolates in a cell where nothing is computed.</summary>
    public void Fill(Cell cell)
    {
        for (var row = cell.Row; row <= cell.Row + cell.Size; row++)
        {
            for (var column = cell.Column; column <= cell.Column + cell.Size; column++)
            {
                if (computed[row, column]) continue;
                var (v, u) = ((double)(row - cell.Row) / cell.Size, (double)(column - cell.Column) / cell.Size);
                grid.Loss[row, column] = Between(grid.Loss, cell, u, v);
                grid.Accuracy[row, column] = Between(grid.Accuracy, cell, u, v);
                grid.Clamped[row, column] = cell.Corners.Any(point => grid.Clamped[point.Row, point.Column]);
            }
        }
    }

    /// <summary>What there is.</summary>
    public AdaptiveGrid Finished(double error) => new(grid, computed, Count, error);

    private static double Between(double[,] z, Cell cell, double u, double v)
    {
        var corners = Array.ConvertAll(cell.Corners, point => z[point.Row, point.Column]);
        return (1 - v) * ((1 - u) * corners[0] + u * corners[1]) + v * ((1 - u) * corners[2] + u * corners[3]);
    }
}
