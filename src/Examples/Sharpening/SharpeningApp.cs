using System.Globalization;

using Noether.Models.Curvature;
using Noether.Models.Sharpening;

namespace Noether.Examples.Sharpening;

/// <summary>The command line: a verb for each claim of the paper.</summary>
internal static class SharpeningApp
{
    public const string Description = "Follows the sharpness of the loss and the Jacobian of the network through training: the edge of stability, label smoothing, weight decay and the generalisation gap.";

    public static void Configure(ExampleApp app)
    {
        AddEdge(app.Verb("edge", "Descends at constant rates until sharpness meets the edge of stability, and follows the Jacobian and the factors of sharpness."));
        AddSmoothing(app.Verb("smoothing", "Descends with smoothed labels."));
        AddDecay(app.Verb("decay", "Descends with weight decay, at each of some rates."));
        AddSweep(app.Verb("sweep", "Trains small networks under six regularisers, and compares Jacobian and sharpness with the generalisation gap."));
        app.Verb("report", "One HTML page of all results and figures in the output folder.").Run(static run => new Report(run).Run());
    }

    private static void AddEdge(ExampleApp verb)
    {
        var settings = AddDescent(verb, "half-squared", steps: 300, every: 20);
        var rates = AddNumbers(verb, "--rates", "0.02,0.05,0.1", "learning rates, each a network", static rate => rate > 0, "numbers above 0");
        var rule = verb.Choice("--rule", "descent", "how steps are made", "descent", "heavy-ball", "nesterov", "sam");
        var momentum = verb.Number("--momentum", 0.9, "of heavy-ball and nesterov", minimum: 0, maximum: 0.999);
        var radius = verb.Number("--radius", 0.05, "of sam", minimum: 0);
        var flow = verb.Number("--flow", 10.0, "the time that gradient flow is followed, which is rate times steps; 0 for none; 4 with --quick", minimum: 0);
        var factors = verb.Number("--factors", 250, "first images whose factors of sharpness are computed; 0 for none; 100 with --quick", minimum: 0);
        verb.Run(run =>
        {
            var how = run.Get(rule);
            new EdgeStudy(run, settings(run))
            {
                Recipes = [.. rates(run).Select(rate => new DescentRecipe(rate)
                {
                    Momentum = how is "heavy-ball" or "nesterov" ? run.Get(momentum) : 0,
                    Nesterov = how == "nesterov",
                    Radius = how == "sam" ? run.Get(radius) : 0,
                })],
                FlowTime = run.Quick ? Math.Min(4, run.Get(flow)) : run.Get(flow),
                FactorImages = run.Quick ? Math.Min(100, run.Get(factors)) : run.Get(factors),
            }.Run();
        });
    }

    private static void AddSmoothing(ExampleApp verb)
    {
        var settings = AddDescent(verb, "cross-entropy", steps: 400, every: 20);
        var rate = verb.Number("--rate", 0.2, "the learning rate", minimum: 1e-9);
        var values = AddNumbers(verb, "--values", "0,0.1,0.5", "smoothings, each a network", static value => value is >= 0 and <= 1, "numbers from 0 to 1");
        verb.Run(run => new VariantStudy(run, "smoothing", settings(run))
        {
            Variants = [.. values(run).Select(value => (Text($"ε = {value}"), new DescentRecipe(run.Get(rate)) { LabelSmoothing = value }))],
            Number = static recipe => recipe.LabelSmoothing,
        }.Run());
    }

    private static void AddDecay(ExampleApp verb)
    {
        var settings = AddDescent(verb, "cross-entropy", steps: 600, every: 30);
        var rates = AddNumbers(verb, "--rates", "0.1", "learning rates", static rate => rate > 0, "numbers above 0");
        var values = AddNumbers(verb, "--values", "0,0.001,0.01,0.03", "weight decays, each a network of each rate", static value => value >= 0, "numbers of at least 0");
        verb.Run(run => new VariantStudy(run, "decay", settings(run))
        {
            Variants = [.. from rate in rates(run) from value in values(run) select (rates(run).Length == 1 ? Text($"γ = {value}") : Text($"η = {rate}, γ = {value}"), new DescentRecipe(rate) { WeightDecay = value })],
            Number = static recipe => recipe.WeightDecay,
        }.Run());
    }

