using Noether.Plots;

namespace Noether.Examples.LossLandscape;

/// <summary>Trains a network and tells how well.</summary>
internal sealed class TrainStudy(ExampleRun run)
{
    public required NetworkChoice Network { get; init; }

    public required TrainingRecipe Recipe { get; init; }

    public required int Checkpoints { get; init; }

    public void Run()
    {
        if (Checkpoints is 1 or 2) throw new UsageException($"--checkpoints takes 0 or a whole number of at least 3, not '{Checkpoints}': a plane needs three");
        var images = ImageSets.Load(run);
        var training = new Training(run, Network, Recipe, images) { Seed = run.Seed, Checkpoints = Checkpoints };
        var trained = training.Run(replaces: true);
        var score = new Score(trained.Module);
        var rows = images.First("both", int.MaxValue).Select(set =>
        {
            var (loss, accuracy) = score.Of(trained, set);
            return new ResultRow(set.Name, new Dictionary<string, double> { ["loss"] = loss, ["accuracy"] = accuracy });
        }).ToArray();
        var figures = new List<string>();
        if (training.Losses.Count > 1)
        {
            double[] steps = [.. training.Losses.Select(static at => (double)at.Step)], losses = [.. training.Losses.Select(static at => at.Loss)];
            new Figure($"{Network}: loss of each step's images", "step", "loss") { YScale = AxisScale.Logarithmic }.Line<double, double>(steps, losses).Save(run.Output("training.png"));
            figures.Add("training.png");
        }

        new StudyResults("train", $"{Network}, trained", new Dictionary<string, string> { ["settings"] = training.Settings, ["loss"] = Description.Loss }, rows, figures).Write(run, "training.json");
        foreach (var row in rows) run.Say(FormattableString.Invariant($"{row.Name}: loss {row.Numbers["loss"]:0.0000}, accuracy {row.Numbers["accuracy"]:p2}"));
    }
}
