namespace Noether.Examples.SharpnessAware;

/// <summary>One page of all results and figures in the output folder.</summary>
internal sealed class Report(ExampleRun run)
{
    private static readonly (string Verb, string Title, string Words)[] Studies =
    [
        ("ranks", "Ranks of a convolutional network", "The paper's claim: the rank of features falls as ρ grows, the error is least at a moderate ρ, and the rank goes on falling where the error rises again."),
        ("vit", "Ranks of a vision transformer", "The same claim where features come from attention among patches."),
        ("contrastive", "Ranks of two encoders", "The same claim for two encoders that match the halves of images."),
    ];

    public void Run()
    {
        var page = new ReportPage("Sharpness-aware minimisation and the rank of features");
        string[] mechanisms = Directory.Exists(run.Out) ? Directory.GetFiles(run.Out, "mechanism*.json") : [];
        foreach (var path in mechanisms.Order(StringComparer.Ordinal))
        {
            var results = Figures.Read<MechanismResults>(path);
            if (results.Course is null || results.Final.Length == 0) throw new FileFormatException($"{path}: holds no students");
            page.Section(
                $"Why ranks fall: {results.Activation}{(results.Penalty ? ", the gradient's norm as a penalty" : "")}",
                "A wide network of two layers learns a narrow one. Perturbed steps push the pre-activations of active units down until units die.");
            page.Words($"{results.Loss}, {results.Steps:n0} steps; rank: components of {results.RankShare:p2} of the features' squares; {MechanismTable.Caption}.");
            page.Table(MechanismTable.Columns, MechanismTable.Rows(results));
            page.Words($"In numbers: {MechanismTable.Claim(results)}.");
            AddFigure(page, Path.GetFileNameWithoutExtension(path));
        }

        foreach (var (verb, title, words) in Studies)
        {
            var path = Path.Combine(run.Out, $"{verb}.json");
            if (!File.Exists(path)) continue;
            var results = Figures.Read<RankResults>(path);
            if (results.Final is not { Length: > 0 } || results.Layers is not { Length: > 0 }) throw new FileFormatException($"{path}: holds no networks");
            page.Section(title, words);
            page.Words($"{results.Loss}; {results.Settings}.");
            page.Words(RankTable.RanksCaption(results));
            Add(page, RankTable.Ranks(results));
            Add(page, RankTable.Claim(results));
            page.Words(RankTable.UnitsCaption(results));
            Add(page, RankTable.Units(results));
            AddFigure(page, $"{verb}-radius");
            AddFigure(page, $"{verb}-course");
        }

        if (page.Sections == 0) throw new FileNotFoundException($"nothing to report in {run.Out}: run mechanism, ranks, vit or contrastive first");
        page.Save(run.Output("report.html"));
        run.Record("sections", page.Sections);
    }

    private static void Add(ReportPage page, (string[] Columns, IEnumerable<string[]> Rows) table) => page.Table(table.Columns, table.Rows);

    private void AddFigure(ReportPage page, string name)
    {
        var path = Path.Combine(run.Out, $"{name}.png");
        if (File.Exists(path)) page.Figure(path);
    }
}
