namespace Noether.Examples.WeightSpaces;

/// <summary>What images are turned into: [images, 1, height, width] with values from -1 to 1.</summary>
internal static class ImageEdits
{
    /// <summary>Names, as the command line has them.</summary>
    public static readonly string[] Names = ["dilate", "erode", "contrast", "gradient"];

    /// <summary>The changed images.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="images">Before.</param>
    public static Tensor Apply(string name, Tensor images) => name switch
    {
        "dilate" => Dilate(images),
        "erode" => -Dilate(-images),
        "contrast" => (images * 2).Maximum(-1).Minimum(1),
        "gradient" => Dilate(images) + Dilate(-images) - 1, // the difference of dilation and erosion, from 0 to 2
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, $"ImageEdits: takes {string.Join(", ", Names)}"),
    };

    // The largest of the 3x3 pixels around; beyond the border there are none.
    private static Tensor Dilate(Tensor images) => images.MaxPool([3, 3], [1, 1], [1, 1]);
}
