using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;
using Noether.Plots;

using Evaluator = Noether.Models.LossLandscapes.LossLandscape;

namespace Noether.Examples.LossLandscape;

/// <summary>|λ_min/λ_max| of the Hessian over a plane: where it is small, no direction of weight space bends down much.</summary>
internal sealed class ConvexityStudy(ExampleRun run, SolutionSource source)
{
    private const string Stem = "convexity";

    private const double PublishedMost = 0.5; // of published colour scales

    private static readonly string[] Metrics = ["smallest", "largest", "residual", "products", "converged", "ratio"];

    public required int Images { get; init; }

    public required string Part { get; init; }

    public required int Points { get; init; }

    public required double Range { get; init; }

    /// <summary>random, hessian, or a file.</summary>
    public required string DirectionsFrom { get; init; }

    public required DirectionOptions Options { get; init; }

    public required double Tolerance { get; init; }

    public required int MaxProducts { get; init; }

    /// <summary>How many neighbours are one part, of which each begins where the one before ended.</summary>
    public required int Together { get; init; }

    /// <summary>Whether the Hessian is of biases and norms too.</summary>
    public required bool All { get; init; }

    public void Run()
    {
        var images = ImageSets.Load(run);
        var at = source.Get(run, images);
        var sets = images.First(Part, Images);
        var directions = Directions.Of(run, DirectionsFrom, at, Options, states: false, sets[0], plane: true).Directions;
        var description = Description.Of("convexity", [at], images, sets, BatchStatistics.Frozen, directions.Description);
        description["hessian"] = FormattableString.Invariant($"of {(All ? "all tensors" : "tensors with two axes or more")}, tolerance {Tolerance}, at most {MaxProducts} products, {Together} points together");
        var grid = Compute(at, directions, sets[0], Description.Header(description));
        directions.Save(run.Output(Directions.File));
        description["weights"] = at.Source;
        Tell(at, grid, description);
    }

    private MetricGrid Compute(Solution at, Directions directions, EvaluationSet set, string header)
    {
        var steps = Evaluator.Steps(-Range, Range, Points);
        var grid = new MetricGrid(steps, steps, Metrics);
        var path = run.Output($"{Stem}.npz");
        if (run.Resume && File.Exists(path)) grid.Load(path, header);
        using var bar = run.Progress("convexity", (long)Points * Points);
        var map = new ConvexityMap(at.Module, OutputLoss.CrossEntropy(), set.Batches)
        {
            Tolerance = Tolerance,
            MaxProducts = MaxProducts,
            TakesPart = All ? static _ => true : null,
            Cancellation = run.Cancellation,
        };
        var plane = map.PlaneThrough(at.Point, directions.X, directions.Y);
        run.CanResumeFrom(path);
        for (var row = 0; row < Points; row++)
        {
            for (var column = 0; column < Points; column += Together)
            {
                var count = Math.Min(Together, Points - column);
                if (!double.IsNaN(grid["products"][row, column]))
                {
                    bar.Skip(count);
                    continue;
                }

                var part = plane(steps[column..(column + count)], [steps[row]]);
                var ratio = part.Ratio();
                for (var i = 0; i < count; i++)
                {
                    grid["smallest"][row, column + i] = part.Smallest[0, i];
                    grid["largest"][row, column + i] = part.Largest[0, i];
                    grid["residual"][row, column + i] = part.Residual[0, i];
                    grid["products"][row, column + i] = part.Products[0, i];
                    grid["converged"][row, column + i] = part.Converged[0, i] ? 1 : 0;
                    grid["ratio"][row, column + i] = ratio[0, i];
                }

                grid.Save(path, header);
                bar.Advance(FormattableString.Invariant($"ratio {ratio[0, count - 1]:0.000}, {part.Products[0, count - 1]} products"), count);
            }
        }

        return grid;
    }

    private void Tell(Solution at, MetricGrid grid, Dictionary<string, string> description)
    {
        double[] ratios = grid.Flat("ratio"), finite = [.. ratios.Where(double.IsFinite)];
        if (finite.Length == 0) throw new NumericsException("the Hessian is finite at no point of the plane; a smaller --range may help");
        var unfinished = grid.Flat("converged").Count(static converged => converged == 0) - (ratios.Length - finite.Length);
        if (unfinished > 0) run.Say($"{unfinished} of {ratios.Length} points ran out of products; residual in {Stem}.npz tells how far they came");
        var numbers = new Dictionary<string, double>
        {
            ["ratio_at_centre"] = Points % 2 == 1 ? grid["ratio"][Points / 2, Points / 2] : double.NaN,
            ["ratio_mean"] = finite.Average(),
            ["ratio_most"] = finite.Max(),
            ["largest_eigenvalue"] = grid.Flat("largest").Where(double.IsFinite).Max(),
            ["smallest_eigenvalue"] = grid.Flat("smallest").Where(double.IsFinite).Min(),
            ["products"] = grid.Flat("products").Sum(),
            ["unfinished"] = unfinished,
            ["holes"] = ratios.Length - finite.Length,
        };
        var title = $"{at.Network}: how far from convex";
        foreach (var extension in (string[])["png", "svg"])
        {
            new Figure(title, "first direction", "second direction") { EqualUnits = true, Width = 640, Height = 560 }
                .HeatMap<double>(ratios, Points, Points, (-Range, Range), (-Range, Range), label: "|λ_min / λ_max|", range: (0, Math.Max(PublishedMost, finite.Max())))
                .Save(run.Output($"{Stem}.{extension}"));
        }

        new StudyResults("convexity", title, description, [new(at.Network.ToString(), numbers)], [$"{Stem}.png"]).Write(run, $"{Stem}.json");
        run.Say(FormattableString.Invariant($"|λ_min/λ_max| {finite.Average():0.000} in the mean, {finite.Max():0.000} at most; eigenvalues from {numbers["smallest_eigenvalue"]:0.00} to {numbers["largest_eigenvalue"]:0.0}"));
    }
}
