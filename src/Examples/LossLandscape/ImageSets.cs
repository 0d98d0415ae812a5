using Noether.Nn;

namespace Noether.Examples.LossLandscape;

/// <summary>The images to train with and to test with, float32 [1, 28, 28] in [0, 1], and their labels.</summary>
/// <param name="Name">Of the set: the folder's, or mnist.</param>
/// <param name="Train">Seen in training.</param>
/// <param name="Test">Never seen in training.</param>
internal sealed record ImageSets(string Name, Dataset Train, Dataset Test)
{
    /// <summary>Rows and columns of an image.</summary>
    public const int Side = 28;

    private const int CarriedTest = 1_000, QuickTrain = 4_000, EvaluationBatch = 250;

    /// <summary>The four files of a folder (MNIST, Fashion-MNIST), or the carried images in two parts.</summary>
    /// <exception cref="IOException">A file is not there.</exception>
    /// <exception cref="FileFormatException">A file is broken or holds something else.</exception>
    public static ImageSets Load(ExampleRun run)
    {
        var test = Read(ExampleData.Find("mnist", run.Data, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"));
        var sets = run.Data is null
            ? new ImageSets("mnist (carried)", test[..^CarriedTest], test[^CarriedTest..])
            : new ImageSets(
                Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run.Data))),
                Read(ExampleData.Find("mnist", run.Data, "train-images-idx3-ubyte", "train-labels-idx1-ubyte")), test);
        return run.Quick ? sets with { Train = sets.Train[..Math.Min(QuickTrain, sets.Train.Count)] } : sets;
    }

    /// <summary>The first images of one part or of both, to measure a loss with.</summary>
    /// <param name="which">train, test or both.</param>
    /// <param name="images">Of each part.</param>
    public IReadOnlyList<EvaluationSet> First(string which, int images) => which == "both"
        ? [Of("train", Train, images), Of("test", Test, images)]
        : [which == "test" ? Of(which, Test, images) : Of(which, Train, images)];

    private static EvaluationSet Of(string name, Dataset data, int images) =>
        new(name, [.. data[..Math.Min(images, data.Count)].Batches(EvaluationBatch)]);

    private static Dataset Read(string[] files)
    {
        var data = Dataset.FromIdx(files[0], files[1]);
        return data.Rows[0].Equals([1, Side, Side]) ? data : throw new FileFormatException($"{files[0]}: the images are {data.Rows[0][1..]}, not [{Side}, {Side}]");
    }
}
