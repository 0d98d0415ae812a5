using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Examples.SharpnessAware;

/// <summary>The tasks of the verbs: classes of images by convolutions or attention, and halves of images that belong together.</summary>
internal static class RankTasks
{
    /// <summary>How many pairs a half is sought among.</summary>
    public const int Candidates = 100;

    private const int Side = 28, CarriedTest = 1_000;

    /// <summary>Classification by a convolutional network.</summary>
    public static RankTask Convolutional(ExampleRun run, string network, int images, string? probe)
    {
        var chosen = RankNetworks.All[network]();
        return Classification(run, images, probe, chosen.Module) with { Name = "ranks", Title = network, Layers = chosen.Layers, Probed = chosen.Probed };
    }

    /// <summary>Classification by attention among patches.</summary>
    public static RankTask Attention(ExampleRun run, int features, int depth, int images, string? probe)
    {
        var network = new VisionTransformer(1, Side, Side, Classes: 10) { Features = features, Depth = depth };
        return Classification(run, images, probe, network) with
        {
            Name = "vit",
            Title = "Transformer",
            Layers = [.. Enumerable.Range(0, depth).Select(static i => ($"layers.{i}", $"block {i + 1}")), ("ln", "features")],
            Probed = "features",
        };
    }

    /// <summary>
    /// Upper halves and lower halves: two encoders with vectors that are to agree. The project carries no captions; a pair is two views of one thing just the same,
    /// and no two pairs are alike, as they would be with ten captions. The lower half is read row by row, as a text word by word.
    /// </summary>
    public static RankTask Contrastive(ExampleRun run, int features, int depth, int images)
    {
        const int half = Side / 2;
        var (upper, lower) = (
            new VisionTransformer(1, half, Side, Classes: 0) { Features = features, Depth = depth },
            new VisionTransformer(1, half, Side, Classes: 0) { Features = features, Depth = depth, Patch = (1, Side) });
        var pair = new ContrastivePair(upper, features, lower, features, features);
        var (train, test, name, _) = Images(run, images, null);
        return new()
        {
            Name = "contrastive",
            Title = "Two encoders",
            Module = pair,
            Apply = (p, context, batch) =>
            {
                var (a, b) = pair.Encode(p, batch.Input.Narrow(2, 0, half), batch.Input.Narrow(2, half, half), context);
                return [a, b, pair.Scale(p).BroadcastTo([batch.Size])];
            },
            Loss = static (y, _) => ContrastivePair.SymmetricLoss(y[0], y[1], y[2].Narrow(0, 0, 1).Squeeze(0)),
            LossName = "symmetric cross-entropy of scaled cosines, mean over pairs and directions",
            Error = static (y, all) => 1 - ContrastivePair.Retrieval(y[0], y[1], Math.Min(Candidates, all.Size)),
            ErrorName = $"lower halves not found among {Math.Min(Candidates, test.Count)}",
            Layers =
            [
                .. Enumerable.Range(0, depth).Select(static i => ($"first.layers.{i}", $"upper {i + 1}")), ("first", "upper end"),
                .. Enumerable.Range(0, depth).Select(static i => ($"second.layers.{i}", $"lower {i + 1}")), ("second", "lower end"),
            ],
            Train = train,
            Test = test,
            DataName = name,
        };
    }

    private static RankTask Classification(ExampleRun run, int images, string? probe, Module network)
    {
        var (train, test, name, other) = Images(run, images, probe);
        return new()
        {
            Name = "",
            Title = "",
            Layers = [],
            Module = network,
            Apply = (p, context, batch) => [network.Apply(p, batch.Input, context)],
            Loss = static (y, batch) => Nn.Loss.CrossEntropy(y[0], batch.Target),
            LossName = "cross-entropy, mean over examples",
            Error = static (y, all) => 1 - Nn.Loss.Accuracy(y[0], all.Target).Item(),
            ErrorName = "test error",
            Train = train,
            Test = test,
            DataName = name,
            Probe = other,
        };
    }

    // The training files of --data with its test files, or the carried images in two parts; and those of another folder for probes.
    private static (Dataset Train, Dataset Test, string Name, (Dataset, Dataset)? Probe) Images(ExampleRun run, int images, string? probe)
    {
        var (train, test) = Read(run.Data);
        return (train[..Math.Min(images, train.Count)], run.Quick ? test[..Math.Min(300, test.Count)] : test, run.Data is { } folder ? Named(folder) : "mnist (carried)", probe is null ? null : Read(probe));
    }

    private static (Dataset Train, Dataset Test) Read(string? folder)
    {
        var test = Set(ExampleData.Find("mnist", folder, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"));
        return folder is null
            ? (test[..^CarriedTest], test[^CarriedTest..])
            : (Set(ExampleData.Find("mnist", folder, "train-images-idx3-ubyte", "train-labels-idx1-ubyte")), test);
    }

    private static Dataset Set(string[] files)
    {
        var data = Dataset.FromIdx(files[0], files[1]);
        return data.Rows[0].Equals([1, Side, Side]) ? data : throw new FileFormatException($"{files[0]}: the images are {data.Rows[0][1..]}, not [{Side}, {Side}]");
    }

    private static string Named(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
