using System.Globalization;

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
        var page = new ReportPage("Networks as data");
        foreach (var (task, title, words) in Tasks)
        {
            var path = Path.Combine(run.Out, task, "results.json");
            if (!File.Exists(path)) continue;
            page.Section(title, words);
            AddTable(page, path);
            foreach (var figure in Directory.GetFiles(run.Out, $"{task}*.png").Where(file => Owner(Path.GetFileNameWithoutExtension(file)) == task).Order(StringComparer.Ordinal)) page.Figure(figure);
        }

        var found = page.Sections;
        foreach (var (name, title) in ((string, string)[])[("zoo.png", "The zoo"), ("sirens.png", "The sinusoidal networks")])
        {
            var path = Path.Combine(run.Out, name);
            if (!File.Exists(path)) continue;
            page.Section(title);
            page.Figure(path);
        }

        if (found == 0) throw new FileNotFoundException($"nothing to report in {run.Out}: run predict-generalisation, classify, edit or inr2array first");
        page.Save(run.Output("report.html"));
        run.Record("tasks", found);
    }

    // inr2array-classify.png belongs to the longer name.
    private static string Owner(string figure) => Tasks.Select(static each => each.Task).Where(task => figure.StartsWith(task, StringComparison.Ordinal)).MaxBy(static task => task.Length) ?? "";

    private static void AddTable(ReportPage page, string path)
    {
        var outcomes = Figures.Read<Outcome[]>(path);
        if (outcomes.Length == 0) throw new FileFormatException($"{path}: holds no outcome");
        string[] names = [.. outcomes[0].Scores.Keys.Where(static name => !name.StartsWith("negative", StringComparison.Ordinal))];
        page.Table(["model", "parameters", .. names.Select(static name => name.Replace('_', ' ')), "seeds"], outcomes.GroupBy(static each => each.Model).Select(own => (string[])
        [
            own.Key, own.First().Parameters.ToString("n0", CultureInfo.InvariantCulture), .. names.Select(name => Spread.Of([.. own.Select(each => each.Scores[name])], Study.ScoreFormat)), $"{own.Count()}",
        ]));
    }
}
