namespace Noether.Examples.WeightSpaces;

/// <summary>The command line: a verb for each data set and each task of the papers.</summary>
internal static class WeightSpacesApp
{
    public const string Description = "Networks as data: makes populations of small networks, and trains networks that are equivariant to permutations of neurons on their weights.";

    public static void Configure(ExampleApp app)
    {
        AddZoo(app.Verb("make-zoo", "Trains many small convolutional networks with drawn hyper-parameters."));
        AddSirens(app.Verb("make-sirens", "Fits a network of sines to each of many images."));
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
}
