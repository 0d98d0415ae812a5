using System.Globalization;

namespace Noether.Examples.LossLandscape;

/// <summary>One page of all results and figures in the output folder.</summary>
internal sealed class Report(ExampleRun run)
{
    private static readonly (string Verb, string Words)[] Verbs =
    [
        ("train", "A network is trained; what follows looks at its loss around the end and along the way."),
        ("surface", "The loss over a plane through the weights. Directions are scaled filter by filter to the weights, so that flat and sharp can be compared; negative share is the part of the plane where the surface is not convex."),
        ("line", "Loss and accuracy along a line through weight space."),
        ("trajectory", "The weights of a training over the plane of its first two principal components. Contours show the loss in the plane; the checkpoints lie beside it, and the second figure shows how far."),
        ("convexity", "Both ends of the Hessian's spectrum over a plane: where |λ_min/λ_max| is small the loss is nearly convex, in all of weight space and not in the plane alone."),
        ("connect", "A curve between two trained networks on which the loss stays low, beside the straight line, where it does not."),
        ("compare", "Networks trained alike; all figures have one scale of colours."),
    ];

    public void Run()
    {
        var page = new ReportPage("Loss landscapes");
        var found = (Directory.Exists(run.Out) ? Directory.GetFiles(run.Out, "*.json").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
            .Select(static path => (Path: path, Results: Figures.Read<StudyResults>(path))).ToArray();
        foreach (var (verb, words) in Verbs)
        {
            foreach (var (path, results) in found.Where(each => each.Results.Verb == verb))
            {
                if (results.Rows is not [{ Numbers.Count: > 0 }, ..] || results.Settings is null || results.Figures is null) throw new FileFormatException($"{path}: holds no results of a verb");
                page.Section(results.Title, words);
                page.Words(string.Join("; ", results.Settings.Where(static each => each.Key is not "verb" && !each.Key.EndsWith("hash", StringComparison.Ordinal)).Select(static each => $"{each.Key}: {each.Value}")) + ".");
                string[] names = [.. results.Rows[0].Numbers.Keys];
                page.Table(["", .. names.Select(static name => name.Replace('_', ' '))], results.Rows.Select(row => (string[])[row.Name, .. names.Select(name => Text(row.Numbers.GetValueOrDefault(name, double.NaN)))]));
                foreach (var figure in results.Figures.Select(file => Path.Combine(run.Out, Path.GetFileName(file))).Where(File.Exists)) page.Figure(figure);
            }
        }

        if (page.Sections == 0) throw new FileNotFoundException($"nothing to report in {run.Out}: run surface, line, trajectory, convexity, connect or compare first");
        page.Save(run.Output("report.html"));
        run.Record("sections", page.Sections);
    }

    private static string Text(double number) => double.IsFinite(number) ? number.ToString("0.####", CultureInfo.InvariantCulture) : "-";
}
