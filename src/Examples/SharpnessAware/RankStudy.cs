using System.Diagnostics;
using System.Globalization;

using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Examples.SharpnessAware;

/// <summary>Trains one network under several radii at once and measures its features at every layer after each pass over the data.</summary>
/// <remarks>The networks are kept after each pass, with what was measured; --resume goes on from there.</remarks>
internal sealed class RankStudy(ExampleRun run, RankTask task, StudySettings settings)
{
    private const int EvaluationBatch = 250;
    private const int RecentSteps = 20;
    private const string SettingsNote = "settings";

    private readonly List<Moment> moments = [];
    private Func<Tensor[], Tensor[]>? forward;

    /// <summary>From the number of steps.</summary>
    public required Func<int, Optimizer> Optimizer { get; init; }

    /// <summary>Network and optimiser in words.</summary>
    public required string Method { get; init; }

    private IReadOnlyList<double> Radii => settings.Radii;

    private int PerEpoch => task.Train.BatchCount(settings.BatchSize, dropLast: true);

    private long Steps => (long)PerEpoch * settings.Epochs;

    private RunSettings Settings => new(
        ("task", task.Name), ("method", Method), ("data", task.DataName), ("images", task.Train.Count), ("rho", Radii), ("epochs", settings.Epochs), ("batch", settings.BatchSize),
        ("measured", Math.Min(settings.Measured, task.Train.Count)), ("seed", run.Seed));

    public void Run()
    {
        if (PerEpoch == 0) throw new UsageException($"--batch {settings.BatchSize} is more than the {task.Train.Count} training images");
        var sweep = new RadiusSweep((p, context, batch) => task.Loss(task.Apply(p, context, batch), batch), new Sam(Optimizer(checked((int)Steps)), 0), Radii)
        {
            Notes = new Dictionary<string, string> { [SettingsNote] = Settings.ToString() },
        };
        var state = sweep.Init(task.Module, RandomKey.From(run.Seed));
        var checkpoint = run.Output($"{task.Name}.safetensors");
        if (run.Resume && File.Exists(checkpoint)) state = Resumed(checkpoint, state);
        run.Say($"{Radii.Count} networks of {state.Parameters.Unstack(0).Size:n0} numbers, {task.Train.Count:n0} images of {task.DataName} to learn from, {task.Test.Count:n0} to test with, on {run.Device}");

        var first = RadiusSweep.Steps(state);
        if (first == 0) Measure(state, 0, null);
        state = Train(sweep, state, first, checkpoint);
        Finish(Probe(state));
    }

    private TrainingState Train(RadiusSweep sweep, TrainingState state, long first, string checkpoint)
    {
        var clock = Stopwatch.StartNew();
        var recent = new Queue<float[]>();
        using var bar = run.Progress("training", Steps);
        bar.Skip(first);
        run.CanResumeFrom(checkpoint);
        var options = new FitOptions { BatchSize = settings.BatchSize, Epochs = settings.Epochs, CheckpointPath = checkpoint };
        state = sweep.Fit(state, task.Train, options, (now, done, losses) =>
        {
            recent.Enqueue(losses.ToArray<float>());
            if (recent.Count > RecentSteps) recent.Dequeue();
            if (done % PerEpoch == 0)
            {
                clock.Stop();
                Measure(now, done, [.. recent]);
                clock.Start();
            }

            bar.Advance($"loss {recent.Last()[0]:0.000} to {recent.Last()[^1]:0.000}, {(done - first) * settings.BatchSize * Radii.Count / clock.Elapsed.TotalSeconds:n0} images/s of all networks");
        }, run.Cancellation);
        if (RadiusSweep.Steps(state) > first) run.Record("images_per_second", Math.Round((RadiusSweep.Steps(state) - first) * settings.BatchSize * Radii.Count / clock.Elapsed.TotalSeconds, 1));
        return state;
    }

    private TrainingState Resumed(string checkpoint, TrainingState like)
    {
        Settings.Check(checkpoint, Checkpoint.Notes(checkpoint).GetValueOrDefault(SettingsNote));
        var state = Checkpoint.Load(checkpoint, like);
        if (File.Exists(CoursePath)) moments.AddRange(Figures.Read<Moment[]>(CoursePath));
        moments.RemoveAll(each => each.Step > RadiusSweep.Steps(state));
        return state;
    }

    private string CoursePath => Path.Combine(run.Out, $"{task.Name}-course.json");

