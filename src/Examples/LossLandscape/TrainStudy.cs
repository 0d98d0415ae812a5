using Noether.Nn;
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
        var rows = images.First("both", int.MaxValue).Select(set => new ResultRow(set.Name, Score(trained, set))).ToArray();
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

    private static Dictionary<string, double> Score(Solution at, EvaluationSet set)
    {
        var evaluate = Transform.Compile((Tensor[] a) =>
        {
            var parameters = at.Parameters.WithLeaves(a[..at.Parameters.Count]);
            var outputs = at.Module.Apply(parameters, a[^2], Context.ForInference(at.State.WithLeaves(a[at.Parameters.Count..^2])));
            return (Tensor[])[Loss.CrossEntropy(outputs, a[^1]), Loss.Accuracy(outputs, a[^1])];
        });
        double loss = 0, accuracy = 0;
        foreach (var batch in set.Batches)
        {
            var of = evaluate([.. at.Parameters.Leaves, .. at.State.Leaves, batch.Input, batch.Target]);
            loss += of[0].Item() * batch.Size / set.Count;
            accuracy += of[1].Item() * batch.Size / set.Count;
        }

        return new() { ["loss"] = loss, ["accuracy"] = accuracy };
    }
}
