using System.Globalization;

using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;
using Noether.Plots;

using Evaluator = Noether.Models.LossLandscapes.LossLandscape;

namespace Noether.Examples.LossLandscape;

/// <summary>The way of a training, over the plane of its first two principal components.</summary>
/// <remarks>Checkpoints lie beside the plane: a second figure compares their own losses with those at their places in it.</remarks>
internal sealed class TrajectoryStudy(ExampleRun run)
{
    private const string Stem = "trajectory";

    private const double Margin = 0.2; // of the way's extent, around it

    /// <summary>The folder of the weights along the way; null: what train left.</summary>
    public required string? Folder { get; init; }

    public required NetworkChoice? Network { get; init; }

    public required int Skip { get; init; }

    public required int Every { get; init; }

    /// <summary>Whether biases and norms take part.</summary>
    public required bool All { get; init; }

    public required int Images { get; init; }

    public required string Part { get; init; }

    public required int Points { get; init; }

    public required BatchStatistics Statistics { get; init; }

    public void Run()
    {
        var images = ImageSets.Load(run);
        var (way, steps) = ReadWay();
        var end = way[^1];
        var sets = images.First(Part, Images);
        var trajectory = new Trajectory([.. way.Select(static at => at.Parameters)], All ? null : name => end.Parameters[name].Rank > 1);
        var plane = trajectory.Plane();
        var coordinates = trajectory.Coordinates(plane.First, plane.Second).ToArray<double>();
        double[] xs = [.. coordinates.Where(static (_, i) => i % 2 == 0)], ys = [.. coordinates.Where(static (_, i) => i % 2 == 1)];
        run.Say(FormattableString.Invariant($"{way.Length} checkpoints of {end.Network}; two components explain {plane.ExplainedRatio[0]:p1} and {plane.ExplainedRatio[1]:p1} of the way's variance"));

        var description = Description.Of("trajectory", way, images, sets, Statistics, $"principal components of {way.Length} checkpoints, one-dimensional tensors {(All ? "included" : "left out")}");
        var computation = new GridComputation(run, run.Output($"{Stem}.npz"), Description.Header(description));
        var grid = computation.Compute(end.Module, end.Point, plane.First, plane.Second, Around(xs), Around(ys), sets, Statistics);
        var inPlane = new Evaluator(end.Module, OutputLoss.CrossEntropy(), sets[0].Batches) { Statistics = Statistics, Cancellation = run.Cancellation, Tile = Math.Min(way.Length, 4) }
            .PointsThrough(end.Point, plane.First, plane.Second)(xs, ys).Loss;
        var score = new Score(end.Module);
        double[] own = [.. way.Select(at => score.Of(at, sets[0]).Loss)];
        TensorFiles.SaveNpz(run.Output($"{Stem}-path.npz"),
        [
            new("steps", Host(steps)), new("x", Host(xs)), new("y", Host(ys)), new("loss", Host(own)), new("loss_in_plane", Host([.. inPlane])),
        ]);
        new Directions(plane.First, plane.Second, "principal components of a way").Save(run.Output(Directions.File));
        description["weights"] = $"{way[0].Source} to {end.Source}";
        Tell(end, plane, grid, steps, (xs, ys), own, [.. inPlane], description);
    }

    private (Solution[] Way, double[] Steps) ReadWay()
    {
        var folder = Folder ?? Path.Combine(run.Out, Training.CheckpointFolder);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"no folder {folder}; train leaves weights along the way in its output folder, and --checkpoints names another");
        string[] all = [.. Directory.GetFiles(folder, "*.safetensors").Order(StringComparer.Ordinal)];
        string[] chosen = [.. all.Where((_, i) => i >= Skip && ((i - Skip) % Every == 0 || i == all.Length - 1))];
        if (chosen.Length < 3) throw new FileFormatException($"{folder}: has {all.Length} files of weights, {chosen.Length} chosen; a plane needs three");
        var network = Solution.Read(chosen[^1], Network).Network;
        return ([.. chosen.Select(path => Solution.Read(path, network))], [.. chosen.Select(static (path, i) => StepOf(path) ?? i)]);
    }

    // Of step-00000123.safetensors: 123.
    private static double? StepOf(string path) =>
        double.TryParse(Path.GetFileNameWithoutExtension(path).Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;

    private double[] Around(double[] coordinates)
    {
        var (low, high) = (coordinates.Min(), coordinates.Max());
        var margin = Margin * (high - low);
        return Evaluator.Steps(low - margin, high + margin, Points);
    }

    private static Tensor Host(double[] values) => Tensor.From(values, device: Device.Host);

    private void Tell(
        Solution end, TrajectoryPlane plane, MetricGrid grid, double[] steps, (double[] X, double[] Y) at, double[] own, double[] inPlane, Dictionary<string, string> description)
    {
        var numbers = PlaneFigures.Numbers(grid);
        (numbers["first_explained"], numbers["second_explained"]) = (plane.ExplainedRatio[0], plane.ExplainedRatio[1]);
        (numbers["loss_at_start"], numbers["loss_in_plane_at_start"], numbers["loss_at_end"]) = (own[0], inPlane[0], own[^1]);
        var title = $"{end.Network}: the way of training";
        var figures = new PlaneFigures(grid)
        {
            Title = title,
            XLabel = FormattableString.Invariant($"first component ({plane.ExplainedRatio[0]:p1} of the variance)"),
            YLabel = FormattableString.Invariant($"second component ({plane.ExplainedRatio[1]:p1})"),
        };
        var losses = new Figure("Checkpoints lie beside the plane", "step", "loss") { YScale = AxisScale.Logarithmic, Width = 640, Height = 560 }
            .Line<double, double>(steps, own, "at the checkpoint").Line<double, double>(steps, inPlane, "at its place in the plane", dashed: true);
        foreach (var extension in (string[])["png", "svg"])
        {
            figures.HeatMap().Path<double, double>(at.X, at.Y).Save(run.Output($"{Stem}.{extension}"));
            losses.Save(run.Output($"{Stem}-losses.{extension}"));
        }

        figures.Page([.. at.X.Zip(at.Y, inPlane).Select(static p => (p.First, p.Second, Math.Log10(p.Third)))]).Write(run.Output($"{Stem}.html"));
        VtkSurface.Write(run.Output($"{Stem}.vtp"), grid, logarithm: false, double.PositiveInfinity);
        new StudyResults("trajectory", title, description, [new(end.Network.ToString(), numbers)], [$"{Stem}.png", $"{Stem}-losses.png"]).Write(run, $"{Stem}.json");
    }
}
