using System.Globalization;

using Noether.Nn;

namespace Noether.Examples.SharpnessAware;

/// <summary>The command line: a verb for each experiment on sharpness-aware minimisation and the rank of features.</summary>
internal static class SharpnessAwareApp
{
    public const string Description = "Trains networks under sharpness-aware minimisation of several radii at once and measures how it lowers the rank of their features.";

    public static void Configure(ExampleApp app)
    {
        AddMechanism(app.Verb("mechanism", "Why ranks fall: a wide network of two layers learns a narrow one, in seconds, beside the paper's numbers."));
        AddRanks(app.Verb("ranks", "A convolutional network: rank and activity of every stage through training, and test error."));
        AddTransformer(app.Verb("vit", "The same for a small vision transformer."));
        AddContrastive(app.Verb("contrastive", "The same for two encoders that match the upper and lower halves of images."));
        app.Verb("report", "One HTML page of all results and figures in the output folder.").Run(static run => new Report(run).Run());
    }

    private static void AddMechanism(ExampleApp verb)
    {
        var activation = verb.Choice("--activation", "relu", "of both networks; sets rate and first weights as the paper does", "relu", "abs", "tanh");
        var penalty = verb.Flag("--penalty", "descends the loss plus rho times its gradient's norm, instead of perturbing");
        var seeds = verb.Number("--seeds", 5, "teachers, each with its points and first weights", minimum: 1, maximum: 100);
        var steps = verb.Number("--steps", 19_953, "of one point each", minimum: 2);
        var radii = AddRadii(verb, "the paper's");
        verb.Run(run => new Mechanism(run)
        {
            ActivationName = run.Get(activation),
            Penalty = run.Get(penalty),
            Seeds = run.Get(seeds),
            Steps = run.Get(steps),
            Radii = Radii(run.Get(radii)),
        }.Run());
    }

    private static void AddRanks(ExampleApp verb)
    {
        var network = verb.Choice("--network", "cnn", "which network", [.. RankNetworks.All.Keys]);
        var setting = verb.Choice(
            "--setting", "full", "of descent: minimal is a rate of 0.05; full is 0.1, divided by 10 at half and at 90 % of the steps, momentum 0.9, weight decay 5e-4", "minimal", "full");
        var probe = AddProbe(verb);
        var read = AddStudy(verb, "0,0.05,0.1,0.2,0.4,0.8", epochs: 25, images: 4000, batch: 128);
        verb.Run(run =>
        {
            var (settings, full) = (read(run), run.Get(setting) == "full");
            new RankStudy(run, RankTasks.Convolutional(run, run.Get(network), settings.Images, run.Get(probe)), settings)
            {
                Method = $"{run.Get(network)}, {run.Get(setting)} setting",
                Optimizer = steps => full
                    ? new Sgd { LearningRate = new MilestoneSchedule(0.1, [steps / 2, steps * 9 / 10]), Momentum = 0.9, WeightDecay = 5e-4 }
                    : new Sgd { LearningRate = 0.05 },
            }.Run();
        });
    }

    private static void AddTransformer(ExampleApp verb)
    {
        var (features, depth) = (AddFeatures(verb), AddDepth(verb, 3));
        var rate = verb.Number("--learning-rate", 0.001, "of AdamW, the first one; it falls along a cosine", minimum: 0);
        var probe = AddProbe(verb);
        var read = AddStudy(verb, "0,0.05,0.1,0.2,0.4,0.8", epochs: 25, images: 4000, batch: 128);
        verb.Run(run =>
        {
            var settings = read(run);
            new RankStudy(run, RankTasks.Attention(run, run.Get(features), run.Get(depth), settings.Images, run.Get(probe)), settings)
            {
                Method = string.Create(CultureInfo.InvariantCulture, $"{run.Get(depth)} blocks of {run.Get(features)} features, AdamW from {run.Get(rate)}"),
                Optimizer = steps => new AdamW { LearningRate = new CosineSchedule(run.Get(rate), steps) },
            }.Run();
        });
    }

    private static void AddContrastive(ExampleApp verb)
    {
        var (features, depth) = (AddFeatures(verb), AddDepth(verb, 2));
        var rate = verb.Number("--learning-rate", 0.001, "of AdamW, the first one; it falls along a cosine", minimum: 0);
        var read = AddStudy(verb, "0,0.1,0.2,0.4,0.8", epochs: 25, images: 4000, batch: 128);
        verb.Run(run =>
        {
            var settings = read(run);
            new RankStudy(run, RankTasks.Contrastive(run, run.Get(features), run.Get(depth), settings.Images), settings)
            {
                Method = string.Create(CultureInfo.InvariantCulture, $"{run.Get(depth)} blocks of {run.Get(features)} features, AdamW from {run.Get(rate)}"),
                Optimizer = steps => new AdamW { LearningRate = new CosineSchedule(run.Get(rate), steps) },
            }.Run();
        });
    }

    private static Setting<int> AddFeatures(ExampleApp verb) => verb.Number("--features", 32, "of each position, a multiple of 4", minimum: 4, maximum: 1024);

    private static Setting<int> AddDepth(ExampleApp verb, int value) => verb.Number("--depth", value, "blocks", minimum: 1, maximum: 24);

    private static Setting<string?> AddProbe(ExampleApp verb) =>
        verb.Text("--probe", "dir", "images that classifiers on the features learn and are tested on: another folder of IDX files", "the data themselves");

    private static Setting<string?> AddRadii(ExampleApp verb, string defaults) => verb.Text("--radii", "list", "rho of each network, separated by commas", defaults);

    // What all studies take, as a function of the run.
    private static Func<ExampleRun, StudySettings> AddStudy(ExampleApp verb, string radii, int epochs, int images, int batch)
    {
        const int quickEpochs = 3, quickImages = 768, quickMeasured = 200;
        const string quickRadii = "0,0.2,0.8";
        var list = AddRadii(verb, $"{radii}; {quickRadii} with --quick");
        var seeds = verb.Number("--seeds", 1, "first weights and orders of the images, one after the other; tables and figures then show mean and standard deviation", minimum: 1, maximum: 100);
        var passes = verb.Number("--epochs", epochs, $"passes over the images; {quickEpochs} with --quick", minimum: 1);
        var count = verb.Number("--images", images, $"to learn from, the first ones; {quickImages} with --quick", minimum: 2);
        var size = verb.Number("--batch", batch, "images a step", minimum: 2, maximum: 4096);
        var measured = verb.Number("--measured", 1000, $"training images whose features are measured: ranks are at most that; {quickMeasured} with --quick", minimum: 2);
        return run => new(
            Radii(run.Get(list)) ?? Radii(run.Quick ? quickRadii : radii)!, run.Get(seeds), run.Quick ? Math.Min(quickEpochs, run.Get(passes)) : run.Get(passes),
            run.Quick ? Math.Min(quickImages, run.Get(count)) : run.Get(count), run.Get(size), run.Quick ? Math.Min(quickMeasured, run.Get(measured)) : run.Get(measured));
    }

    private static double[]? Radii(string? list)
    {
        if (list is null) return null;
        double[] radii = [.. list.Split(',').Select(static word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var radius) && radius is >= 0 and < double.PositiveInfinity
            ? radius
            : throw new UsageException($"--radii takes numbers of at least 0 separated by commas, not '{word.Trim()}'"))];
        return radii.Distinct().Count() == radii.Length ? [.. radii.Order()] : throw new UsageException($"--radii {list} names a radius twice");
    }
}
