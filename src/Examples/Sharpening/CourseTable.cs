using System.Globalization;

namespace Noether.Examples.Sharpening;

/// <summary>Runs of descent in numbers: a row for each variant, mean and standard deviation over seeds.</summary>
internal static class CourseTable
{
    /// <summary>The heads: the edge of stability, the step at which sharpness has come there, its mean afterwards, Pearson's r of log λ_max and log max ‖J‖ before; then the last measurement.</summary>
    public static readonly string[] Columns =
        ["variant", "edge", "arrival", "plateau", "in edges", "r before", "λ_max", "max ‖J‖", "loss gap", "test acc."];

    /// <summary>The rows.</summary>
    public static IEnumerable<string[]> Rows(StudyResults results) => CourseFigures.Variants(results).Select(static own =>
    {
        var summaries = Array.ConvertAll(own, static course => course.Summary);
        return (string[])
        [
            own[0].Variant,
            own[0].Threshold.ToString("0.##", CultureInfo.InvariantCulture),
            summaries.All(static s => s.Arrival is not null) ? Spread("0", [.. summaries.Select(static s => (double)s.Arrival!)]) : "-",
            Spread("0.00", [.. summaries.Select(static s => s.Plateau)]),
            Spread("0.00", [.. summaries.Select(static s => s.PlateauRatio)]),
            Spread("0.00", [.. summaries.Select(static s => s.LogCorrelation)]),
            Spread("0.00", [.. own.Select(static c => c.Readings[^1].Sharpness)]),
            Spread("0.000", [.. own.Select(static c => c.Readings[^1].Train.Max)]),
            Spread("0.000", [.. own.Select(static c => c.Readings[^1].LossGap)]),
            Spread("0.000", [.. own.Select(static c => c.Readings[^1].TestAccuracy)]),
        ];
    });

    private static string Spread(string format, double[] values) => Examples.Spread.Of(values, format);
}
