using Noether.Models.LossLandscapes;
using Noether.Plots;

using Evaluator = Noether.Models.LossLandscapes.LossLandscape;

namespace Noether.Examples.LossLandscape;

/// <summary>Several networks, each from several starts: trained alike, their surfaces side by side in one scale of colours, and how far from convex they are.</summary>
internal sealed class CompareStudy(ExampleRun run)
{
    private const string Stem = "compare";

    private const int MostRows = 3; // of the figure; all starts are in the numbers

    public required IReadOnlyList<NetworkChoice> Networks { get; init; }

    public required TrainingRecipe Recipe { get; init; }

    public required int Seeds { get; init; }

    public required int Images { get; init; }

    public required string Part { get; init; }

    public required int Points { get; init; }

    public required double Range { get; init; }

    public required double Clip { get; init; }

    public required BatchStatistics Statistics { get; init; }

    public void Run()
    {
        var images = ImageSets.Load(run);
        var sets = images.First(Part, Images);
        var test = images.First("test", int.MaxValue)[0];
        var members = new List<Member>();
        // All networks of a start before the next start: what an interrupted run leaves can be compared.
        foreach (var seed in Enumerable.Range(0, Seeds))
        {
            foreach (var network in Networks) members.Add(Look(network, run.Seed + seed, images, sets, test));
        }

        Tell(members, images, sets);
    }

    private Member Look(NetworkChoice network, long seed, ImageSets images, IReadOnlyList<EvaluationSet> sets, EvaluationSet test)
    {
        var folder = FormattableString.Invariant($"{network.Name}{(network.Width == 0 ? "" : $"-{network.Width}")}-{seed}");
        var trained = new Training(run, network, Recipe, images) { Seed = seed, Folder = folder }.Run(replaces: true);
        var directions = Directions.Random(trained, seed, new DirectionOptions(), Statistics == BatchStatistics.Interpolated);
        var steps = Evaluator.Steps(-Range, Range, Points);
        var header = Description.Header(Description.Of("compare", [trained], images, sets, Statistics, directions.Description));
        var grid = new GridComputation(run, run.Output(Path.Combine(folder, "landscape.npz")), header) { What = $"surface of {network}" }
            .Compute(trained.Module, trained.Point, directions.X, directions.Y, steps, steps, sets, Statistics);
        var numbers = PlaneFigures.Numbers(grid);
        (numbers["test_loss"], numbers["test_accuracy"]) = new Score(trained.Module).Of(trained, test);
        return new(network, seed, grid, numbers);
    }

    private void Tell(List<Member> members, ImageSets images, IReadOnlyList<EvaluationSet> sets)
    {
        string[] names = [.. members[0].Numbers.Keys];
        var rows = members.Select(static member => new ResultRow(FormattableString.Invariant($"{member.Network}, seed {member.Seed}"), member.Numbers)).ToList();
        foreach (var network in Networks)
        {
            var own = members.Where(member => member.Network == network).ToArray();
            rows.Add(new($"{network}, mean", names.ToDictionary(static name => name, name => own.Average(member => member.Numbers[name]))));
            if (own.Length > 1) rows.Add(new($"{network}, standard deviation", names.ToDictionary(static name => name, name => Spread.Of([.. own.Select(member => member.Numbers[name])]).Deviation)));
        }

        var (low, high) = members.Select(member => new PlaneFigures(member.Grid, Clip) { Title = "" }.OwnRange).Aggregate(static (a, b) => (Math.Min(a.Low, b.Low), Math.Max(a.High, b.High)));
        PlaneFigures Of(Member member) => new(member.Grid, Clip) { Title = Title(member), Range = (low, high) };
        var (flat, raised) = (new Panels(Networks.Count), new Panels(Networks.Count) { Scale = 1 });
        foreach (var member in members.Where(member => member.Seed < run.Seed + MostRows)) flat = flat.Add(Of(member).HeatMap());
        foreach (var member in members.Take(Networks.Count)) raised = raised.Add(Of(member).Surface() with { Width = 410, Height = 350 });
        flat.Save(run.Output($"{Stem}.png"));
        flat.Save(run.Output($"{Stem}.svg"));
        raised.Save(run.Output($"{Stem}-3d.png"));

        var settings = new Dictionary<string, string>
        {
            ["networks"] = string.Join(", ", Networks),
            ["training"] = Recipe.ToString(),
            ["seeds"] = FormattableString.Invariant($"{run.Seed} to {run.Seed + Seeds - 1}"),
            ["data"] = $"{images.Train.Count} images of {images.Name}",
            ["images"] = $"{sets[0].Count} ({sets[0].Name})",
            ["loss"] = Description.Loss,
            ["statistics"] = Statistics.ToString(),
            ["directions"] = FormattableString.Invariant($"random, filter normalization, {Points} x {Points} points to {Range}"),
        };
        new StudyResults("compare", "Surfaces side by side", settings, rows, [$"{Stem}.png", $"{Stem}-3d.png"]).Write(run, $"{Stem}.json");
        run.Table(
            ["network", "test accuracy", "least loss", "most loss", "not convex at", "gap to convex", "holes"],
            Networks.Select(network =>
            {
                var own = members.Where(member => member.Network == network).ToArray();
                string Of(string name, string format) => Spread.Of([.. own.Select(member => member.Numbers[name])], format);
                return (string[])[network.ToString(), Of("test_accuracy", "0.0000"), Of("loss_least", "0.0000"), Of("loss_most", "0.00"), Of("negative_share", "0.000"), Of("mean_gap", "0.0e+0"), Of("holes", "0")];
            }));
    }

    private string Title(Member member) => Seeds == 1
        ? FormattableString.Invariant($"{member.Network}, test error {1 - member.Numbers["test_accuracy"]:p1}")
        : FormattableString.Invariant($"{member.Network}, seed {member.Seed}, test error {1 - member.Numbers["test_accuracy"]:p1}");

    private sealed record Member(NetworkChoice Network, long Seed, MetricGrid Grid, IReadOnlyDictionary<string, double> Numbers);
}
