using Noether.Nn;

namespace Noether.Examples.Sharpening;

/// <summary>The first images of a set to train with and the last to test with, float32 [1, 28, 28] standardised, and their labels.</summary>
/// <param name="Name">Of the set: the folder's, or mnist.</param>
/// <param name="Train">Seen in training.</param>
/// <param name="Test">Never seen in training.</param>
internal sealed record Images(string Name, Batch Train, Batch Test)
{
    /// <summary>Rows and columns of an image.</summary>
    public const int Side = 28;

    /// <summary>Kinds of images.</summary>
    public const int Classes = 10;

    // Of MNIST's training images; others are scaled by the same, so that rates mean the same.
    private const double Mean = 0.1307, Deviation = 0.3081;

    /// <summary>Training files and test files of a folder, or two ends of the carried 10,000 images.</summary>
    /// <param name="folder">Null: the carried images.</param>
    /// <param name="train">How many to train with.</param>
    /// <param name="test">How many to test with.</param>
    /// <exception cref="UsageException">There are not so many.</exception>
    /// <exception cref="IOException">A file is not there.</exception>
    /// <exception cref="FileFormatException">A file is broken or holds something else.</exception>
    public static Images Load(string? folder, int train, int test)
    {
        var last = Read(ExampleData.Find("mnist", folder, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"));
        var first = folder is null ? last : Read(ExampleData.Find("mnist", folder, "train-images-idx3-ubyte", "train-labels-idx1-ubyte"));
        var most = folder is null ? last.Count - test : first.Count;
        if (test > last.Count || train > most) throw new UsageException($"{train} training and {test} test images are more than there are");
        var name = folder is null ? "mnist" : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new(name, Standardised(first[..train]), Standardised(last[^test..]));
    }

    private static Dataset Read(string[] files)
    {
        var data = Dataset.FromIdx(files[0], files[1]);
        return data.Rows[0].Equals([1, Side, Side]) ? data : throw new FileFormatException($"{files[0]}: the images are {data.Rows[0][1..]}, not [{Side}, {Side}]");
    }

    private static Batch Standardised(Dataset data)
    {
        var all = data.All();
        return new(((all.Input - Mean) / Deviation).Evaluate(), all.Target);
    }
}
