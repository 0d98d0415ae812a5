using Noether.Nn;

namespace Noether.Examples.Digits;

/// <summary>The images to learn from and those to test with, float32 [1, 28, 28] in [0, 1], and their labels.</summary>
/// <param name="Train">Seen in training.</param>
/// <param name="Test">Never seen in training.</param>
internal sealed record DigitsData(Dataset Train, Dataset Test)
{
    /// <summary>How many digits there are.</summary>
    public const int Classes = 10;

    /// <summary>Rows and columns of an image.</summary>
    public const int Side = 28;

    private const int CarriedTraining = 9_000;

    // Not the run's seed: whatever that is, and however often a run is resumed, a test image stays one.
    private const long SplitSeed = 10_000;

    /// <summary>MNIST's four files in a folder, or the carried file of 10,000 images in two parts.</summary>
    /// <exception cref="IOException">A file is not there.</exception>
    /// <exception cref="FileFormatException">A file is broken or holds something else.</exception>
    public static DigitsData Load(string? folder)
    {
        if (folder is null)
        {
            var carried = ExampleData.Find("mnist", null, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
            var (train, test) = Read(carried[0], carried[1]).Split(RandomKey.From(SplitSeed, Device.Host), CarriedTraining);
            return new(train, test);
        }

        var paths = ExampleData.Find("mnist", folder,
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
        return new(Read(paths[0], paths[1]), Read(paths[2], paths[3]));
    }

    /// <summary>The first images of each part.</summary>
    public DigitsData First(int train, int test) => new(Train[..Math.Min(train, Train.Count)], Test[..Math.Min(test, Test.Count)]);

    private static Dataset Read(string images, string labels)
    {
        var data = Dataset.FromIdx(images, labels);
        if (!data.Rows[0].Equals([1, Side, Side])) throw new FileFormatException($"{images}: the images are {data.Rows[0][1..]}, not [{Side}, {Side}]");
        if (data.Count == 0) throw new FileFormatException($"{images}: holds no images");
        var largest = IdxFile.ReadBytes(labels).Bytes.Max();
        return largest < Classes ? data : throw new FileFormatException($"{labels}: holds the label {largest}; digits are 0 to {Classes - 1}");
    }
}
