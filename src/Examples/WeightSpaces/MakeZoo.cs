using System.Diagnostics;

using Noether.Models.WeightSpaces;
using Noether.Nn;
using Noether.Plots;

namespace Noether.Examples.WeightSpaces;

/// <summary>Trains a zoo of small convolutional networks with drawn hyper-parameters.</summary>
internal sealed class MakeZoo(ExampleRun run)
{
    private const int ChunkSize = 32;

    // The last images of the set are for testing.
    private const int TestImages = 1_000;

    public required int Networks { get; init; }

    public required int Channels { get; init; }

    public required int Steps { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Where the networks lie.</summary>
    public static PopulationFolder Folder(ExampleRun run) => new(Path.Combine(run.Out, "zoo"), "zoo");

    /// <summary>Trains what is missing.</summary>
    public void Run()
    {
        var data = ImageData.Load(run.Data);
        var all = data.Examples.All();
        var images = all.Input.AveragePool([2, 2], [2, 2]); // 14 x 14
        var labels = all.Target;
        Tensor.Evaluate([images, labels]);
        var training = data.Examples.Count - TestImages;
        var options = new ZooOptions { Channels = Channels, Classes = ImageData.Classes, BatchSize = BatchSize, Steps = Steps, ChunkSize = ChunkSize };
        var trainer = new ZooTrainer(
            (images.Narrow(0, 0, training), labels.Narrow(0, 0, training)), (images.Narrow(0, training, TestImages), labels.Narrow(0, training, TestImages)), options);
        var spec = new ZooNetwork(Channels, ImageData.Classes, ZooActivation.Relu).Spec;
        var (folder, chunks) = (Folder(run), (Networks + ChunkSize - 1) / ChunkSize);
        var notes = new Dictionary<string, string>
        {
            ["images"] = data.Name,
            ["seed"] = $"{run.Seed}",
            ["channels"] = $"{Channels}",
            ["steps"] = $"{Steps}",
            ["batch"] = $"{BatchSize}",
        };
        run.Say($"training {chunks * ChunkSize:N0} networks {spec} ({spec.Parameters:N0} numbers each) on {training:N0} images of {data.Name} in {folder.Folder}, on {run.Device}");

        var clock = Stopwatch.StartNew();
        var made = 0;
        using (var bar = run.Progress("training", (long)chunks * Steps))
        {
            run.CanResumeFrom(folder.Folder);
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                if (folder.Has(chunk, notes))
                {
                    bar.Skip(Steps);
                    continue;
                }

                var before = 0;
                var zoo = trainer.Train(RandomKey.From(run.Seed), chunk, done =>
                {
                    bar.Advance($"{(made + ChunkSize * done / (double)Steps) / clock.Elapsed.TotalSeconds:0.00} networks/s", done - before);
                    before = done;
                }, run.Cancellation);
                made += ChunkSize;
                folder.Write(chunk, Population(spec, zoo, notes));
            }
        }

        if (made > 0) run.Record("networks_per_second", Math.Round(made / clock.Elapsed.TotalSeconds, 3));
        Show(folder, chunks * ChunkSize);
    }

    private static NetworkPopulation Population(WeightSpec spec, ZooChunk zoo, Dictionary<string, string> notes)
    {
        Tensor Numbers(Func<ZooHyperparameters, double> number) => Tensor.From([.. zoo.Hyperparameters.Select(each => (float)number(each))], [zoo.Number.Length]);
        Tensor Codes(Func<ZooHyperparameters, int> code) => Tensor.From([.. zoo.Hyperparameters.Select(code)], [zoo.Number.Length]);
        return new(WeightFeatures.From(spec, zoo.Networks), Parameters.Of(
            ("test_accuracy", Tensor.From(zoo.TestAccuracy)), ("test_loss", Tensor.From(zoo.TestLoss)), ("train_accuracy", Tensor.From(zoo.TrainAccuracy)),
            ("network", Tensor.From(zoo.Number)), ("step", Tensor.From(zoo.Step)),
            ("learning_rate", Numbers(static h => h.LearningRate)), ("penalty", Numbers(static h => h.Penalty)), ("dropout", Numbers(static h => h.Dropout)),
            ("fraction", Numbers(static h => h.Fraction)), ("initial_deviation", Numbers(static h => h.InitialDeviation)),
            ("optimizer", Codes(static h => (int)h.Optimizer)), ("activation", Codes(static h => (int)h.Activation)), ("start", Codes(static h => (int)h.Start))), notes);
    }

    private void Show(PopulationFolder folder, int asked)
    {
        var (all, _) = folder.ReadAll();
        float[] accuracies = [.. all.Columns["test_accuracy"].ToArray<float>()], sorted = [.. accuracies.Order()];
        run.Record("networks", all.Count);
        run.Record("diverged", asked - all.Count);
        run.Record("test_accuracy_median", Math.Round(sorted[sorted.Length / 2], 4));
        run.Record("test_accuracy_best", Math.Round(sorted[^1], 4));
        run.Say($"{all.Count:N0} networks, {asked - all.Count} diverged; test accuracy {sorted[sorted.Length / 10]:p1} (a tenth below), {sorted[sorted.Length / 2]:p1} (half), {sorted[^1]:p1} (best)");
        new Figure("Test accuracies of the zoo", "test accuracy", "networks").Histogram<float>(accuracies, 30).Save(run.Output("zoo.png"));
    }
}
