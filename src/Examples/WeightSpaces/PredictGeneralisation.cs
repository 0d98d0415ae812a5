using Noether.Models.Statistics;
using Noether.Models.WeightSpaces;
using Noether.Nn;
using Noether.Plots;

namespace Noether.Examples.WeightSpaces;

/// <summary>Predicts a network's test accuracy from its weights.</summary>
internal sealed class PredictGeneralisation(ExampleRun run, StudySettings settings)
{
    /// <summary>Whose networks are looked at; null: all.</summary>
    public required ZooActivation? Activation { get; init; }

    /// <summary>Whether equivariant models do not see the scales, or signs, of neurons that the activation lets through.</summary>
    public required bool ScaleSymmetry { get; init; }

    private ScaleSymmetry? Symmetry => (ScaleSymmetry, Activation) switch
    {
        (false, _) => null,
        (true, ZooActivation.Relu) => Models.WeightSpaces.ScaleSymmetry.Positive,
        (true, ZooActivation.Tanh) => Models.WeightSpaces.ScaleSymmetry.Sign,
        _ => throw new UsageException("--scale-symmetry differs between activations: choose one with --activation relu or --activation tanh"),
    };

    public void Run()
    {
        var symmetry = Symmetry;
        var zoo = PopulationReading.Read(run, MakeZoo.Folder(run), settings.SkipBroken, "make-zoo");
        if (Activation is { } activation) zoo = zoo.Take([.. zoo.Columns["activation"].ToArray<int>().Index().Where(each => each.Item == (int)activation).Select(static each => each.Index)]);
        var (train, validation, test) = Split(zoo);
        run.Say($"{zoo.Count:N0} networks {zoo.Spec}: {train.Count:N0} to train with, {validation.Count:N0} to choose the epoch by, {test.Count:N0} to test with");

        var study = new Study(run, "predict-generalisation")
        {
            Epochs = settings.Epochs,
            BatchSize = Math.Min(settings.BatchSize, train.Count),
            Seeds = settings.Seeds,
            Settings = [("activation", Activation?.ToString() ?? "all"), ("scale_symmetry", symmetry is not null)],
            Train = train.ToDataset("test_accuracy"),
            Validation = validation.ToDataset("test_accuracy"),
            Test = test.ToDataset("test_accuracy"),
            Loss = static (y, t) => Loss.BinaryCrossEntropy(y.Squeeze(-1), t),
            Score = static (y, t) =>
            {
                var (truth, predicted) = (t.ToArray<double>(), y.Squeeze(-1).Sigmoid().ToArray<double>());
                return new() { ["tau"] = Agreement.KendallTau(truth, predicted), ["r_squared"] = Agreement.Determination(truth, predicted) };
            },
        };
        var panels = new Panels(3);
        var accuracies = test.Columns["test_accuracy"].ToArray<double>();
        study.Run(Contestants(zoo.Spec, train.Networks, symmetry), (contestant, outputs) =>
        {
            var predicted = outputs.Squeeze(-1).Sigmoid().ToArray<double>();
            panels = panels.Add(new Figure($"{contestant.Name}: τ = {Agreement.KendallTau(accuracies, predicted):0.000}", "test accuracy", "predicted") { XRange = (0, 1), YRange = (0, 1) }
                .Scatter<double, double>(accuracies, predicted).Line<double, double>([0, 1], [0, 1], dashed: true));
        });
        panels.Save(run.Output("predict-generalisation.png"));
        TellTrivial(test);
    }

    // How far numbers that need no learning come.
    private void TellTrivial(NetworkPopulation test)
    {
        var truth = test.Columns["test_accuracy"].ToArray<double>();
        var norms = test.Networks.ToVectors().Square().Sum(1).ToArray<double>();
        var byRate = Agreement.KendallTau(truth, test.Columns["learning_rate"].ToArray<double>());
        var byNorm = Agreement.KendallTau(truth, norms);
        run.Record("tau_of_learning_rate", Math.Round(byRate, 4));
        run.Record("tau_of_weight_norm", Math.Round(byNorm, 4));
        run.Say($"for comparison: τ of the learning rate {byRate:0.000}, of the norm of the weights {byNorm:0.000}");
    }

    private Contestant[] Contestants(WeightSpec spec, WeightFeatures training, ScaleSymmetry? symmetry)
    {
        int[] hidden = [settings.Channels, settings.Channels, 5];
        const int width = 256;
        var normalization = WeightNormalization.Of(symmetry is { } known ? WeightTransforms.NormalizeScales(training, known) : training);
        Module OnVectors(WeightModule<Tensor> model) => new VectorNetworks(spec, model);
        Module Equivariant(WeightModule<Tensor> model) => OnVectors(symmetry is { } known ? new ScaleInvariant(known, model) : model);
        WeightModule<Tensor> Head(int channels) => new MlpHead(spec, channels) { Hidden = width };
        return
        [
            new("StatNet", OnVectors(new StatNet(spec) { Hidden = width }), 1e-3),
            new("MLP", OnVectors(new FlatMlp(spec, 1) { Hidden = width }), 1e-3),
            new("NFN NP", Equivariant(new InvariantNfn(spec, hidden) { Normalization = normalization, Layer = (i, o) => new NpLinear(spec, i, o) { InputOutputEmbeddings = true }, Head = Head }), 2e-3),
            new("NFN HNP", Equivariant(new InvariantNfn(spec, hidden) { Normalization = normalization, Head = Head }), 2e-3),
            new("NFT", Equivariant(new InvariantNft(spec, settings.Channels, 4, 2) { Normalization = normalization, Encodings = [new IoSinusoidal(spec, 1, 3)], Shared = false, Head = Head }), 2e-3),
        ];
    }

    // By network, so that check-points of one run are never on both sides: half to test, a fifth of the others to choose by.
    private (NetworkPopulation Train, NetworkPopulation Validation, NetworkPopulation Test) Split(NetworkPopulation zoo)
    {
        var numbers = zoo.Columns["network"].ToArray<int>();
        var order = RandomKey.From(run.Seed, Device.Host).Permutation(numbers.Max() + 1).ToArray<int>();
        int[] Where(Func<int, bool> isMember) => [.. Enumerable.Range(0, numbers.Length).Where(i => isMember(order[numbers[i]]))];
        var (half, fifth) = (order.Length / 2, order.Length / 2 + order.Length / 10);
        return (zoo.Take(Where(place => place >= fifth)), zoo.Take(Where(place => place >= half && place < fifth)), zoo.Take(Where(place => place < half)));
    }
}
