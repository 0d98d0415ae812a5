using System.Diagnostics;
using System.Text.Json;

using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Examples.SharpnessAware;

/// <summary>Trains one network under several radii at once, for one seed after the other, and measures its features at every layer after each pass over the data.</summary>
/// <remarks>The networks of a seed are kept after each pass, with what was measured; --resume goes on from there.</remarks>
internal sealed class RankStudy(ExampleRun run, RankTask task, StudySettings settings)
{
    private const int EvaluationBatch = 250;
    private const int RecentSteps = 20;
    private const string SettingsNote = "settings", CourseNote = "course";

    private readonly List<Moment> moments = [];
    private readonly List<ProbeScore> probes = [];
    private readonly Dictionary<string, string> notes = []; // of the checkpoint to come
    private readonly Stopwatch clock = new();
    private Func<Tensor[], Tensor[]>? forward;
    private long taken;

    /// <summary>From the number of steps.</summary>
    public required Func<int, Optimizer> Optimizer { get; init; }

    /// <summary>Network and optimiser in words.</summary>
    public required string Method { get; init; }

    private IReadOnlyList<double> Radii => settings.Radii;

    private string CourseFile => $"{task.Name}-course.json";

    private int PerEpoch => task.Train.BatchCount(settings.BatchSize, dropLast: true);

    private int Measured => Math.Min(settings.Measured, task.Train.Count);

    private long Steps => (long)PerEpoch * settings.Epochs;

    // Of the networks of any seed: their file is named by it.
    private RunSettings Settings => new(
        ("task", task.Name), ("method", Method), ("data", task.DataName), ("images", task.Train.Count), ("rho", Radii), ("epochs", settings.Epochs), ("batch", settings.BatchSize), ("measured", Measured));

    public void Run()
    {
        if (PerEpoch == 0) throw new UsageException($"--batch {settings.BatchSize} is more than the {task.Train.Count} training images");
        notes[SettingsNote] = Settings.ToString();
        var sweep = new RadiusSweep((p, context, batch) => task.Loss(task.Apply(p, context, batch), batch), new Sam(Optimizer(checked((int)Steps)), 0), Radii) { Notes = notes };
        var trained = new List<TrainingState>();
        using (var bar = run.Progress("training", Steps * settings.Seeds))
        {
            for (var i = 0; i < settings.Seeds; i++) trained.Add(Train(sweep, run.Seed + i, bar));
        }

        if (taken > 0) run.Record("images_per_second", Math.Round(taken * settings.BatchSize * Radii.Count / clock.Elapsed.TotalSeconds, 1));
        Probe(trained);
        Finish();
    }

    private TrainingState Train(RadiusSweep sweep, long seed, ProgressBar bar)
    {
        var checkpoint = run.Output($"{task.Name}-{seed}.safetensors");
        var state = sweep.Init(task.Module, RandomKey.From(seed));
        if (seed == run.Seed) run.Say($"{Radii.Count} x {settings.Seeds} networks of {state.Parameters.Unstack(0).Size:n0} numbers, {task.Train.Count:n0} images of {task.DataName} to learn from, {task.Test.Count:n0} to test with, on {run.Device}");
        if (run.Resume && File.Exists(checkpoint)) state = Resumed(checkpoint, state);
        var first = RadiusSweep.Steps(state);
        bar.Skip(first);
        if (first == 0) Measure(state, seed, 0, null);
        run.CanResumeFrom(checkpoint);
        var recent = new Queue<float[]>();
        clock.Start();
        state = sweep.Fit(state, task.Train, new() { BatchSize = settings.BatchSize, Epochs = settings.Epochs, CheckpointPath = checkpoint }, (now, done, losses) =>
        {
            taken++;
            recent.Enqueue(losses.ToArray<float>());
            if (recent.Count > RecentSteps) recent.Dequeue();
            if (done % PerEpoch == 0)
            {
                clock.Stop();
                Measure(now, seed, done, [.. recent]);
                clock.Start();
            }

            bar.Advance($"{(settings.Seeds > 1 ? $"seed {seed}, " : "")}loss {recent.Last()[0]:0.000} to {recent.Last()[^1]:0.000}, {taken * settings.BatchSize * Radii.Count / clock.Elapsed.TotalSeconds:n0} images/s of all networks");
        }, run.Cancellation);
        clock.Stop();
        return state;
    }

    private TrainingState Resumed(string checkpoint, TrainingState like)
    {
        var found = Checkpoint.Notes(checkpoint);
        Settings.Check(checkpoint, found.GetValueOrDefault(SettingsNote));
        var state = Checkpoint.Load(checkpoint, like);
        notes[CourseNote] = found[CourseNote];
        moments.AddRange(JsonSerializer.Deserialize<Moment[]>(found[CourseNote], Figures.Format)!);
        return state;
    }

