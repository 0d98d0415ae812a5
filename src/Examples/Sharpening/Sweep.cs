using Noether.Models.Curvature;
using Noether.Models.Sharpening;
using Noether.Nn;

namespace Noether.Examples.Sharpening;

/// <summary>Small-batch training under six regularisers, all networks of one kind of step at once: which measure follows the generalisation gap?</summary>
internal sealed class Sweep(ExampleRun run)
{
    private const string ResultsFile = "sweep.json";
    private const double Momentum = 0.9;

    public required string Network { get; init; }

    public required int ImageCount { get; init; }

    public required int TestImages { get; init; }

    public required int Epochs { get; init; }

    public required int Seeds { get; init; }

    public required double LearningRate { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Two strengths of each regulariser instead of three or four.</summary>
    public required bool Few { get; init; }

    public void Run()
    {
        var data = Images.Load(run.Data, ImageCount, TestImages);
        var network = Networks.ByName[Network]();
        var settings = new RunSettings(
            ("network", Network), ("loss", OutputLoss.CrossEntropy().Name), ("data", data.Name), ("images", ImageCount), ("test_images", TestImages), ("epochs", Epochs), ("batch", BatchSize),
            ("rate", LearningRate), ("momentum", Momentum), ("seed", run.Seed), ("seeds", Seeds), ("strengths", Few ? "few" : "all"));
        var path = run.Output(ResultsFile);
        var results = new SweepResults(settings.ToString(), []);
        if (run.Resume && File.Exists(path))
        {
            results = Figures.Read<SweepResults>(path);
            settings.Check(path, results.Settings);
        }

        // Networks with the same kind of step are one function.
        var groups = Variants().GroupBy(static each => (each.Recipe.BatchSize, each.Recipe.Radius > 0, each.Recipe.Shift > 0)).ToArray();
        var total = groups.Sum(group => (long)group.Count() * Seeds * StepsOf(group.Key.BatchSize));
        run.Say($"{Variants().Count() * Seeds} networks: {settings}, on {run.Device}");
        using var bar = run.Progress("training", total);
        run.CanResumeFrom(path);
        foreach (var group in groups)
        {
            (string Regulariser, double Strength, DescentRecipe Recipe)[] variants = [.. group];
            var work = (long)variants.Length * Seeds * StepsOf(group.Key.BatchSize);
            if (results.Rows.Exists(row => row.Regulariser == variants[0].Regulariser && row.Strength == variants[0].Strength))
            {
                bar.Skip(work);
                continue;
            }

            results.Rows.AddRange(Train(data, network, variants, bar));
            Figures.Write(path, results);
        }

        Tell(results);
    }

    private int StepsOf(int batch) => Epochs * ((ImageCount + batch - 1) / batch);

    private IEnumerable<SweepRow> Train(Images data, Sequential network, (string Regulariser, double Strength, DescentRecipe Recipe)[] variants, ProgressBar bar)
    {
        var members = (from variant in variants from seed in Enumerable.Range(0, Seeds) select (variant.Regulariser, variant.Strength, variant.Recipe, Seed: run.Seed + seed)).ToArray();
        var runs = new DescentRuns(network.Apply, OutputLoss.CrossEntropy(), data.Train, [.. members.Select(static each => each.Recipe)]);
        var state = runs.Begin([.. members.Select(each => network.Init(RandomKey.From(each.Seed)))], [.. members.Select(static each => RandomKey.From(each.Seed).Fold(1))]);
        var steps = StepsOf(members[0].Recipe.BatchSize);
        for (var i = 0; i < steps; i++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            (state, var losses) = runs.Step(state);
            Tensor.Evaluate(losses);
            bar.Advance(members[0].Regulariser == SweepResults.None ? "" : members[0].Regulariser, members.Length);
        }

        // One probe a smoothing: what differs else does not change what is measured.
        var probes = new Dictionary<double, SharpnessProbe>();
        var rows = new List<SweepRow>();
        foreach (var (i, each) in members.Index())
        {
            run.Cancellation.ThrowIfCancellationRequested();
            if (!probes.TryGetValue(each.Recipe.LabelSmoothing, out var probe))
                probe = probes[each.Recipe.LabelSmoothing] = new(network.Apply, OutputLoss.CrossEntropy(), data.Train, data.Test, each.Recipe.LabelSmoothing);
            probe.Forget();
            rows.Add(new(each.Regulariser, each.Strength, each.Seed, probe.Measure(state.Network(i))));
        }

        return rows;
    }

    private IEnumerable<(string Regulariser, double Strength, DescentRecipe Recipe)> Variants()
    {
        var plain = new DescentRecipe(LearningRate) { Momentum = Momentum, BatchSize = BatchSize };
        yield return (SweepResults.None, 0, plain);
        foreach (var smoothing in Some(0.05, 0.1, 0.2, 0.4)) yield return ("label smoothing", smoothing, plain with { LabelSmoothing = smoothing });
        foreach (var decay in Some(5e-4, 2e-3, 5e-3, 1e-2)) yield return ("weight decay", decay, plain with { WeightDecay = decay });
        foreach (var factor in Some(0.25, 0.5, 2, 4)) yield return ("learning rate", factor, plain with { LearningRate = factor * LearningRate });
        foreach (var factor in Some(0.25, 0.5, 2, 4)) yield return ("batch size", factor, plain with { BatchSize = Math.Max(1, (int)(factor * BatchSize)) });
        foreach (var shift in Some(1, 2, 3)) yield return ("augmentation", shift, plain with { Shift = (int)shift });
        foreach (var radius in Some(0.02, 0.05, 0.1, 0.2)) yield return ("SAM", radius, plain with { Radius = radius });
    }

    private double[] Some(params double[] strengths) => Few ? [strengths[0], strengths[^1]] : strengths;

    private void Tell(SweepResults results)
    {
        run.Table(SweepFigures.Columns, SweepFigures.Rows(results));
        run.Record("sweep", new
        {
            results.Settings,
            Networks = results.Rows.Count,
            Correlations = SweepResults.Measures.Select(measure => new { Measure = measure.Name, All = Both(results.Rows, measure.Number) }),
        });
        SweepFigures.Gap(results).Save(run.Output("sweep-gap.png"));
        SweepFigures.Strengths(results).Save(run.Output("sweep-regularisers.png"));

        static object Both(IEnumerable<SweepRow> rows, Func<SharpnessReading, double> number)
        {
            var (loss, accuracy) = SweepResults.Correlation(rows, number);
            return new { LossGap = loss, AccuracyGap = accuracy };
        }
    }
}
