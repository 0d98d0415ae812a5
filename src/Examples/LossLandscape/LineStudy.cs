using Noether.Models.LossLandscapes;
using Noether.Nn;
using Noether.Plots;

using Evaluator = Noether.Models.LossLandscapes.LossLandscape;

namespace Noether.Examples.LossLandscape;

/// <summary>Loss and accuracy along a line: between two networks and beyond them, or along one direction.</summary>
internal sealed class LineStudy(ExampleRun run, SolutionSource source)
{
    private const string Stem = "line";

    /// <summary>The other end; null: along a direction.</summary>
    public required string? To { get; init; }

    public required int Images { get; init; }

    public required int Points { get; init; }

    /// <summary>Where the line begins and ends; null: beyond both networks, or from -1 to 1.</summary>
    public required (double First, double Last)? Range { get; init; }

    /// <summary>random, hessian, or a file.</summary>
    public required string DirectionsFrom { get; init; }

    public required DirectionOptions Options { get; init; }

    /// <summary>Null: interpolated between networks, frozen along a direction.</summary>
    public required BatchStatistics? Statistics { get; init; }

    public void Run()
    {
        var images = ImageSets.Load(run);
        var from = source.Get(run, images);
        var to = To is null ? null : Solution.Read(To, from.Network);
        var sets = images.First("both", Images);
        var statistics = Statistics ?? (to is null ? BatchStatistics.Frozen : BatchStatistics.Interpolated);
        var directions = Make(from, to, sets[0], statistics);
        var description = Description.Of("line", to is null ? [from] : [from, to], images, sets, statistics, directions.Description);
        var (first, last) = Range ?? (to is null ? (-1, 1) : (-0.5, 1.5));
        var computation = new GridComputation(run, run.Output($"{Stem}.npz"), Description.Header(description)) { What = "line" };
        var grid = computation.Compute(from.Module, from.Point, directions.X, Parameters.Empty, Evaluator.Steps(first, last, Points), [0], sets, statistics);
        directions.Save(run.Output(Directions.File));
        description["weights"] = to is null ? from.Source : $"0: {from.Source}; 1: {to.Source}";
        if (computation.PointsPerSecond > 0) run.Record("points_per_second", Math.Round(computation.PointsPerSecond, 1));
        Tell(from, to, grid, sets, description);
    }

    private Directions Make(Solution from, Solution? to, EvaluationSet set, BatchStatistics statistics) => to is not null
        ? new(Direction.Between(from.Point, to.Point), Parameters.Empty, "from the first network to the second")
        : Directions.Of(run, DirectionsFrom, from, Options, statistics == BatchStatistics.Interpolated, set, plane: false).Directions with { Y = Parameters.Empty };

    private void Tell(Solution from, Solution? to, MetricGrid grid, IReadOnlyList<EvaluationSet> sets, Dictionary<string, string> description)
    {
        var rows = sets.Select((set, i) =>
        {
            double[] losses = grid.Flat(set.Loss(i)), accuracies = grid.Flat(set.Accuracy(i)), finite = [.. losses.Where(double.IsFinite)];
            if (finite.Length == 0) throw new NumericsException("the loss is finite at no point of the line; a shorter one may help");
            return new ResultRow(set.Name, new Dictionary<string, double>
            {
                ["loss_least"] = finite.Min(),
                ["loss_most"] = finite.Max(),
                ["accuracy_most"] = accuracies.Max(),
                ["holes"] = losses.Length - finite.Length,
                ["clamped"] = grid.Flat(EvaluationSet.Clamped).Sum(),
            });
        }).ToArray();
        var x = to is null ? "step along the direction" : "position: 0 is the first network, 1 the second";
        var title = to is null ? $"{from.Network}: loss along a direction" : $"{from.Network}: loss on the line between two";
        var (loss, accuracy) = (new Figure(title, x, "loss") { YScale = AxisScale.Logarithmic }, new Figure("accuracy", x, "accuracy") { YRange = (0, 1.02) });
        foreach (var (i, set) in sets.Index())
        {
            loss = loss.Line<double, double>(grid.Xs, grid.Flat(set.Loss(i)), set.Name, dashed: i > 0);
            accuracy = accuracy.Line<double, double>(grid.Xs, grid.Flat(set.Accuracy(i)), set.Name, dashed: i > 0);
        }

        if (to is not null) (loss, accuracy) = (loss.VerticalRule(0).VerticalRule(1), accuracy.VerticalRule(0).VerticalRule(1));
        foreach (var extension in (string[])["png", "svg"]) new Panels(2).Add(loss with { Width = 640 }).Add(accuracy with { Width = 640 }).Save(run.Output($"{Stem}.{extension}"));
        new StudyResults("line", title, description, rows, [$"{Stem}.png"]).Write(run, $"{Stem}.json");
        foreach (var row in rows) run.Say(FormattableString.Invariant($"{row.Name}: loss {row.Numbers["loss_least"]:0.0000} to {row.Numbers["loss_most"]:0.00}, accuracy up to {row.Numbers["accuracy_most"]:p1}"));
    }
}
