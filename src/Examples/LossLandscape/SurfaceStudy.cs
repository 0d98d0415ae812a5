using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;

using Evaluator = Noether.Models.LossLandscapes.LossLandscape;

namespace Noether.Examples.LossLandscape;

/// <summary>The loss over a plane through a network's weights, as arrays, figures, a page to turn and a file for ParaView.</summary>
internal sealed class SurfaceStudy(ExampleRun run, SolutionSource source)
{
    private const string Stem = "landscape";

    public required int Images { get; init; }

    /// <summary>train, test or both.</summary>
    public required string Part { get; init; }

    public required int Columns { get; init; }

    public required int Rows { get; init; }

    public required double Range { get; init; }

    public required double RangeY { get; init; }

    /// <summary>random, hessian, or a file.</summary>
    public required string DirectionsFrom { get; init; }

    public required DirectionOptions Options { get; init; }

    public required BatchStatistics Statistics { get; init; }

    public required bool VtkLogarithm { get; init; }

    public required double Clip { get; init; }

    public void Run()
    {
        var images = ImageSets.Load(run);
        var at = source.Get(run, images);
        var sets = images.First(Part, Images);
        var centre = EmpiricalRisk.Of(at.Module, OutputLoss.CrossEntropy(), sets[0].Batches, at.State).Value(at.Parameters);
        if (!double.IsFinite(centre)) throw new NumericsException($"the loss of {at.Network} is {centre}; its weights are no solution to look around");
        run.Say($"{at.Network}: {at.Parameters.Size:N0} weights, loss {centre:0.0000} on {sets[0].Count:N0} images ({sets[0].Name})");

        var (directions, eigenvalues) = Directions.Of(run, DirectionsFrom, at, Options, Statistics == BatchStatistics.Interpolated, sets[0], plane: true);
        var description = Description.Of("surface", [at], images, sets, Statistics, directions.Description);
        var header = Description.Header(description);
        var computation = new GridComputation(run, run.Output($"{Stem}.npz"), header);
        var grid = computation.Compute(
            at.Module, at.Point, directions.X, directions.Y, Evaluator.Steps(-Range, Range, Columns), Evaluator.Steps(-RangeY, RangeY, Rows), sets, Statistics);
        directions.Save(run.Output(Directions.File));
        description["weights"] = at.Source;
        Tell(at, grid, centre, directions, eigenvalues, computation.PointsPerSecond, description);
    }

    private void Tell(
        Solution at, MetricGrid grid, double centre, Directions directions, IReadOnlyList<double>? eigenvalues, double pointsPerSecond, Dictionary<string, string> description)
    {
        var numbers = PlaneFigures.Numbers(grid);
        numbers["loss_at_centre"] = centre;
        if (directions.X.Names.SequenceEqual(directions.Y.Names)) numbers["cosine"] = new ParameterSpace(directions.X).Cosine(directions.X, directions.Y);
        if (eigenvalues is not null) (numbers["first_eigenvalue"], numbers["second_eigenvalue"]) = (eigenvalues[0], eigenvalues[1]);
        if (numbers["holes"] > 0) run.Say($"{numbers["holes"]} of {grid.Losses.Length} points have no finite loss; they are holes in the figures");
        if (pointsPerSecond > 0) run.Record("points_per_second", Math.Round(pointsPerSecond, 1));

        var (x, y) = eigenvalues is null ? ("first direction", "second direction") : (FormattableString.Invariant($"eigenvector of λ = {eigenvalues[0]:0.###}"), FormattableString.Invariant($"eigenvector of λ = {eigenvalues[1]:0.###}"));
        var title = $"{at.Network}: loss around the weights";
        var figures = new PlaneFigures(grid, Clip) { Title = title, XLabel = x, YLabel = y };
        figures.Save(run, Stem);
        figures.Page([]).Write(run.Output($"{Stem}.html"));
        VtkSurface.Write(run.Output($"{Stem}.vtp"), grid, VtkLogarithm, Clip);
        new StudyResults("surface", title, description, [new(at.Network.ToString(), numbers)], [$"{Stem}.png", $"{Stem}-contour.png", $"{Stem}-3d.png"]).Write(run, $"{Stem}.json");
        run.Say(FormattableString.Invariant($"loss {numbers["loss_least"]:0.0000} to {numbers["loss_most"]:0.00} over the plane, {centre:0.0000} in the middle"));
    }
}
