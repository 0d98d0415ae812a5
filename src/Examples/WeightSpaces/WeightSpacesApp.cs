using Noether.Models.WeightSpaces;

namespace Noether.Examples.WeightSpaces;

/// <summary>The command line: a verb for each data set and each task of the papers.</summary>
internal static class WeightSpacesApp
{
    public const string Description = "Networks as data: makes populations of small networks, and trains networks that are equivariant to permutations of neurons on their weights.";

    public static void Configure(ExampleApp app)
    {
        AddZoo(app.Verb("make-zoo", "Trains many small convolutional networks with drawn hyper-parameters."));
        AddSirens(app.Verb("make-sirens", "Fits a network of sines to each of many images."));
        AddPrediction(app.Verb("predict-generalisation", "Predicts the test accuracy of the zoo's networks from their weights."));
        AddClassification(app.Verb("classify", "Tells from a sinusoidal network's weights what its image shows."));
        AddEditing(app.Verb("edit", "Changes the weights of sinusoidal networks so that their images change."));
        AddArrays(app.Verb("inr2array", "Learns arrays that stand for sinusoidal networks, and classifies those."));
        AddTickets(app.Verb("winning-tickets", "Learns to draw masks for initial weights, so that sparse networks train well."));
        app.Verb("report", "One HTML page of all results and figures in the output folder.").Run(static run => new Report(run).Run());
    }

    private static void AddZoo(ExampleApp verb)
    {
        var networks = verb.Number("--networks", 3072, "how many; 96 with --quick", minimum: 32);
        var channels = verb.Number("--channels", 8, "of each convolution; 16 in the Small CNN Zoo", minimum: 1, maximum: 64);
        var steps = verb.Number("--steps", 600, "of each network; 100 with --quick", minimum: 1);
        var batch = verb.Number("--batch", 64, "images a step", minimum: 1, maximum: 1024);
        verb.Run(run => new MakeZoo(run)
        {
            Networks = run.Quick ? Math.Min(96, run.Get(networks)) : run.Get(networks),
            Channels = run.Get(channels),
            Steps = run.Quick ? Math.Min(100, run.Get(steps)) : run.Get(steps),
            BatchSize = run.Get(batch),
        }.Run());
    }

    private static void AddSirens(ExampleApp verb)
    {
        var count = verb.Number("--images", 10_000, "how many, from the first on; 512 with --quick", minimum: 1);
        var views = verb.Number("--views", 1, "networks of each image, from other starts", minimum: 1, maximum: 100);
        var steps = verb.Number("--steps", 200, "of Adam for each network; 100 with --quick", minimum: 1);
        var rate = verb.Number("--learning-rate", 0.005, "the first one; it falls along a cosine", minimum: 0);
        var stop = verb.Number("--stop-at", 60.0, "peak signal-to-noise ratio in dB at which a network is done", minimum: 1);
        verb.Run(run => new MakeSirens(run)
        {
            Count = run.Quick ? Math.Min(512, run.Get(count)) : run.Get(count),
            Views = run.Get(views),
            Steps = run.Quick ? Math.Min(100, run.Get(steps)) : run.Get(steps),
            LearningRate = run.Get(rate),
            StopAt = run.Get(stop),
        }.Run());
    }

    private static void AddPrediction(ExampleApp verb)
    {
        var settings = AddTraining(verb, epochs: 50, quickEpochs: 10, batch: 8);
        var channels = verb.Number("--hidden", 16, "channels of the equivariant layers, a multiple of 4; 32 in the larger form", minimum: 4);
        var activation = verb.Choice("--activation", "all", "whose networks are looked at", "all", "relu", "tanh");
        var symmetry = verb.Flag("--scale-symmetry", "hides from the equivariant models what the activation lets through: scales (relu) or signs (tanh) of neurons");
        verb.Run(run => new PredictGeneralisation(run, settings(run, run.Get(channels)))
        {
            Activation = run.Get(activation) switch { "relu" => ZooActivation.Relu, "tanh" => ZooActivation.Tanh, _ => null },
            ScaleSymmetry = run.Get(symmetry),
        }.Run());
    }

