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
        "contrast" => Equalize(images),
        "gradient" => Dilate(images) + Dilate(-images) - 1, // the difference of dilation and erosion, from 0 to 2
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, $"ImageEdits: takes {string.Join(", ", Names)}"),
    };

    // As Zhou et al. (2023) change images, on 8 bits: 3x3 tiles, a limit of 1.
    private static Tensor Equalize(Tensor images)
    {
        var (height, width) = (images.Shape[^2], images.Shape[^1]);
        var equalization = new ContrastLimitedEqualization(3, 3, 1);
        var pixels = images.ToArray<float>();
        for (var at = 0; at < pixels.Length; at += height * width)
        {
            var image = pixels.AsSpan(at, height * width);
            var changed = equalization.Apply(Array.ConvertAll(image.ToArray(), static v => (byte)Math.Clamp(MathF.Round((v + 1) * 127.5f), 0, 255)), height, width);
            for (var i = 0; i < changed.Length; i++) image[i] = changed[i] / 127.5f - 1;
        }

        return Tensor.From(pixels, images.Shape, images.Device);
    }

    // The largest of the 3x3 pixels around; beyond the border there are none.
    private static Tensor Dilate(Tensor images) => images.MaxPool([3, 3], [1, 1], [1, 1]);
}
