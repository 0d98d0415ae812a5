using Noether.Models.WeightSpaces;
using Noether.Nn;
using Noether.Plots;

namespace Noether.Examples.WeightSpaces;

/// <summary>Learns to draw masks for initial weights, so that the sparse networks train well.</summary>
internal sealed class WinningTickets(ExampleRun run)
{
    private const int ChunkSize = 32, TestImages = 1_000, Side = 14, Latents = 8;

    /// <summary>The classifiers' sizes: images pooled to 14 x 14, one hidden layer.</summary>
    private static readonly WeightSpec Spec = new(Side * Side, 32, ImageData.Classes);

    /// <summary>Networks that masks are learned from.</summary>
    public required int Networks { get; init; }

    /// <summary>Steps that each classifier trains.</summary>
    public required int Steps { get; init; }

    public required int Epochs { get; init; }

    public required int Channels { get; init; }

    /// <summary>The part of the weights that stays.</summary>
    public required double Density { get; init; }

    public void Run()
    {
        var data = ImageData.Load(run.Data);
        var all = data.Examples.All();
        var images = all.Input.AveragePool([2, 2], [2, 2]).Reshape(all.Size, Side * Side);
        var training = all.Size - TestImages;
        Tensor.Evaluate(images);
        var ticket = new LotteryTicket(Spec, images.Narrow(0, 0, training), all.Target.Narrow(0, 0, training));
        var key = RandomKey.From(run.Seed);
        float[] Accuracy(Tensor networks) => ticket.Accuracy(networks, images.Narrow(0, training, TestImages), all.Target.Narrow(0, training, TestImages));
        run.Say($"masks that keep {Density:p0} of the weights of networks {Spec} on {training:N0} images of {data.Name}, on {run.Device}");

        var (initial, masks) = Teach(ticket, key.Fold(0));
        var normalization = WeightNormalization.Of(WeightFeatures.FromVectors(Spec, initial), hiddenOnly: true);
        MaskAutoencoder Model(Func<int, int, WeightLayer> layer) => new(Spec, Channels, Latents) { Normalization = normalization, Layer = layer };
        (string Name, MaskAutoencoder Model)[] models =
        [
            ("pointwise", Model(static (i, o) => new Pointwise(Spec, i, o))),
            ("NFN NP", Model(static (i, o) => new NpLinear(Spec, i, o))),
        ];
        var trained = models.Select(each => (each.Name, each.Model, State: Fit(each.Name, each.Model, initial, masks))).ToArray();

        // Networks that nobody has seen, under masks of every kind.
        var fresh = LotteryTicket.Start(Spec, ChunkSize, key.Fold(1));
        var everything = fresh.OnesLike();
        var outcomes = new List<Outcome>();
        using (var bar = run.Progress("testing masks", (long)(3 + trained.Length) * Steps))
        {
            Tensor Train(Tensor mask)
            {
                var before = 0;
                return ticket.Train(fresh, mask, Steps, key.Fold(2), done =>
                {
                    bar.Advance(steps: done - before);
                    before = done;
                }, run.Cancellation);
            }

            var dense = Train(everything);
            Add("dense", 0, Accuracy(dense));
            Add("magnitude pruning", 0, Accuracy(Train(LotteryTicket.KeepLargest(WeightFeatures.FromVectors(Spec, dense), Density))));
            Add("random mask", 0, Accuracy(Train(LotteryTicket.KeepLargest(WeightFeatures.FromVectors(Spec, key.Fold(3).Uniform([ChunkSize, Spec.Parameters])), Density))));
            foreach (var (name, model, state) in trained)
                Add(name, state.Parameters.Size, Accuracy(Train(model.Draw(state.Parameters, state.State, fresh, Density, key.Fold(4)))));
        }

        run.Table(["mask", "parameters", "test accuracy"], outcomes.Select(static each => (string[])[each.Model, $"{each.Parameters:n0}", $"{each.Scores["accuracy"]:p2}"]));
        run.Record("winning_tickets", outcomes);
        var folder = Path.Combine(run.Out, "winning-tickets");
        Directory.CreateDirectory(folder);
        Figures.Write(Path.Combine(folder, "results.json"), outcomes);
        DrawMasks(trained[^1].Model, trained[^1].State, fresh, masks);

        void Add(string name, long parameters, float[] accuracies) =>
            outcomes.Add(new(name, run.Seed, parameters, 0, 0, new() { ["accuracy"] = accuracies.Average() }, 0));
    }

    // Trains dense networks and keeps their largest weights: initial weights and masks to learn from.
    private (Tensor Initial, Tensor Masks) Teach(LotteryTicket ticket, RandomKey key)
    {
        var chunks = (Networks + ChunkSize - 1) / ChunkSize;
        var (initial, masks) = (new List<Tensor>(), new List<Tensor>());
        using var bar = run.Progress("training dense networks", (long)chunks * Steps);
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var start = LotteryTicket.Start(Spec, ChunkSize, key.Fold(chunk).Fold(0));
            var before = 0;
            var dense = ticket.Train(start, start.OnesLike(), Steps, key.Fold(chunk).Fold(1), done =>
            {
                bar.Advance(steps: done - before);
                before = done;
            }, run.Cancellation);
            initial.Add(start);
            masks.Add(LotteryTicket.KeepLargest(WeightFeatures.FromVectors(Spec, dense), Density));
            Tensor.Evaluate(masks[^1]);
        }

        return (Tensor.Concatenate(0, [.. initial]), Tensor.Concatenate(0, [.. masks]));
    }

    private TrainingState Fit(string name, MaskAutoencoder model, Tensor initial, Tensor masks)
    {
        var data = Dataset.Of(Tensor.Stack(1, initial, masks), Tensor.Zeros([initial.Shape[0]]));
        var batch = Math.Min(16, data.Count);
        var steps = Epochs * data.BatchCount(batch, dropLast: true);
        var trainer = new Trainer(model, static (bound, _) => bound.Mean(), new Adam { LearningRate = new CosineSchedule(2e-3, steps) }) { ClipNorm = 1 };
        using var bar = run.Progress($"learning masks, {name}", steps);
        return trainer.Fit(trainer.Init(RandomKey.From(run.Seed)), data, new() { BatchSize = batch, Epochs = Epochs, Progress = step => bar.Advance($"bound {step.Loss:0.0000}") }, run.Cancellation);
    }

    // Which pixels the first layer still sees: sums of masks over its neurons.
    private void DrawMasks(MaskAutoencoder model, TrainingState state, Tensor fresh, Tensor taught)
    {
        float[] Seen(Tensor masks) => WeightFeatures.FromVectors(Spec, masks).Weights[0].Mean([0, 1, 2]).ToArray<float>();
        var grid = new ImageGrid("The part of the weights from each pixel that stays", 2);
        foreach (var (seen, caption) in (ReadOnlySpan<(float[], string)>)[(Seen(taught), "magnitude pruning"), (Seen(model.Draw(state.Parameters, state.State, fresh, Density, RandomKey.From(run.Seed))), "drawn")])
            grid = grid.Add(Raster.Gray<float>(seen, Side, Side, 0, Math.Max(1e-6, seen.Max())), caption);
        grid.Save(run.Output("winning-tickets.png"));
    }
}
