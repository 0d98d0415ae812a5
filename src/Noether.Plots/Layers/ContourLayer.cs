using System.Collections.Immutable;

using ScottPlot;

namespace Noether.Plots;

/// <summary>Lines of equal height of a matrix of numbers.</summary>
internal sealed record ContourLayer(Field Field, int Count, ImmutableArray<double> Levels) : Layer
{
    public override bool IsField => true;

    public override void Add(Axes axes, Color color)
    {
        axes.RequireLinear("Contour");
        var grid = new Coordinates3d[Field.Rows, Field.Columns];
        for (var row = 0; row < Field.Rows; row++)
        {
            for (var column = 0; column < Field.Columns; column++)
                grid[row, column] = new(Field.X(column), Field.Y(row), Field[row, column]);
        }

        var lines = axes.Plot.Add.ContourLines(grid, Count);
        if (!Levels.IsDefaultOrEmpty)
            lines.ContourLineLevels = [.. Levels];
        lines.Update(grid);
        // on a heat map white lines read better than dark ones; alone, dark ones
        var ink = axes.HasHeatMap ? Colors.White : Palette.Of(0);
        lines.LineColor = ink.WithAlpha(0.85);
        lines.LineWidth = 1.2f;
        lines.LabelStyle.FontName = Typeface.Name;
        lines.LabelStyle.FontSize = 11;
        lines.LabelStyle.ForeColor = axes.HasHeatMap ? Colors.White : Palette.Ink;
        lines.LabelStyle.IsVisible = !axes.HasHeatMap;
    }
}
