using Noether.Models.WeightSpaces;
using Noether.Nn;
using Noether.Plots;

namespace Noether.Examples.WeightSpaces;

/// <summary>Changes the weights of sinusoidal networks so that their images change.</summary>
internal sealed class Edit(ExampleRun run, StudySettings settings)
{
    private const int Side = ImageData.Side, Pixels = Side * Side, Shown = 10;

    public required string Change { get; init; }

    public void Run()
    {
        var sirens = PopulationReading.ReadSirens(run, settings.SkipBroken);
        var data = ImageData.Load(run.Data);
        if (data.Name != sirens.Notes["images"]) throw new UsageException($"the networks are of images of {sirens.Notes["images"]}, --data gives those of {data.Name}");
        var (train, validation, test) = SirenSplit.Of(run, sirens);
        run.Say($"{sirens.Count:N0} networks {sirens.Spec} of {data.Name}, to {Change}: {train.Count:N0} to train with, {validation.Count:N0} to choose the epoch by, {test.Count:N0} to test with");

        var targets = Targets(data, test);
        var unchanged = Images(test.Networks);
        var untouched = Loss.MeanSquared(unchanged, targets).Item();
        run.Record("error_unedited", Math.Round(untouched, 5));
        run.Say($"mean squared error of the networks as they are: {untouched:0.0000}");
        var study = new Study(run, $"edit-{Change}")
        {
            Epochs = settings.Epochs,
            BatchSize = Math.Min(settings.BatchSize, train.Count),
            Seeds = settings.Seeds,
            Train = Dataset.Of(train.Networks.ToVectors(), Targets(data, train)),
            Validation = Dataset.Of(validation.Networks.ToVectors(), Targets(data, validation)),
            Test = Dataset.Of(test.Networks.ToVectors(), targets),
            Loss = static (y, t) => Loss.MeanSquared(y, t),
            Score = Scores.OfImages,
        };

        var grid = new ImageGrid($"{Change}: networks as they are, targets, and what the models make of the weights", Shown);
        var (before, wanted) = (unchanged.ToArray<float>(), targets.ToArray<float>());
        grid = Row(Row(grid, before, "as it is"), wanted, "target");
        study.Run(Contestants(sirens.Spec), (contestant, outputs) => grid = Row(grid, outputs.ToArray<float>(), contestant.Name));
        grid.Save(run.Output($"edit-{Change}.png"));
    }

    private static ImageGrid Row(ImageGrid grid, float[] images, string caption)
    {
        for (var i = 0; i < Math.Min(Shown, images.Length / Pixels); i++) grid = grid.Add(Raster.Gray(images.AsSpan(i * Pixels, Pixels), Side, Side, -1, 1), caption);
        return grid;
    }

    private static Tensor Images(WeightFeatures networks)
    {
        var images = new SirenRenderer(Side, Side).Render(networks);
        Tensor.Evaluate(images);
        return images;
    }

    // The changed images of the data, not what the networks show of them.
    private Tensor Targets(ImageData data, NetworkPopulation part)
    {
        var targets = ImageEdits.Apply(Change, data.Examples.Take(part.Columns["image_index"].ToArray<int>()).All().Input * 2 - 1);
        Tensor.Evaluate(targets);
        return targets;
    }

    private Contestant[] Contestants(WeightSpec spec)
    {
        var renderer = new SirenRenderer(Side, Side);
        Module OnVectors(WeightModule model) => new VectorNetworks(spec, new RenderedNetworks(model, renderer));
        WeightLayer[] fourier = [new GaussianFourier(spec, 1, settings.Channels / 2) { Scale = 3 }];
        WeightLayer[] positions = [.. fourier, new IoSinusoidal(spec, settings.Channels / 2 * 2, 3) { MaxFrequency = 3, EncodesLayers = false }];
        const int layers = 3;
        return
        [
            new("pointwise", OnVectors(new EditNet(spec, settings.Channels, layers) { Encodings = positions, Layer = (i, o) => new Pointwise(spec, i, o) }), 2e-3),
            new("NFN NP", OnVectors(new EditNet(spec, settings.Channels, layers) { Encodings = positions, Layer = (i, o) => new NpLinear(spec, i, o) }), 2e-3),
            new("NFN HNP", OnVectors(new EditNet(spec, settings.Channels, layers) { Encodings = fourier }), 2e-3),
            new("NFT", OnVectors(new EditNet(spec, settings.Channels, layers) { Encodings = positions, Layer = (i, o) => i == o ? new NftBlock(spec, i, 4) { Expansion = 2 } : new Pointwise(spec, i, o) }), 2e-3),
        ];
    }
}