    private void Measure(TrainingState state, long step, float[][]? recent)
    {
        moments.RemoveAll(each => each.Step == step);
        for (var i = 0; i < Radii.Count; i++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var (parameters, own) = (state.Parameters.Unstack(i), state.State.Unstack(i));
            var layers = Forward(parameters, own, task.Train[..Math.Min(settings.Measured, task.Train.Count)]).Features;
            var (_, outputs) = Forward(parameters, own, task.Test);
            moments.Add(new(
                step, step / (double)PerEpoch, Radii[i], recent is null ? double.NaN : recent.Average(each => each[i]), task.Error(outputs, task.Test.All()),
                task.Layers.ToDictionary(static layer => Figures.KeyOf(layer.Name), layer => LayerMeasure.Of(layers[layer.Path], compares: step == Steps))));
        }

        run.Output(Path.GetFileName(CoursePath));
        Figures.Write(CoursePath, moments);
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

    private List<ProbeScore> Probe(TrainingState state)
    {
        var scores = new List<ProbeScore>();
        if (task.Probed is not { } layer) return scores;
        var path = task.Layers.First(each => each.Name == layer).Path;
        var (learnt, asked) = task.Probe ?? (task.Train, task.Test);
        learnt = learnt[..Math.Min(2 * settings.Measured, learnt.Count)];
        using var bar = run.Progress("probing features", Radii.Count);
        var (classes, truth) = (learnt.All().Target, asked.All().Target);
        for (var i = 0; i < Radii.Count; i++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var (parameters, own) = (state.Parameters.Unstack(i), state.State.Unstack(i));
            var (known, queries) = (Forward(parameters, own, learnt).Features[path], Forward(parameters, own, asked).Features[path]);
            bar.Advance();
            if (!known.IsFinite().All().Item<bool>() || !queries.IsFinite().All().Item<bool>()) continue;
            scores.Add(new(
                Radii[i], 1 - NearestNeighbours.Classify(known, classes, queries).Equal(truth).To(DType.Float64).Mean().Item(),
                1 - Loss.Accuracy(LinearProbe.Fit(known, classes).Apply(queries), truth).Item()));
        }

        return scores;
    }

    private void Finish(List<ProbeScore> probes)
    {
        var final = moments.Where(each => each.Step == moments.Max(static other => other.Step)).ToArray();
        string[] names = [.. task.Layers.Select(static layer => layer.Name)];
        run.Say($"ranks: components that hold 99 % of the variance of a layer's features on {Math.Min(settings.Measured, task.Train.Count):n0} training images");
        run.Table(["rho", task.ErrorName, "train loss", .. names],
            final.Select(each => (string[])[Number(each.Radius, "0.####"), Percent(each.TestError), Number(each.TrainLoss, "0.0000"), .. names.Select(name => Number(each.At(name).Rank, "0"))]));
        run.Say($"units of {names[^1]}: active on a tenth of the images, and different ones of those compared{(probes.Count > 0 ? $"; what classifiers on {task.Probed} get wrong" : "")}");
        run.Table(["rho", "active", "of", "different", "of ", .. probes.Count > 0 ? (string[])["neighbours", "linear"] : []], final.Select(each =>
        {
            var (layer, probe) = (each.At(names[^1]), probes.Find(own => own.Radius == each.Radius));
            return (string[])
            [
                Number(each.Radius, "0.####"), $"{layer.ActiveUnits}", $"{layer.Features}", $"{layer.Distinct}", $"{layer.Compared}",
                .. probes.Count == 0 ? [] : probe is null ? ["-", "-"] : (string[])[Percent(probe.NearestNeighbours), Percent(probe.Linear)],
            ];
        }));
        var results = new RankResults(Settings.ToString(), task.LossName, task.ErrorName, task.DataName, task.Probe is null ? task.DataName : "another data set", Optimizer(checked((int)Steps)).ToString(), settings.Measured, final, probes);
        Figures.Write(run.Output($"{task.Name}.json"), results);
        run.Record("loss", task.LossName);
        run.Record("settings", results.Settings);
        run.Record("final", final);
        if (probes.Count > 0) run.Record("probes", probes);
        foreach (var (file, figure) in RankFigures.Of(task, moments, Radii)) figure.Save(run.Output(file));
    }

    private static string Percent(double part) => Number(100 * part, "0.00") + " %";

    private static string Number(double number, string format) => double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) : "-";
}
