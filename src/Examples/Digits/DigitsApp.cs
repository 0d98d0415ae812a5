namespace Noether.Examples.Digits;

/// <summary>The command line: <c>train</c>, which is also what happens without a verb, and <c>predict</c>.</summary>
internal static class DigitsApp
{
    public const string Description = "Trains a small convolutional network on MNIST's handwritten digits, looks at what it learnt, and reads digits with it.";

    public static void Configure(ExampleApp app)
    {
        AddTraining(app);
        AddTraining(app.Verb("train", "Trains the network; the same as no verb."));

        var predict = app.Verb("predict", "Reads the digit of each image with the trained weights in the output folder.");
        var files = predict.Arguments("file", "a PNG, or 784 raw bytes: 28 rows of 28 pixels, 0 = paper, 255 = ink");
        predict.Run(run => new Prediction(run).Run(run.Get(files)));
    }

    private static void AddTraining(ExampleApp app)
    {
        var epochs = app.Number("--epochs", 8, "passes over the training images", minimum: 1);
        var batch = app.Number("--batch", 64, "images a step", minimum: 1, maximum: 4096);
        var rate = app.Number("--learning-rate", 0.003, "the first one; it falls to zero along a cosine", minimum: 0);
        var profile = app.Text("--profile", "file", "first shows where the time of training steps goes, and writes it to a file for ui.perfetto.dev");
        app.Run(run => new Training(run)
        {
            Epochs = run.Get(epochs),
            BatchSize = run.Get(batch),
            LearningRate = run.Get(rate),
            ProfilePath = run.Get(profile),
        }.Run());
    }
}
