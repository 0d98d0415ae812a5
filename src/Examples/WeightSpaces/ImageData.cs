using Noether.Nn;

namespace Noether.Examples.WeightSpaces;

/// <summary>The images that populations of networks are made from: float32 [1, 28, 28] in [0, 1], and their labels.</summary>
/// <param name="Name">Of the set: the folder's, or mnist.</param>
/// <param name="Examples">Images and labels, in the files' order.</param>
internal sealed record ImageData(string Name, Dataset Examples)
{
    /// <summary>Rows and columns of an image.</summary>
    public const int Side = 28;

    /// <summary>Kinds of images.</summary>
    public const int Classes = 10;

    /// <summary>The training files of a folder and then its test files, where it has both; else the carried 10,000 images.</summary>
    /// <exception cref="IOException">A file is not there.</exception>
    /// <exception cref="FileFormatException">A file is broken or holds something else.</exception>
    public static ImageData Load(string? folder)
    {
        var test = ExampleData.Find("mnist", folder, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
        if (folder is null) return new("mnist", Read(test[0], test[1]));
        var train = ExampleData.Find("mnist", folder, "train-images-idx3-ubyte", "train-labels-idx1-ubyte");
        var (first, second) = (Read(train[0], train[1]).All(Device.Host), Read(test[0], test[1]).All(Device.Host));
        return new(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), Dataset.Of(
            Tensor.Concatenate(0, first.Input, second.Input), Tensor.Concatenate(0, first.Target, second.Target)));
    }

    private static Dataset Read(string images, string labels)
    {
        var data = Dataset.FromIdx(images, labels);
        if (!data.Rows[0].Equals([1, Side, Side])) throw new FileFormatException($"{images}: the images are {data.Rows[0][1..]}, not [{Side}, {Side}]");
        return data;
    }
}