    private static void AddSweep(ExampleApp verb)
    {
        var network = verb.Choice("--network", "cnn", "which network", [.. Networks.ByName.Keys]);
        var images = verb.Number("--images", 1000, "to train with; 300 with --quick", minimum: 2);
        var test = verb.Number("--test-images", 1000, "to measure the gap with; 300 with --quick", minimum: 2);
        var epochs = verb.Number("--epochs", 15, "passes over the images; 8 with --quick", minimum: 1);
        var seeds = verb.Number("--seeds", 3, "starts of each network; 1 with --quick", minimum: 1, maximum: 100);
        var rate = verb.Number("--rate", 0.02, "the learning rate that regularisers are compared at", minimum: 1e-9);
        var batch = verb.Number("--batch", 64, "images a step", minimum: 1, maximum: 4096);
        verb.Run(run => new Sweep(run)
        {
            Network = run.Get(network),
            ImageCount = run.Quick ? Math.Min(300, run.Get(images)) : run.Get(images),
            TestImages = run.Quick ? Math.Min(300, run.Get(test)) : run.Get(test),
            Epochs = run.Quick ? Math.Min(8, run.Get(epochs)) : run.Get(epochs),
            Seeds = run.Quick ? 1 : run.Get(seeds),
            LearningRate = run.Get(rate),
            BatchSize = run.Get(batch),
            Few = run.Quick,
        }.Run());
    }

    // What all verbs that follow full-batch descent take.
    private static Func<ExampleRun, DescentSettings> AddDescent(ExampleApp verb, string loss, int steps, int every)
    {
        const int quickImages = 200, quickSteps = 100;
        var network = verb.Choice("--network", "tanh", "784-200-200-10 with tanh or ReLU, or a small convolutional network", [.. Networks.ByName.Keys]);
        var choice = verb.Choice("--loss", loss, "a mean over images", "half-squared", "cross-entropy");
        var images = verb.Number("--images", 500, $"first images, all of them at every step; {quickImages} with --quick", minimum: 2);
        var test = verb.Number("--test-images", 500, $"last images, to measure with; {quickImages} with --quick", minimum: 2);
        var total = verb.Number("--steps", steps, $"of descent; {quickSteps} with --quick", minimum: 1);
        var between = verb.Number("--every", every, "steps from one measurement to the next", minimum: 1);
        var seeds = verb.Number("--seeds", 3, "starts of each network; 1 with --quick", minimum: 1, maximum: 100);
        return run => new(
            run.Get(network), run.Get(choice) == "half-squared" ? OutputLoss.HalfSquared : OutputLoss.CrossEntropy(),
            run.Quick ? Math.Min(quickImages, run.Get(images)) : run.Get(images), run.Quick ? Math.Min(quickImages, run.Get(test)) : run.Get(test),
            run.Quick ? Math.Min(quickSteps, run.Get(total)) : run.Get(total), run.Get(between), run.Quick ? 1 : run.Get(seeds));
    }

    private static Func<ExampleRun, double[]> AddNumbers(ExampleApp verb, string name, string value, string description, Func<double, bool> isRight, string expected)
    {
        var option = verb.Text(name, "n,n,…", description, value);
        return run =>
        {
            var words = (run.Get(option) ?? value).Split(',', StringSplitOptions.TrimEntries);
            double[] numbers = [.. words.Select(word => double.TryParse(word, CultureInfo.InvariantCulture, out var number) && isRight(number)
                ? number
                : throw new UsageException($"{name} takes {expected}, joined by commas, not '{word}'"))];
            return numbers.Distinct().Count() == numbers.Length ? numbers : throw new UsageException($"{name} names a number twice: {string.Join(',', words)}");
        };
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
