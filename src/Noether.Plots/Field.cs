using System.Collections.Immutable;

using ScottPlot;

namespace Noether.Plots;

/// <summary>A matrix on a rectangle: row 0 lies at the lowest y, column 0 at the lowest x.</summary>
internal sealed record Field(ImmutableArray<double> Values, int Rows, int Columns, double Left, double Right, double Bottom, double Top)
{
    public double this[int row, int column] => Values[row * Columns + column];

    public double X(int column) => Columns == 1 ? Left : Left + (Right - Left) * column / (Columns - 1);

    public double Y(int row) => Rows == 1 ? Bottom : Bottom + (Top - Bottom) * row / (Rows - 1);

    /// <summary>The field as coloured cells on the axes, each centred on its coordinates.</summary>
    /// <remarks>ScottPlot needs two centres to know a cell's size, so a lone row or column is drawn as two halves.</remarks>
    public ScottPlot.Plottables.Heatmap AddTo(Plot plot, ColorMap colors, double low, double high)
    {
        var (rows, columns) = (Math.Max(Rows, 2), Math.Max(Columns, 2));
        var picture = new double[rows, columns];
        for (var row = 0; row < rows; row++)
        {
            // pictures store their highest row first
            for (var column = 0; column < columns; column++)
                picture[rows - 1 - row, column] = this[Math.Min(row, Rows - 1), Math.Min(column, Columns - 1)];
        }

        var map = plot.Add.Heatmap(picture);
        var (left, right) = Columns == 1 ? (Left - 0.25, Left + 0.25) : (Left, Right);
        var (bottom, top) = Rows == 1 ? (Bottom - 0.25, Bottom + 0.25) : (Bottom, Top);
        map.Extent = new CoordinateRect(left, right, bottom, top);
        map.Colormap = Palette.Of(colors);
        map.ManualRange = new ScottPlot.Range(low, high);
        map.NaNCellColor = Palette.Missing;
        map.Update();
        return map;
    }
}