    private static void AddClassification(ExampleApp verb)
    {
        var settings = AddTraining(verb, epochs: 20, quickEpochs: 5, batch: 32);
        var channels = AddHidden(verb, 64, "channels of the equivariant layers");
        var symmetry = verb.Flag("--scale-symmetry", "hides the signs of neurons from the equivariant models");
        verb.Run(run => new Classify(run, settings(run, channels(run))) { ScaleSymmetry = run.Get(symmetry) }.Run());
    }

    private static void AddEditing(ExampleApp verb)
    {
        var change = verb.Choice("--change", "dilate", "what becomes of the images", ImageEdits.Names);
        var settings = AddTraining(verb, epochs: 20, quickEpochs: 3, batch: 32);
        var channels = AddHidden(verb, 32, "channels of the equivariant layers");
        verb.Run(run => new Edit(run, settings(run, channels(run))) { Change = run.Get(change) }.Run());
    }

    private static void AddArrays(ExampleApp verb)
    {
        var settings = AddTraining(verb, epochs: 20, quickEpochs: 2, batch: 32);
        var classifierEpochs = verb.Number("--classifier-epochs", 30, "passes over the arrays; 5 with --quick", minimum: 1);
        var channels = AddHidden(verb, 64, "features of entries and arrays");
        var images = verb.Flag("--true-images", "draws the images of the data, instead of what the networks show of them");
        verb.Run(run => new Inr2ArrayTask(run, settings(run, channels(run)))
        {
            ClassifierEpochs = run.Quick ? Math.Min(5, run.Get(classifierEpochs)) : run.Get(classifierEpochs),
            TrueImages = run.Get(images),
        }.Run());
    }

    private static void AddTickets(ExampleApp verb)
    {
        var networks = verb.Number("--networks", 512, "that masks are learned from; 64 with --quick", minimum: 16);
        var steps = verb.Number("--steps", 1000, "of each classifier; 200 with --quick", minimum: 1);
        var epochs = verb.Number("--epochs", 60, "passes over the masks; 10 with --quick", minimum: 1);
        var channels = verb.Number("--hidden", 32, "channels of the equivariant layers; 16 with --quick", minimum: 1);
        var density = verb.Number("--density", 0.05, "the part of the weights that stays", minimum: 0.001, maximum: 1);
        verb.Run(run => new WinningTickets(run)
        {
            Networks = run.Quick ? Math.Min(64, run.Get(networks)) : run.Get(networks),
            Steps = run.Quick ? Math.Min(200, run.Get(steps)) : run.Get(steps),
            Epochs = run.Quick ? Math.Min(10, run.Get(epochs)) : run.Get(epochs),
            Channels = run.Quick ? Math.Min(16, run.Get(channels)) : run.Get(channels),
            Density = run.Get(density),
        }.Run());
    }

    // What all tasks that compare models take, as a function of the run and its channels.
    private static Func<ExampleRun, int, StudySettings> AddTraining(ExampleApp verb, int epochs, int quickEpochs, int batch)
    {
        var passes = verb.Number("--epochs", epochs, $"passes over the networks; {quickEpochs} with --quick", minimum: 1);
        var size = verb.Number("--batch", batch, "networks a step", minimum: 1, maximum: 4096);
        var seeds = verb.Number("--seeds", 3, "trainings of each model; 1 with --quick", minimum: 1, maximum: 100);
        var skip = verb.Flag("--skip-broken", "leaves out files that cannot be read, and counts them");
        return (run, channels) => new(
            run.Quick ? Math.Min(quickEpochs, run.Get(passes)) : run.Get(passes), run.Get(size), run.Quick ? 1 : run.Get(seeds), channels, run.Get(skip));
    }

    private static Func<ExampleRun, int> AddHidden(ExampleApp verb, int value, string what)
    {
        const int quick = 16;
        var channels = verb.Number("--hidden", value, $"{what}, a multiple of 4; {quick} with --quick", minimum: 4);
        return run => run.Quick ? Math.Min(quick, run.Get(channels)) : run.Get(channels);
    }
}
