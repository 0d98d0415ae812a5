using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Noether.Examples.WeightSpaces;

/// <summary>One page of everything that lies in the output folder: results of each task as tables, and figures.</summary>
internal sealed class Report(ExampleRun run)
{
    private static readonly (string Task, string Title, string Words)[] Tasks =
    [
        ("predict-generalisation", "Predicting generalisation", "A network's test accuracy, predicted from its weights: Kendall's τ and R² on networks that were not trained with."),
        ("classify", "Classification", "What the image of a sinusoidal network shows, told from its weights."),
        ("edit-dilate", "Editing: dilate", "Weights changed so that the image changes; the mean squared error against the changed image."),
        ("edit-erode", "Editing: erode", "Weights changed so that the image changes; the mean squared error against the changed image."),
        ("edit-contrast", "Editing: contrast", "Weights changed so that the image changes; the mean squared error against the changed image."),
        ("edit-gradient", "Editing: gradient", "Weights changed so that the image changes; the mean squared error against the changed image."),
        ("inr2array", "INR2ARRAY", "Arrays that stand for sinusoidal networks, whatever the order of their neurons; the mean squared error of images drawn from them."),
        ("inr2array-classify", "Classification of arrays", "What the image shows, told from the array."),
        ("winning-tickets", "Winning tickets", "Masks drawn from initial weights; the accuracy of the masked networks after training."),
    ];

    public void Run()
    {
        var page = new StringBuilder();
        var found = 0;
        foreach (var (task, title, words) in Tasks)
        {
            var path = Path.Combine(run.Out, task, "results.json");
            var figures = Directory.Exists(run.Out) ? Directory.GetFiles(run.Out, $"{task}*.png").Where(file => Owner(Path.GetFileNameWithoutExtension(file)) == task).Order(StringComparer.Ordinal).ToArray() : [];
            if (!File.Exists(path)) continue;
            found++;
            page.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2>\n<p>{words}</p>\n");
            AppendTable(page, path);
            foreach (var figure in figures) AppendFigure(page, figure);
        }

        foreach (var name in (string[])["zoo.png", "sirens.png"])
        {
            var path = Path.Combine(run.Out, name);
            if (!File.Exists(path)) continue;
            page.Append(name == "zoo.png" ? "<h2>The zoo</h2>\n" : "<h2>The sinusoidal networks</h2>\n");
            AppendFigure(page, path);
        }

        if (found == 0) throw new FileNotFoundException($"nothing to report in {run.Out}: run predict-generalisation, classify, edit or inr2array first");
        var html = $$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Networks as data</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
            table { border-collapse: collapse; margin: 1rem 0; }
            th, td { padding: .3rem .9rem; border-bottom: 1px solid #ddd; text-align: right; }
            th:first-child, td:first-child { text-align: left; }
            img { max-width: 100%; }
            </style>
            <h1>Networks as data</h1>
            {{page}}
            </html>
            """;
        AtomicFile.Write(run.Output("report.html"), stream => stream.Write(Encoding.UTF8.GetBytes(html)));
        run.Record("tasks", found);
    }

    // inr2array-classify.png belongs to the longer name.
    private static string Owner(string figure) => Tasks.Select(static each => each.Task).Where(task => figure.StartsWith(task, StringComparison.Ordinal)).MaxBy(static task => task.Length) ?? "";

    private static void AppendTable(StringBuilder page, string path)
    {
        Outcome[] outcomes;
        try
        {
            outcomes = Study.ReadOutcomes(path);
        }
        catch (JsonException broken)
        {
            throw new FileFormatException($"{path}: not the results of a task: {broken.Message}");
        }

        string[] names = [.. outcomes[0].Scores.Keys.Where(static name => !name.StartsWith("negative", StringComparison.Ordinal))];
        page.Append("<table>\n<tr><th>model<th>parameters").AppendJoin("", names.Select(static name => $"<th>{WebUtility.HtmlEncode(name.Replace('_', ' '))}")).Append("<th>seeds</tr>\n");
        foreach (var own in outcomes.GroupBy(static each => each.Model))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{WebUtility.HtmlEncode(own.Key)}<td>{own.First().Parameters:n0}")
                .AppendJoin("", names.Select(name => $"<td>{Study.Spread([.. own.Select(each => each.Scores[name])])}"))
                .Append(CultureInfo.InvariantCulture, $"<td>{own.Count()}</tr>\n");
        }

        page.Append("</table>\n");
    }

    private static void AppendFigure(StringBuilder page, string path) =>
        page.Append(CultureInfo.InvariantCulture, $"<p><img alt=\"{Path.GetFileNameWithoutExtension(path)}\" src=\"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(path))}\"></p>\n");
}
