using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;
using Noether.Nn;
using Noether.Plots;

using Evaluator = Noether.Models.LossLandscapes.LossLandscape;

namespace Noether.Examples.LossLandscape;

/// <summary>Two trained networks, joined by a curve that is trained to keep the loss low.</summary>
internal sealed class ConnectStudy(ExampleRun run, SolutionSource source)
{
    private const string Stem = "connect", BendFile = "curve.safetensors", StateFile = "curve-training.safetensors";

    /// <summary>The file of the second network; null: both are trained.</summary>
    public required string? To { get; init; }

    public required int CurveEpochs { get; init; }

    public required CurveForm Form { get; init; }

    public required int Images { get; init; }

    public required int Points { get; init; }

    public void Run()
    {
        var images = ImageSets.Load(run);
        var (first, last) = Ends(images);
        if (first.Point.Zip(last.Point, static (a, b) => (a - b).Abs()).Leaves.All(static difference => !difference.NotEqual(0).Any().Item<bool>()))
            throw new UsageException($"both networks have the same weights: {first.Source}");
        var curve = new WeightCurve(first.Module, first.Parameters, last.Parameters, Form);
        var sets = images.First("both", Images);
        var statistics = first.State.Count > 0 ? BatchStatistics.Recomputed : BatchStatistics.Frozen;
        var description = Description.Of("connect", [first, last], images, sets, statistics, $"{Form} curve");
        description["training"] = $"{source.Recipe with { Epochs = CurveEpochs }}, {images.Train.Count} images, seed {run.Seed}";
        var bend = Train(curve, images, Description.Header(description));
        description["weights"] = $"{first.Source}; {last.Source}";

        var rows = new List<ResultRow>();
        var arrays = new List<KeyValuePair<string, Tensor>>();
        var loss = new Figure($"{first.Network}: loss between two networks", "position on the curve", "loss") { YScale = AxisScale.Logarithmic, Width = 640 };
        var accuracy = new Figure("accuracy", "position on the curve", "accuracy") { Width = 640 };
        foreach (var set in sets)
        {
            var landscape = new Evaluator(first.Module, OutputLoss.CrossEntropy(), set.Batches) { Statistics = statistics, Cancellation = run.Cancellation, Tile = 4 };
            var (bent, straight) = (curve.Losses(landscape, bend, Points), curve.StraightLosses(landscape, Points));
            rows.Add(new(set.Name, new Dictionary<string, double>
            {
                ["barrier_of_curve"] = bent.Barrier,
                ["barrier_of_line"] = straight.Barrier,
                ["loss_most_on_curve"] = bent.Loss.Max(),
                ["loss_most_on_line"] = straight.Loss.Max(),
                ["loss_first"] = bent.Loss[0],
                ["loss_last"] = bent.Loss[^1],
                ["accuracy_least_on_curve"] = bent.Accuracy.Min(),
                ["accuracy_least_on_line"] = straight.Accuracy.Min(),
            }));
            foreach (var (name, losses) in ((string, CurveLosses)[])[("curve", bent), ("line", straight)])
            {
                double[] ts = [.. losses.Ts];
                arrays.Add(new($"{set.Name}_{name}_loss", Tensor.From([.. losses.Loss], device: Device.Host)));
                arrays.Add(new($"{set.Name}_{name}_accuracy", Tensor.From([.. losses.Accuracy], device: Device.Host)));
                loss = loss.Line<double, double>(ts, (double[])[.. losses.Loss], $"{name}, {set.Name}", dashed: set.Name == "test");
                accuracy = accuracy.Line<double, double>(ts, (double[])[.. losses.Accuracy], $"{name}, {set.Name}", dashed: set.Name == "test");
            }
        }

        TensorFiles.SaveNpz(run.Output($"{Stem}.npz"), [new("t", Tensor.From(Evaluator.Steps(0, 1, Points), device: Device.Host)), .. arrays]);
        foreach (var extension in (string[])["png", "svg"]) new Panels(2).Add(loss).Add(accuracy).Save(run.Output($"{Stem}.{extension}"));
        new StudyResults("connect", $"{first.Network}: a curve between two networks", description, rows, [$"{Stem}.png"]).Write(run, $"{Stem}.json");
        foreach (var row in rows) run.Say(FormattableString.Invariant($"{row.Name}: barrier {row.Numbers["barrier_of_curve"]:0.000} on the curve, {row.Numbers["barrier_of_line"]:0.000} on the line"));
    }

    private (Solution First, Solution Last) Ends(ImageSets images)
    {
        if (To is not null)
        {
            var from = source.Get(run, images);
            return (from, Solution.Read(To, from.Network));
        }

        Solution Trained(string folder, long seed) => new Training(run, source.Asked ?? new("small"), source.Recipe, images) { Seed = seed, Folder = folder }.Run(replaces: true);
        return (Trained("first", run.Seed), Trained("last", run.Seed + 1));
    }

    private Parameters Train(WeightCurve curve, ImageSets images, string settings)
    {
        var path = run.Output(BendFile);
        if (run.Resume && File.Exists(path))
        {
            var saved = Checkpoint.Notes(path).GetValueOrDefault(Solution.SettingsNote);
            return saved == settings
                ? Checkpoint.LoadParameters(path, curve.First)
                : throw new FileFormatException($"{path}: is a curve between other networks, or was trained otherwise; choose another --out, or leave out --resume");
        }

        var recipe = source.Recipe with { Epochs = CurveEpochs };
        var steps = (long)images.Train.BatchCount(recipe.BatchSize, dropLast: true) * recipe.Epochs;
        if (steps == 0) throw new UsageException($"--batch {recipe.BatchSize} is more than the {images.Train.Count} training images");
        var trainer = new Trainer(curve, static (y, t) => Loss.CrossEntropy(y, t), recipe.Build(steps));
        var notes = new Dictionary<string, string> { [Solution.SettingsNote] = settings };
        var state = Path.Combine(run.Out, StateFile);
        var bend = Training.Fit(run, "training the curve", trainer, run.Seed, images.Train, recipe, state, notes).Parameters;
        Checkpoint.SaveParameters(path, bend, notes);
        File.Delete(state);
        return bend;
    }
}
