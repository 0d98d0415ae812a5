using Noether.Models.Sharpening;
using Noether.Models.Statistics;

namespace Noether.Examples.Sharpening;

/// <summary>What one number of training, such as label smoothing or weight decay, does to sharpness, Jacobian and gap.</summary>
internal sealed class VariantStudy(ExampleRun run, string verb, DescentSettings settings)
{
    public required IReadOnlyList<(string Name, DescentRecipe Recipe)> Variants { get; init; }

    /// <summary>The number by which variants differ.</summary>
    public required Func<DescentRecipe, double> Number { get; init; }

    public void Run()
    {
        var results = new Descent(run, verb, settings).Run(Images.Load(run.Data, settings.Images, settings.TestImages), Variants);
        run.Table(CourseTable.Columns, CourseTable.Rows(results));
        Course[] finite = [.. results.Courses.Where(static course => double.IsFinite(course.Readings[^1].Loss))];
        double Trend(Func<SharpnessReading, double> quantity) => Agreement.Spearman([.. finite.Select(c => Number(c.Recipe))], [.. finite.Select(c => quantity(c.Readings[^1]))]);
        var trends = new
        {
            Sharpness = Trend(static r => r.Sharpness),
            GaussNewton = Trend(static r => r.GaussNewton),
            Jacobian = Trend(static r => r.Train.Max),
            MeanJacobian = Trend(static r => r.Train.Mean),
            LossGap = Trend(static r => r.LossGap),
            AccuracyGap = Trend(static r => r.AccuracyGap),
        };
        run.Record(verb, new { results.Network, results.Loss, Trends = trends, Variants = CourseFigures.Variants(results).Select(static own => new { own[0].Variant, Summaries = own.Select(static course => course.Summary), Last = own.Select(static course => course.Readings[^1]) }) });
        run.Say($"Spearman's correlation with the strength: sharpness {trends.Sharpness:0.00}, largest Jacobian {trends.Jacobian:0.00}, gap of losses {trends.LossGap:0.00}, gap of accuracies {trends.AccuracyGap:0.00}");
        CourseFigures.Compared(results).Save(run.Output($"{results.Stem}.png"));
    }
}
