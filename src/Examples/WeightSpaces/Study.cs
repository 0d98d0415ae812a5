using System.Diagnostics;
using System.Globalization;
using System.Text;

using Noether.Nn;

namespace Noether.Examples.WeightSpaces;

/// <summary>Trains the contestants of a task on the same data, keeps each one's best epoch, and tells what they reach on the test set.</summary>
/// <remarks>All files of a task lie in its folder; what is finished is not done again with --resume.</remarks>
internal sealed class Study(ExampleRun run, string task)
{
    /// <summary>How scores are shown.</summary>
    public const string ScoreFormat = "0.0000";

    private const int EvaluationBatch = 64;

    private readonly List<Outcome> outcomes = [];

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    public required int Seeds { get; init; }

    public required Dataset Train { get; init; }

    public required Dataset Validation { get; init; }

    public required Dataset Test { get; init; }

    /// <summary>What else the outcomes depend on: a run with others does not go on with them.</summary>
    public IReadOnlyList<(string Name, object Value)> Settings { get; init; } = [];

    /// <summary>From outputs and targets of a batch, a mean.</summary>
    public required Func<Tensor, Tensor, Tensor> Loss { get; init; }

    /// <summary>From outputs and targets of a whole set, scores by name; the first chooses the best epoch: higher is better.</summary>
    public required Func<Tensor, Tensor, Dictionary<string, double>> Score { get; init; }

    /// <summary>Trains each contestant from several seeds.</summary>
    /// <param name="contestants">The models.</param>
    /// <param name="seen">Called with the outputs for the test set of each contestant's first seed.</param>
    public IReadOnlyList<Outcome> Run(IReadOnlyList<Contestant> contestants, Action<Contestant, Tensor> seen)
    {
        Directory.CreateDirectory(Folder);
        CheckSettings();
        if (run.Resume && File.Exists(ResultsPath)) outcomes.AddRange(Figures.Read<Outcome[]>(ResultsPath));
        foreach (var contestant in contestants)
        {
            for (var i = 0; i < Seeds; i++)
            {
                var seed = run.Seed + i;
                var known = outcomes.Find(each => each.Model == contestant.Name && each.Seed == seed);
                if (known is not null && i > 0) continue;
                var (state, validation, epoch, rate) = Fit(contestant, seed, known is not null);
                if (known is null)
                {
                    var outputs = Outputs(contestant.Model, state, Test);
                    outcomes.Add(new(contestant.Name, seed, state.Parameters.Size, validation, epoch, Score(outputs, Targets(Test)), rate));
                    Figures.Write(ResultsPath, outcomes);
                }

                if (i == 0) seen(contestant, Outputs(contestant.Model, state, Test));
            }
        }

        Tell(contestants);
        return outcomes;
    }

    /// <summary>The targets of a set.</summary>
    public static Tensor Targets(Dataset data) => Tensor.Concatenate(0, [.. data.Batches(EvaluationBatch).Select(static batch => batch.Target)]);

    /// <summary>The best epoch of a contestant's first seed, after <see cref="Run"/>.</summary>
    public TrainingState Best(string contestant, Module model) => Checkpoint.Load(
        BestPath(contestant, run.Seed), new Trainer(model, Loss, new Adam { LearningRate = 0 }).Init(RandomKey.From(run.Seed)));

    private string BestPath(string contestant, long seed) => Path.Combine(Folder, $"{FileName(contestant, seed)}.best.safetensors");

