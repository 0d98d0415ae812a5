using Noether.Models.LossLandscapes;
using Noether.Nn;

namespace Noether.Examples.LossLandscape;

/// <summary>The command line: one network, one plane.</summary>
internal static class LossLandscapeApp
{
    public const string Description = "Trains a network on handwritten digits, or takes its weights from a file, and draws the loss over a plane of random directions through them.";

    public static void Configure(ExampleApp app)
    {
        var network = app.Choice("--network", "small", "which network", [.. Networks.Keys]);
        var weights = app.Text("--weights", "file", "safetensors of the network's weights and running statistics, instead of training");
        var epochs = app.Number("--epochs", 3, "passes over the training images; 2 over the first 4,000 with --quick", minimum: 1);
        var batch = app.Number("--batch", 64, "images a step of training", minimum: 1, maximum: 4096);
        var images = app.Number("--images", 1000, "that the loss is the mean of; 250 with --quick", minimum: 1);
        var points = app.Number("--points", 31, "along each axis; 11 with --quick", minimum: 2, maximum: 501);
        var range = app.Number("--range", 1.0, "how far the axes reach from the middle, in lengths of the filters", minimum: 1e-6);
        var normalization = app.Choice("--normalization", "filter", "what directions are scaled to", "filter", "layer", "none");
        app.Run(run => new Landscape(run)
        {
            NetworkName = run.Get(network),
            WeightsPath = run.Get(weights),
            Epochs = run.Quick ? Math.Min(2, run.Get(epochs)) : run.Get(epochs),
            BatchSize = run.Get(batch),
            Images = run.Quick ? Math.Min(250, run.Get(images)) : run.Get(images),
            Points = run.Quick ? Math.Min(11, run.Get(points)) : run.Get(points),
            Range = run.Get(range),
            Normalization = run.Get(normalization) switch { "filter" => DirectionNormalization.Filter, "layer" => DirectionNormalization.Layer, _ => DirectionNormalization.None },
        }.Run());
    }

    /// <summary>The networks, for grey images of 28 x 28.</summary>
    public static IReadOnlyDictionary<string, Func<Module>> Networks { get; } = new Dictionary<string, Func<Module>>
    {
        ["small"] = static () => ImageNetworks.Small(),
        ["mlp"] = static () => ImageNetworks.Perceptron(28 * 28),
        ["mlp-noshort"] = static () => ImageNetworks.Perceptron(28 * 28, shortcuts: false),
        ["resnet20"] = static () => ImageNetworks.Residual(20, channels: 1),
        ["resnet20-noshort"] = static () => ImageNetworks.Residual(20, shortcuts: false, channels: 1),
        ["resnet56"] = static () => ImageNetworks.Residual(56, channels: 1),
        ["resnet56-noshort"] = static () => ImageNetworks.Residual(56, shortcuts: false, channels: 1),
        ["vgg9"] = static () => ImageNetworks.Vgg9(channels: 1, width: 32),
    };
}
