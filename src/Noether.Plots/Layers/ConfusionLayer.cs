using System.Collections.Immutable;
using System.Globalization;

using ScottPlot;

namespace Noether.Plots;

/// <summary>Counts of (true class, predicted class): true classes downwards, predicted ones to the right, coloured by the row's share.</summary>
internal sealed record ConfusionLayer(ImmutableArray<int> Counts, ImmutableArray<string> Names) : Layer
{
    // above this share the cell is so dark that its number must be white
    private const double Dark = 0.55;

    public override bool IsField => true;

    public override void Add(Axes axes, Color color)
    {
        axes.RequireLinear("ConfusionMatrix");
        var classes = Names.Length;
        var shares = new double[classes * classes];
        for (var truth = 0; truth < classes; truth++)
        {
            var row = Counts.AsSpan(truth * classes, classes);
            long total = 0;
            foreach (var count in row)
                total += count;
            // the first class stands on top: in the highest row
            var height = classes - 1 - truth;
            for (var guess = 0; guess < classes; guess++)
            {
                var share = total == 0 ? 0 : (double)row[guess] / total;
                shares[height * classes + guess] = share;
                if (row[guess] != 0)
                    Number(axes.Plot, guess, height, row[guess], share > Dark, classes);
            }
        }

        var field = new Field([.. shares], classes, classes, 0, classes - 1, 0, classes - 1);
        axes.Plot.MoveToBack(field.AddTo(axes.Plot, ColorMap.Blues, 0, 1));
        axes.NameX(Names.AsSpan());
        axes.NameY([.. Names.Reverse()]);
    }

    private static void Number(Plot plot, double x, double y, int count, bool white, int classes)
    {
        var text = plot.Add.Text(count.ToString(CultureInfo.InvariantCulture), x, y);
        text.LabelFontName = Typeface.Name;
        text.LabelFontSize = classes > 12 ? 9 : 13;
        text.LabelFontColor = white ? Colors.White : Palette.Ink;
        text.OffsetY = Axes.Centring;
        text.LabelAlignment = Alignment.MiddleCenter;
    }
}
