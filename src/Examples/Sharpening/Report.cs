namespace Noether.Examples.Sharpening;

/// <summary>One page of all results and figures in the output folder.</summary>
internal sealed class Report(ExampleRun run)
{
    private static readonly (string Verb, string Title, string Words)[] Verbs =
    [
        ("edge", "The edge of stability", "Full-batch descent at constant rates. Sharpness, the largest eigenvalue of the Hessian, should rise to the edge, which is 2/η for gradient descent, and stay there; before, the largest norm of the input-output Jacobian should rise with it."),
        ("smoothing", "Label smoothing", "Full-batch descent with smoothed labels. The curvature of the cost does not vanish as predictions become confident, and the Jacobian stays smaller."),
        ("decay", "Weight decay", "Full-batch descent with a penalty on the weights, which should lower the gap and the Jacobian but need not lower sharpness."),
    ];

    public void Run()
    {
        var page = new ReportPage("Progressive sharpening, flat minima and generalisation");
        var files = Directory.Exists(run.Out) ? Directory.GetFiles(run.Out, "*.json").Order(StringComparer.Ordinal).ToArray() : [];
        foreach (var (verb, title, words) in Verbs)
        {
            foreach (var path in files.Where(path => Path.GetFileName(path).StartsWith($"{verb}-", StringComparison.Ordinal)))
            {
                var results = Figures.Read<StudyResults>(path);
                if (results.Courses is not [{ Readings.Count: > 0 }, ..]) throw new FileFormatException($"{path}: holds no runs");
                page.Section($"{title}: {results.Network}, {results.Loss}", words);
                page.Words($"{results.TrainImages:N0} training images and {results.TestImages:N0} test images of {results.Data}, {results.Courses[0].Losses.Count:N0} steps; mean and standard deviation over {results.Courses.DistinctBy(static c => c.Seed).Count()} seeds.");
                page.Table(CourseTable.Columns, CourseTable.Rows(results));
                AddFigures(page, results.Stem);
            }
        }

        var sweep = Path.Combine(run.Out, "sweep.json");
        if (File.Exists(sweep))
        {
            var results = Figures.Read<SweepResults>(sweep);
            page.Section("Regularisers and the generalisation gap", $"{results.Rows.Count} networks: {results.Settings}. Which measure follows the gap?");
            page.Table(SweepFigures.Columns, SweepFigures.Rows(results));
            AddFigures(page, "sweep");
        }

        if (page.Sections == 0) throw new FileNotFoundException($"nothing to report in {run.Out}: run edge, smoothing, decay or sweep first");
        page.Save(run.Output("report.html"));
        run.Record("sections", page.Sections);
    }

    private void AddFigures(ReportPage page, string stem)
    {
        foreach (var figure in Directory.GetFiles(run.Out, $"{stem}*.png").Order(StringComparer.Ordinal)) page.Figure(figure);
    }
}
