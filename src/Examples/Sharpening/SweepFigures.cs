using System.Globalization;

using Noether.Models.Sharpening;
using Noether.Plots;

namespace Noether.Examples.Sharpening;

/// <summary>The sweep in correlations and figures.</summary>
internal static class SweepFigures
{
    private const int Wide = 460, High = 360;

    /// <summary>The heads of the table of correlations.</summary>
    public static readonly string[] Columns = ["Spearman's ρ with the gap of", "losses", "accuracies"];

    /// <summary>Of all networks, a row for each measure.</summary>
    public static IEnumerable<string[]> Rows(SweepResults results) => SweepResults.Measures.Select(measure =>
    {
        var (loss, accuracy) = SweepResults.Correlation(results.Rows, measure.Number);
        return (string[])[measure.Name, loss.ToString("0.00", CultureInfo.InvariantCulture), accuracy.ToString("0.00", CultureInfo.InvariantCulture)];
    });

    /// <summary>Every network: the gap against the Jacobian and against sharpness.</summary>
    public static Drawing Gap(SweepResults results)
    {
        var panels = new Panels(2);
        foreach (var (name, number) in ((string, Func<SharpnessReading, double>)[])[("largest ‖J‖ over the training images", static r => r.Train.Max), ("sharpness", static r => r.Sharpness)])
        {
            var figure = new Figure(null, name, "gap of losses, test - training") { Width = 600, Height = 460, XScale = AxisScale.Logarithmic };
            foreach (var regulariser in (string[])[SweepResults.None, .. results.Regularisers])
            {
                SweepRow[] own = [.. results.Rows.Where(row => row.Regulariser == regulariser)];
                figure = figure.Scatter<double, double>([.. own.Select(row => number(row.Reading))], [.. own.Select(static row => row.Reading.LossGap)], regulariser);
            }

            panels = panels.Add(figure);
        }

        return panels;
    }

    /// <summary>Each regulariser a panel: gap, Jacobian and sharpness by strength, relative to the network without; means over seeds.</summary>
    public static Drawing Strengths(SweepResults results)
    {
        (string Name, Func<SharpnessReading, double> Number)[] quantities = [("gap of losses", static r => r.LossGap), ("largest ‖J‖", static r => r.Train.Max), ("sharpness", static r => r.Sharpness)];
        var panels = new Panels(3);
        foreach (var regulariser in results.Regularisers)
        {
            // Factors of rate and batch size are 1 where the others are 0.
            var isFactor = regulariser is "learning rate" or "batch size";
            var byStrength = results.Of(regulariser).GroupBy(row => isFactor && row.Regulariser == SweepResults.None ? 1 : row.Strength).OrderBy(static own => own.Key).ToArray();
            var figure = new Figure(regulariser, isFactor ? "factor" : "strength", "relative to none") { Width = Wide, Height = High, YScale = AxisScale.Logarithmic, XScale = isFactor ? AxisScale.Logarithmic : AxisScale.Linear };
            foreach (var (name, number) in quantities)
            {
                var without = results.Rows.Where(static row => row.Regulariser == SweepResults.None).Average(row => number(row.Reading));
                figure = figure.Line<double, double>([.. byStrength.Select(static own => own.Key)], [.. byStrength.Select(own => own.Average(row => number(row.Reading)) / without)], name);
            }

            panels = panels.Add(figure);
        }

        return panels;
    }
}
