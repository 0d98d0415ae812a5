using System.Diagnostics;
using System.Globalization;

using Noether.Nn;

namespace Noether.Examples.LossLandscape;

/// <summary>Trains a network, and keeps its weights along the way where a trajectory is wanted.</summary>
internal sealed class Training(ExampleRun run, NetworkChoice network, TrainingRecipe recipe, ImageSets images)
{
    /// <summary>The trained weights and running statistics.</summary>
    public const string WeightsFile = "weights.safetensors";

    /// <summary>The folder of the weights along the way.</summary>
    public const string CheckpointFolder = "checkpoints";

    private const string StateFile = "training.safetensors";

    /// <summary>The start of all random numbers.</summary>
    public required long Seed { get; init; }

    /// <summary>Where files go, below the run's folder; empty: into it.</summary>
    public string Folder { get; init; } = "";

    /// <summary>How many weights are kept along the way, the first and the last included; 0: none.</summary>
    public int Checkpoints { get; init; }

    /// <summary>Everything that the weights follow from, in words.</summary>
    public string Settings => string.Create(CultureInfo.InvariantCulture, $"{network}: {recipe}, {images.Train.Count} images of {images.Name}, seed {Seed}");

    /// <summary>The losses of the steps of this run, by step.</summary>
    public List<(long Step, double Loss)> Losses { get; } = [];

    private string Place => Path.Combine(run.Out, Folder);

    private string WeightsPath => Path.Combine(Place, WeightsFile);

    /// <summary>Trains, goes on where a run of the same settings stopped, or finds its end.</summary>
    /// <param name="replaces">Whether weights of other settings may be written over.</param>
    /// <exception cref="NumericsException">The loss became infinite or no number.</exception>
    /// <exception cref="FileFormatException">What lies there is of other settings.</exception>
    public Solution Run(bool replaces)
    {
        var perEpoch = images.Train.BatchCount(recipe.BatchSize, dropLast: true);
        if (perEpoch == 0) throw new UsageException($"--batch {recipe.BatchSize} is more than the {images.Train.Count} training images");
        Directory.CreateDirectory(Place);
        if (Found(replaces) is { } found) return found;

        var steps = (long)perEpoch * recipe.Epochs;
        var module = network.Make();
        var trainer = new Trainer(module, static (y, t) => Loss.CrossEntropy(y, t), recipe.Build(steps));
        var kept = KeptSteps(steps);
        var path = Path.Combine(Place, StateFile);
        var state = Fit(
            run, $"training {network}", trainer, Seed, images.Train, recipe, path, new Dictionary<string, string>(network.Notes) { [Solution.SettingsNote] = Settings },
            begin: state => Begin(kept, state),
            each: step =>
            {
                Losses.Add((step.Step, step.Loss));
                if (kept.Contains(step.Step)) Keep(step.State, step.Step);
            });
        var solution = new Solution(network, module, state.Parameters, state.State, Settings);
        run.Output(Path.Combine(Folder, WeightsFile));
        solution.Save(WeightsPath, Settings);
        File.Delete(path);
        return solution;
    }

    /// <summary>Trains anything, with a file to go on from.</summary>
    /// <param name="run">The run.</param>
    /// <param name="what">For the progress.</param>
    /// <param name="trainer">Network, loss, optimiser.</param>
    /// <param name="seed">The start of all random numbers.</param>
    /// <param name="data">To train with.</param>
    /// <param name="recipe">Batches and epochs.</param>
    /// <param name="path">The file of the state.</param>
    /// <param name="notes">With <see cref="Solution.SettingsNote"/>, by which another training's file is refused.</param>
    /// <param name="begin">Called before the first step, unless the training goes on.</param>
    /// <param name="each">Called after each step.</param>
    public static TrainingState Fit(
        ExampleRun run, string what, Trainer trainer, long seed, Dataset data, TrainingRecipe recipe, string path, IReadOnlyDictionary<string, string> notes,
        Action<TrainingState>? begin = null, Action<TrainingProgress>? each = null)
    {
        var state = trainer.Init(RandomKey.From(seed));
        if (run.Resume && File.Exists(path))
        {
            var saved = Checkpoint.Notes(path).GetValueOrDefault(Solution.SettingsNote);
            if (saved != notes[Solution.SettingsNote])
                throw new FileFormatException($"{path}: is of another training ({saved ?? "unknown"}), not of {notes[Solution.SettingsNote]}; choose another --out, or leave out --resume");
            state = Checkpoint.Load(path, state);
        }

        if (state.Step == 0) begin?.Invoke(state);
        run.CanResumeFrom(path);
        using var bar = run.Progress(what, (long)data.BatchCount(recipe.BatchSize, dropLast: true) * recipe.Epochs);
        bar.Skip(state.Step);
        var (first, clock) = (state.Step, Stopwatch.StartNew());
        return trainer.Fit(state, data, new()
        {
            BatchSize = recipe.BatchSize,
            Epochs = recipe.Epochs,
            Progress = step =>
            {
                if (!double.IsFinite(step.Loss)) throw new NumericsException(FormattableString.Invariant($"{what} diverged: the loss is {step.Loss} at step {step.Step}; a smaller --learning-rate may help"));
                each?.Invoke(step);
                if (step.EndsEpoch || run.Cancellation.IsCancellationRequested) Checkpoint.Save(path, step.State, notes);
                bar.Advance(FormattableString.Invariant($"loss {step.Loss:0.0000}, {(step.Step - first) * recipe.BatchSize / clock.Elapsed.TotalSeconds:n0} images/s"));
            },
        }, run.Cancellation);
    }

    private Solution? Found(bool replaces)
    {
        if (!File.Exists(WeightsPath) || (replaces && !run.Resume)) return null;
        var saved = Checkpoint.Notes(WeightsPath).GetValueOrDefault(Solution.SettingsNote);
        if (saved == Settings) return Solution.Read(WeightsPath, network) with { Source = Settings };
        throw new FileFormatException($"{WeightsPath}: was trained otherwise ({saved ?? "unknown"}), not as {Settings}; take it by --weights, or choose another --out");
    }

    private HashSet<long> KeptSteps(long steps) =>
        Checkpoints == 0 ? [] : [.. Enumerable.Range(0, Checkpoints).Select(i => (long)Math.Round(steps * (i / (Checkpoints - 1.0))))];

    // What another training kept is no part of this way.
    private void Begin(HashSet<long> kept, TrainingState state)
    {
        var folder = Path.Combine(Place, CheckpointFolder);
        if (Directory.Exists(folder))
        {
            foreach (var old in Directory.GetFiles(folder, "step-*.safetensors")) File.Delete(old);
        }

        if (kept.Contains(0)) Keep(state, 0);
    }

    private void Keep(TrainingState state, long step)
    {
        var folder = Path.Combine(Place, CheckpointFolder);
        Directory.CreateDirectory(folder);
        var at = new Solution(network, network.Make(), state.Parameters, state.State, "");
        at.Save(Path.Combine(folder, FormattableString.Invariant($"step-{step:00000000}.safetensors")), FormattableString.Invariant($"step {step} of {Settings}"));
    }
}
