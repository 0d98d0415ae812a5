using System.Collections.Immutable;

using ScottPlot;

namespace Noether.Plots;

/// <summary>A matrix on a rectangle: row 0 lies at the lowest y, column 0 at the lowest x.</summary>
internal sealed record Field(ImmutableArray<double> Values, int Rows, int Columns, double Left, double Right, double Bottom, double Top)
{
    public double this[int row, int column] => Values[row * Columns + column];

    public double X(int column) => Columns == 1 ? Left : Left + (Right - Left) * column / (Columns - 1);

    public double Y(int row) => Rows == 1 ? Bottom : Bottom + (Top - Bottom) * row / (Rows - 1);

    /// <summary>The rectangle of all cells: half a cell more than that of their centres, on every side.</summary>
    public CoordinateRect Cells()
    {
        var halfX = Columns == 1 ? 0.5 : (Right - Left) / (Columns - 1) / 2;
        var halfY = Rows == 1 ? 0.5 : (Top - Bottom) / (Rows - 1) / 2;
        return new(Left - halfX, Right + halfX, Bottom - halfY, Top + halfY);
    }

    /// <summary>The matrix with its highest row first, as pictures are stored.</summary>
    public double[,] TopDown()
    {
        var picture = new double[Rows, Columns];
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
                picture[Rows - 1 - row, column] = this[row, column];
        }

        return picture;
    }
}