    private void Measure(TrainingState state, long seed, long step, float[][]? recent)
    {
        for (var i = 0; i < Radii.Count; i++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var (parameters, own) = (state.Parameters.Unstack(i), state.State.Unstack(i));
            var layers = Forward(parameters, own, task.Train[..Measured]).Features;
            var (_, outputs) = Forward(parameters, own, task.Test);
            moments.Add(new(
                seed, step, step / (double)PerEpoch, Radii[i], recent is null ? double.NaN : recent.Average(each => each[i]), task.Error(outputs, task.Test.All()),
                task.Layers.ToDictionary(static layer => Figures.KeyOf(layer.Name), layer => LayerMeasure.Of(layers[layer.Path], compares: step == Steps))));
        }

        notes[CourseNote] = JsonSerializer.Serialize(moments.Where(each => each.Seed == seed), Figures.Format);
        Figures.Write(run.Output(CourseFile), moments);
    }

    // Features by path, and outputs, of all examples; compiled once for all networks.
    private (Parameters Features, Tensor[] Outputs) Forward(Parameters parameters, Parameters state, Dataset data)
    {
        string[] paths = [.. task.Layers.Select(static layer => layer.Path)];
        forward ??= Transform.Compile((Tensor[] a) =>
        {
            var (p, s) = (parameters.WithLeaves(a[..parameters.Count]), state.WithLeaves(a[parameters.Count..(parameters.Count + state.Count)]));
            Tensor[] outputs = [];
            var seen = LayerFeatures.Of(context => outputs = task.Apply(p, context, new(a[(parameters.Count + state.Count)..])), s, paths.Contains);
            if (paths.FirstOrDefault(path => !seen.Contains(path)) is { } missing) throw new ParameterException($"RankStudy: the network has no part '{missing}'; there are {string.Join(", ", seen.Names)}");
            return [.. paths.Select(path => seen[path]), .. outputs];
        });
        var parts = new List<Tensor[]>();
        foreach (var batch in data.Batches(EvaluationBatch))
        {
            var results = forward([.. parameters.Leaves, .. state.Leaves, .. batch.Leaves]);
            Tensor.Evaluate(results);
            parts.Add(results);
        }

        Tensor[] joined = [.. Enumerable.Range(0, parts[0].Length).Select(i => Tensor.Concatenate(0, [.. parts.Select(part => part[i])]))];
        Tensor.Evaluate(joined);
        return (new(paths.Select((path, i) => KeyValuePair.Create(path, joined[i]))), joined[paths.Length..]);
    }

    private void Probe(IReadOnlyList<TrainingState> trained)
    {
        if (task.Probed is not { } layer) return;
        var path = task.Layers.First(each => each.Name == layer).Path;
        var (learnt, asked) = task.Probe ?? (task.Train, task.Test);
        learnt = learnt[..Math.Min(2 * settings.Measured, learnt.Count)];
        var (classes, truth) = (learnt.All().Target, asked.All().Target);
        using var bar = run.Progress("probing features", (long)trained.Count * Radii.Count);
        foreach (var (i, r) in from i in Enumerable.Range(0, trained.Count) from r in Enumerable.Range(0, Radii.Count) select (i, r))
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var (parameters, own) = (trained[i].Parameters.Unstack(r), trained[i].State.Unstack(r));
            var (known, queries) = (Forward(parameters, own, learnt).Features[path], Forward(parameters, own, asked).Features[path]);
            bar.Advance();
            if (!known.IsFinite().All().Item<bool>() || !queries.IsFinite().All().Item<bool>()) continue;
            probes.Add(new(
                run.Seed + i, Radii[r], 1 - NearestNeighbours.Classify(known, classes, queries).Equal(truth).To(DType.Float64).Mean().Item(),
                1 - Loss.Accuracy(LinearProbe.Fit(known, classes).Apply(queries), truth).Item()));
        }
    }

    private void Finish()
    {
        var results = new RankResults(
            task.Title, Settings.ToString(), task.LossName, task.ErrorName, task.DataName, task.Probe is null ? task.DataName : "another data set", Optimizer(checked((int)Steps)).ToString(), Measured,
            [.. task.Layers.Select(static layer => layer.Name)], task.Probed, [.. moments.Where(each => each.Step == Steps)], probes);
        Figures.Write(run.Output(CourseFile), moments);
        Figures.Write(run.Output($"{task.Name}.json"), results);
        run.Say(RankTable.RanksCaption(results));
        Show(RankTable.Ranks(results));
        Show(RankTable.Claim(results));
        run.Say(RankTable.UnitsCaption(results));
        Show(RankTable.Units(results));
        run.Record("loss", results.Loss);
        run.Record("settings", results.Settings);
        run.Record("final", results.Final);
        run.Record("summary", results.Summary);
        run.Record("trends", results.Trends);
        if (probes.Count > 0) run.Record("probes", probes);
        foreach (var (file, figure) in RankFigures.Of(task.Name, results, moments)) figure.Save(run.Output(file));

        void Show((string[] Columns, IEnumerable<string[]> Rows) table) => run.Table(table.Columns, table.Rows);
    }
}
