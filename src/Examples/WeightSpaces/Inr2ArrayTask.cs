using Noether.Models.WeightSpaces;
using Noether.Nn;
using Noether.Plots;

namespace Noether.Examples.WeightSpaces;

/// <summary>Learns arrays that stand for sinusoidal networks (INR2ARRAY), and classifies the arrays.</summary>
internal sealed class Inr2ArrayTask(ExampleRun run, StudySettings settings)
{
    private const int Side = ImageData.Side, Pixels = Side * Side, Shown = 16, Latents = 16, EncodingBatch = 64;

    public required int ClassifierEpochs { get; init; }

    /// <summary>Whether the true images are to be drawn, instead of what the networks themselves draw.</summary>
    public required bool TrueImages { get; init; }

    public void Run()
    {
        var sirens = PopulationReading.ReadSirens(run, settings.SkipBroken);
        var data = TrueImages ? ImageData.Load(run.Data) : null;
        var (train, validation, test) = SirenSplit.Of(run, sirens);
        run.Say($"{sirens.Count:N0} networks {sirens.Spec} of {sirens.Notes["images"]}: {train.Count:N0} to train with, {validation.Count:N0} to choose the epoch by, {test.Count:N0} to test with");

        var model = new Inr2Array(
            new Inr2ArrayEncoder(sirens.Spec, settings.Channels, Heads: 4, Blocks: 2, Latents, settings.Channels) { Expansion = 2 }, new SitzmannDecoder(sirens.Spec, settings.Channels) { Hidden = settings.Channels }, Side, Side);
        var targets = Targets(data, test);
        Dataset Images(NetworkPopulation part) => Dataset.Of(part.Networks.ToVectors(), Targets(data, part));
        var autoencoder = new Study(run, "inr2array")
        {
            Epochs = settings.Epochs,
            BatchSize = Math.Min(settings.BatchSize, train.Count),
            Seeds = 1,
            Train = Images(train),
            Validation = Images(validation),
            Test = Dataset.Of(test.Networks.ToVectors(), targets),
            Loss = static (y, t) => Loss.MeanSquared(y, t),
            Score = Scores.OfImages,
        };
        var wanted = targets.ToArray<float>();
        autoencoder.Run([new("INR2ARRAY", new VectorNetworks(sirens.Spec, model), 1e-3)], (_, outputs) =>
        {
            var drawn = outputs.ToArray<float>();
            var grid = new ImageGrid("Images, and what is drawn from the arrays of their networks");
            for (var i = 0; i < Math.Min(Shown, drawn.Length / Pixels); i++)
            {
                grid = grid.Add(Raster.Gray(wanted.AsSpan(i * Pixels, Pixels), Side, Side, -1, 1), "target")
                    .Add(Raster.Gray(drawn.AsSpan(i * Pixels, Pixels), Side, Side, -1, 1), "drawn");
            }

            grid.Save(run.Output("inr2array.png"));
        });

        var best = autoencoder.Best("INR2ARRAY", new VectorNetworks(sirens.Spec, model));
        Dataset Arrays(NetworkPopulation part) => Dataset.Of(Encode(model, best, part), part.Columns["label"]);
        var testArrays = Arrays(test);
        DrawMap(testArrays);
        var classifier = new Study(run, "inr2array-classify")
        {
            Epochs = ClassifierEpochs,
            BatchSize = Math.Min(settings.BatchSize, train.Count),
            Seeds = settings.Seeds,
            Train = Arrays(train),
            Validation = Arrays(validation),
            Test = testArrays,
            Loss = static (y, t) => Loss.CrossEntropy(y, t),
            Score = Scores.OfClasses,
        };
        classifier.Run(
            [new("transformer on arrays", new ArrayClassifier(Latents, settings.Channels, ImageData.Classes) { Features = 128, Hidden = 256, Blocks = 4, MeanOfTokens = true }, 1e-3)], static (_, _) => { });
    }

    private static Tensor Targets(ImageData? data, NetworkPopulation part)
    {
        var targets = data is null
            ? new SirenRenderer(Side, Side).Render(part.Networks)
            : data.Examples.Take(part.Columns["image_index"].ToArray<int>()).All().Input * 2 - 1;
        Tensor.Evaluate(targets);
        return targets;
    }

    private static Tensor Encode(Inr2Array model, TrainingState state, NetworkPopulation part)
    {
        var encode = Transform.Compile((Tensor[] a) => [model.Encode(
            state.Parameters.WithLeaves(a[..state.Parameters.Count]), WeightFeatures.FromVectors(part.Spec, a[^1]), Context.ForInference(state.State.WithLeaves(a[state.Parameters.Count..^1])))]);
        var arrays = Tensor.Concatenate(0, [.. Dataset.Of(part.Networks.ToVectors()).Batches(EncodingBatch)
            .Select(batch => encode([.. state.Parameters.Leaves, .. state.State.Leaves, batch.Input])[0])]);
        Tensor.Evaluate(arrays);
        return arrays;
    }

    // The arrays along their two axes of largest variance, coloured by what the images show.
    private void DrawMap(Dataset arrays)
    {
        var all = arrays.All(Device.Host);
        var flat = all.Input.Reshape(all.Size, -1);
        var (left, values, _) = LinearAlgebra.Svd(flat - flat.Mean(0, keepAxis: true));
        var places = (left.Narrow(1, 0, 2) * values.Narrow(0, 0, 2)).ToArray<float>();
        var labels = all.Target.ToArray<int>();
        var figure = new Figure("Arrays of test networks along their principal axes", "first", "second");
        for (var label = 0; label < ImageData.Classes; label++)
        {
            int[] own = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == label)];
            if (own.Length > 0) figure = figure.Scatter<float, float>([.. own.Select(i => places[2 * i])], [.. own.Select(i => places[2 * i + 1])], $"{label}");
        }

        figure.Save(run.Output("inr2array-map.png"));
    }
}
