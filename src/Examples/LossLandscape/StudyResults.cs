namespace Noether.Examples.LossLandscape;

/// <summary>What a verb writes as JSON, beside its arrays and figures.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Title">What was looked at.</param>
/// <param name="Settings">Everything that the numbers depend on: network, weights, data, loss, statistics, directions.</param>
/// <param name="Rows">The numbers.</param>
/// <param name="Figures">PNG files beside this one.</param>
internal sealed record StudyResults(
    string Verb, string Title, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<ResultRow> Rows, IReadOnlyList<string> Figures)
{
    /// <summary>Writes them, and gives them to --json.</summary>
    public void Write(ExampleRun run, string file)
    {
        Noether.Examples.Figures.Write(run.Output(file), this);
        foreach (var (name, number) in Rows.Count == 1 ? Rows[0].Numbers : new Dictionary<string, double>()) run.Record(name, number);
        if (Rows.Count > 1) run.Record("rows", Rows);
    }
}