    private void CheckSettings()
    {
        var path = Path.Combine(Folder, "settings.txt");
        var settings = new RunSettings([("epochs", Epochs), ("batch", BatchSize), ("networks", Train.Count), .. Settings]);
        if (run.Resume && File.Exists(path) && settings.Refusal(Folder, File.ReadAllText(path)) is { } refusal) throw new UsageException(refusal);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(settings.ToString())));
    }

    private static string FileName(string contestant, long seed) => $"{contestant.ToLowerInvariant().Replace(' ', '-')}-{seed}";

    private string Folder => Path.Combine(run.Out, task);

    private string ResultsPath => Path.Combine(Folder, "results.json");

    private static Tensor Outputs(Module model, TrainingState state, Dataset data)
    {
        var forward = Transform.Compile((Tensor[] a) =>
            [model.Apply(state.Parameters.WithLeaves(a[..state.Parameters.Count]), state.State.WithLeaves(a[state.Parameters.Count..^1]), a[^1])]);
        var outputs = Tensor.Concatenate(0, [.. data.Batches(EvaluationBatch).Select(batch => forward([.. state.Parameters.Leaves, .. state.State.Leaves, batch.Input])[0])]);
        Tensor.Evaluate(outputs);
        return outputs;
    }

    // The state of the best epoch by validation.
    private (TrainingState State, double Validation, double Epoch, double Rate) Fit(Contestant contestant, long seed, bool finished)
    {
        var (path, best) = (Path.Combine(Folder, $"{FileName(contestant.Name, seed)}.safetensors"), BestPath(contestant.Name, seed));
        var steps = Epochs * Train.BatchCount(BatchSize, dropLast: true);
        var trainer = new Trainer(contestant.Model, Loss, new Adam { LearningRate = new WarmUpSchedule(new CosineSchedule(contestant.LearningRate, steps), Math.Max(1, steps / 20)) }) { ClipNorm = 1 };
        var fresh = trainer.Init(RandomKey.From(seed));
        var (kept, score, epoch) = (fresh, double.NegativeInfinity, 0.0);
        if (run.Resume && File.Exists(best))
        {
            kept = Checkpoint.Load(best, fresh);
            var notes = Checkpoint.Notes(best);
            (score, epoch) = (double.Parse(notes["score"], CultureInfo.InvariantCulture), double.Parse(notes["epoch"], CultureInfo.InvariantCulture));
        }

        if (finished) return (kept, score, epoch, 0);
        var state = run.Resume && File.Exists(path) ? Checkpoint.Load(path, fresh) : fresh;
        var (clock, first) = (Stopwatch.StartNew(), state.Step);
        var rate = 0.0;
        using var bar = run.Progress(Seeds > 1 ? $"{contestant.Name}, seed {seed}" : contestant.Name, steps);
        bar.Skip(first);
        run.CanResumeFrom(path);
        trainer.Fit(state, Train, new()
        {
            BatchSize = BatchSize,
            Epochs = Epochs,
            CheckpointPath = path,
            Progress = step =>
            {
                rate = (step.Step - first) * BatchSize / clock.Elapsed.TotalSeconds;
                if (step.EndsEpoch)
                {
                    clock.Stop();
                    var now = Score(Outputs(contestant.Model, step.State, Validation), Targets(Validation)).First().Value;
                    if (now > score)
                    {
                        (kept, score, epoch) = (step.State.Copy(), now, step.Epoch);
                        Checkpoint.Save(best, kept, new Dictionary<string, string>
                        {
                            ["score"] = score.ToString("r", CultureInfo.InvariantCulture),
                            ["epoch"] = epoch.ToString("r", CultureInfo.InvariantCulture),
                        });
                    }

                    clock.Start();
                }

                bar.Advance($"loss {step.Loss:0.0000}{(double.IsFinite(score) ? $", validation {score:0.0000}" : "")}, {rate:n0} networks/s");
            },
        }, run.Cancellation);
        return (kept, score, epoch, Math.Round(rate, 1));
    }

    private void Tell(IReadOnlyList<Contestant> contestants)
    {
        string[] names = [.. outcomes[0].Scores.Keys.Where(static name => !name.StartsWith("negative", StringComparison.Ordinal))];
        run.Table(["model", "parameters", .. names, "networks/s"], contestants.Select(contestant =>
        {
            var own = outcomes.Where(each => each.Model == contestant.Name).ToArray();
            return (string[])
            [
                contestant.Name, $"{own[0].Parameters:n0}", .. names.Select(name => Spread.Of([.. own.Select(each => each.Scores[name])], ScoreFormat)), $"{own.Max(static each => each.NetworksPerSecond):n0}",
            ];
        }));
        run.Record(task.Replace('-', '_'), outcomes);
    }
}
