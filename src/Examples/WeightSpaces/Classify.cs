using Noether.Models.WeightSpaces;
using Noether.Nn;
using Noether.Plots;

namespace Noether.Examples.WeightSpaces;

/// <summary>Tells from the weights of a sinusoidal network what its image shows.</summary>
internal sealed class Classify(ExampleRun run, StudySettings settings)
{
    // Of weights whose deviation is 1: learned from in fewer steps than raw weights with the paper's scale of 3.
    private const double FourierScale = 0.3;

    /// <summary>Whether equivariant models do not see the signs of neurons.</summary>
    public required bool ScaleSymmetry { get; init; }

    public void Run()
    {
        var sirens = PopulationReading.ReadSirens(run, settings.SkipBroken);
        var (train, validation, test) = SirenSplit.Of(run, sirens);
        run.Say($"{sirens.Count:N0} networks {sirens.Spec} of {sirens.Notes["images"]}, {sirens.Notes["views"]} of each image: {train.Count:N0} to train with, {validation.Count:N0} to choose the epoch by, {test.Count:N0} to test with");

        var study = new Study(run, "classify")
        {
            Epochs = settings.Epochs,
            BatchSize = Math.Min(settings.BatchSize, train.Count),
            Seeds = settings.Seeds,
            Settings = [("scale_symmetry", ScaleSymmetry)],
            Train = train.ToDataset("label"),
            Validation = validation.ToDataset("label"),
            Test = test.ToDataset("label"),
            Loss = static (y, t) => Loss.CrossEntropy(y, t),
            Score = Scores.OfClasses,
        };
        var truth = test.Columns["label"].ToArray<int>();
        var panels = new Panels(2);
        study.Run(Contestants(sirens.Spec, train.Networks), (contestant, outputs) =>
        {
            var counts = new int[ImageData.Classes * ImageData.Classes];
            foreach (var (label, read) in truth.Zip(outputs.ArgMax(1).ToArray<int>())) counts[label * ImageData.Classes + read]++;
            panels = panels.Add(Figure.ConfusionMatrix(counts, [.. Enumerable.Range(0, ImageData.Classes).Select(static c => $"{c}")]) with { Title = contestant.Name });
        });
        panels.Save(run.Output("classify.png"));
    }

    private Contestant[] Contestants(WeightSpec spec, WeightFeatures training)
    {
        int[] hidden = [settings.Channels, settings.Channels, settings.Channels];
        const int width = 256;
        const ScaleSymmetry signs = Models.WeightSpaces.ScaleSymmetry.Sign;
        var normalization = WeightNormalization.Of(ScaleSymmetry ? WeightTransforms.NormalizeScales(training, signs) : training);
        Module OnVectors(WeightModule<Tensor> model) => new VectorNetworks(spec, model);
        Module Equivariant(WeightModule<Tensor> model) => OnVectors(ScaleSymmetry ? new ScaleInvariant(signs, model) : model);
        WeightModule<Tensor> Head(int channels) => new MlpHead(spec, channels, ImageData.Classes) { Hidden = width, Dropout = 0.1 };
        WeightLayer[] Encodings(bool positions) =>
            [new GaussianFourier(spec, 1, settings.Channels / 2) { Scale = FourierScale }, .. positions ? [new IoSinusoidal(spec, settings.Channels / 2 * 2, 3) { MaxFrequency = 3, EncodesLayers = false }] : Array.Empty<WeightLayer>()];
        return
        [
            new("MLP", OnVectors(new FlatMlp(spec, ImageData.Classes) { Hidden = width }), 1e-3),
            new("NFN NP", Equivariant(new InvariantNfn(spec, hidden) { Normalization = normalization, Encodings = Encodings(true), Layer = (i, o) => new NpLinear(spec, i, o), Head = Head, FeatureDropout = 0.1 }), 2e-3),
            new("NFN HNP", Equivariant(new InvariantNfn(spec, hidden) { Normalization = normalization, Encodings = Encodings(false), Head = Head, FeatureDropout = 0.1 }), 2e-3),
            new("NFT", Equivariant(new InvariantNft(spec, settings.Channels, 4, 2) { Normalization = normalization, Encodings = [new IoSinusoidal(spec, 1, 3) { MaxFrequency = 3 }], Head = Head, Dropout = 0.1 }), 2e-3),
        ];
    }
}
