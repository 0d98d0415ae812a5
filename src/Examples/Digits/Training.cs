using System.Diagnostics;

using Noether.Nn;
using Noether.Plots;

namespace Noether.Examples.Digits;

/// <summary>Trains, tests, and looks at the mistakes and at the curvature of the loss.</summary>
internal sealed class Training(ExampleRun run)
{
    /// <summary>The weights, in the output folder: names and shapes as PyTorch has them.</summary>
    public const string WeightsFile = "digits.safetensors";

    private const string CheckpointFile = "checkpoint.safetensors";
    private const string HistoryFile = "loss.csv";
    private const int Eigenvalues = 3;
    private const int ShownMistakes = 40;
    private const int MostQuickEpochs = 3;

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    public required double LearningRate { get; init; }

    /// <summary>The file of a profile of some steps; null: none is made.</summary>
    public string? ProfilePath { get; init; }

    public void Run()
    {
        var data = DigitsData.Load(run.Data);
        if (run.Quick) data = data.First(train: 2_000, test: 500);
        if (BatchSize > data.Train.Count) throw new UsageException($"--batch {BatchSize} is more than the {data.Train.Count} training images");
        run.Say($"{data.Train.Count:N0} images to train with, {data.Test.Count:N0} to test with, on {run.Device}");

        var network = DigitsNetwork.Create();
        var weights = Train(network, data);
        Checkpoint.SaveParameters(run.Output(WeightsFile), weights);
        Test(network, weights, data.Test);
        MeasureCurvature(network, weights, data.Train);
    }

    private Parameters Train(Sequential network, DigitsData data)
    {
        var epochs = run.Quick ? Math.Min(Epochs, MostQuickEpochs) : Epochs;
        var steps = epochs * data.Train.BatchCount(BatchSize, dropLast: true);
        var trainer = new Trainer(network, (logits, labels) => Loss.CrossEntropy(logits, labels), new AdamW { LearningRate = new CosineSchedule(LearningRate, steps) });
        var (checkpoint, historyPath) = (run.Output(CheckpointFile), Path.Combine(run.Out, HistoryFile));

        if (ProfilePath is { } path) StepProfile.Show(run, trainer, data.Train, BatchSize, path);
        var state = trainer.Init(RandomKey.From(run.Seed));
        var history = new LossHistory();
        if (run.Resume)
        {
            if (!File.Exists(checkpoint)) throw new FileNotFoundException($"{checkpoint}: no such file to resume from");
            state = Checkpoint.Load(checkpoint, state);
            history = LossHistory.Read(historyPath, state.Step);
        }

        var first = state.Step;
        var clock = Stopwatch.StartNew();
        double Rate(long step) => (step - first) * BatchSize / clock.Elapsed.TotalSeconds;
        using (var bar = run.Progress("training", steps))
        {
            bar.Skip(first);
            var accuracy = "";
            run.CanResumeFrom(checkpoint);
            var options = new FitOptions
            {
                BatchSize = BatchSize,
                Epochs = epochs,
                CheckpointPath = checkpoint,
                Progress = step =>
                {
                    history.Add(step.Loss);
                    if (step.EndsEpoch)
                    {
                        var (loss, right) = DigitsNetwork.Score(network, step.State.Parameters, data.Test);
                        history.AddTest(loss);
                        accuracy = $", test accuracy {right:p2}";
                    }

                    if (step.EndsEpoch || run.Cancellation.IsCancellationRequested) history.Write(historyPath);
                    bar.Advance($"loss {history.Recent:0.0000}{accuracy}, {Rate(step.Step):n0} images/s");
                },
            };
            state = trainer.Fit(state, data.Train, options, run.Cancellation);
        }

        run.Record("train_seconds", Math.Round(clock.Elapsed.TotalSeconds, 3));
        run.Record("images_per_second", Math.Round(Rate(state.Step), 1));
        history.Draw().Save(run.Output("loss.png"));
        return state.Parameters;
    }

    private void Test(Sequential network, Parameters weights, Dataset test)
    {
        var logits = DigitsNetwork.Logits(network, weights, test);
        var labels = DigitsNetwork.Labels(test);
        var truth = labels.ToArray<long>();
        var read = logits.ArgMax(1).ToArray<long>();
        var certainty = logits.Softmax(1).Max(1).ToArray<float>();
        var loss = Loss.CrossEntropy(logits, labels).Item();
        int[] wrong = [.. Enumerable.Range(0, truth.Length).Where(i => truth[i] != read[i]).OrderByDescending(i => certainty[i])];
        var accuracy = 1 - wrong.Length / (double)truth.Length;
        run.Record("test_accuracy", accuracy);
        run.Record("test_loss", loss);

        run.Table(["digit", "images", "right", "accuracy", "most often taken for"], Enumerable.Range(0, DigitsData.Classes).Select(digit =>
        {
            var images = truth.Count(t => t == digit);
            var missed = wrong.Where(i => truth[i] == digit).ToArray();
            var taken = missed.GroupBy(i => read[i]).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).FirstOrDefault();
            return (string[])[
                $"{digit}", $"{images}", $"{images - missed.Length}", images == 0 ? "-" : $"{1 - missed.Length / (double)images:p1}",
                taken is null ? "" : $"{taken.Key} ({taken.Count()} of {missed.Length})"];
        }));
        run.Say($"test accuracy {accuracy:p2} ({wrong.Length:N0} of {truth.Length:N0} wrong), loss {loss:0.0000}");

        var grid = new ImageGrid($"{wrong.Length:N0} of {truth.Length:N0} test images are read wrong; the surest first");
        foreach (var i in wrong.Take(ShownMistakes))
        {
            var pixels = test[i..(i + 1)].All(Device.Host).Input.ToArray<float>();
            grid = grid.Add(Raster.Gray(pixels, DigitsData.Side, DigitsData.Side, black: 1, white: 0), $"{truth[i]} read as {read[i]}\n{certainty[i]:p0} sure");
        }

        grid.Save(run.Output("mistakes.png"));
    }

    private void MeasureCurvature(Sequential network, Parameters weights, Dataset train)
    {
        var batch = Math.Min(run.Quick ? 128 : 256, train.Count);
        var images = Math.Min(run.Quick ? batch : 4 * batch, train.Count / batch * batch);
        var steps = run.Quick ? 8 : 30;
        LanczosResult found;
        using (var bar = run.Progress("curvature", steps))
        {
            found = Curvature.Largest(network, weights, train[..images], batch, Eigenvalues, steps, () =>
            {
                bar.Advance();
                run.Cancellation.ThrowIfCancellationRequested();
            });
        }

        run.Record("hessian_eigenvalues", found.Values);
        run.Say($"largest eigenvalues of the loss Hessian over {images:N0} training images: {string.Join(", ", found.Values.Zip(found.Residuals, (value, residual) => $"{value:0.###} ± {residual:0.###}"))}");
    }
}
