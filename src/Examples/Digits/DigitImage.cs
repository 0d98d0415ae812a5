using Noether.Plots;

namespace Noether.Examples.Digits;

/// <summary>Brings an image of one digit to the form of MNIST's: 28 x 28, 0 = paper, 1 = ink.</summary>
internal static class DigitImage
{
    // The digit's larger side in MNIST, as its makers scaled it.
    private const int Box = 20;

    // Below this share of the darkest ink a pixel counts as paper.
    private const float Faint = 0.2f;

    /// <summary>Reads a file: 784 bytes as they are, or a picture.</summary>
    /// <returns>784 values, row by row.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ImageFileException">It is neither.</exception>
    public static float[] Load(string path)
    {
        const int pixels = DigitsData.Side * DigitsData.Side;
        if (new FileInfo(path) is { Exists: true, Length: pixels }) return Array.ConvertAll(File.ReadAllBytes(path), value => value / 255f);
        var picture = GrayImage.Load(path);

        // Paper is what the edge shows, ink the other: dark on light or, as in MNIST, light on dark.
        if (EdgeMean(picture) > 0.5f) picture = picture.Inverted();
        return picture.Height == DigitsData.Side && picture.Width == DigitsData.Side ? picture.Pixels.ToArray() : Fitted(picture);
    }

    // MNIST's own preparation: the digit scaled into a box of 20 x 20, its centre of mass in the middle of 28 x 28.
    private static float[] Fitted(GrayImage picture)
    {
        var ink = Faint * Max(picture);
        var (top, bottom, left, right) = (picture.Height, -1, picture.Width, -1);
        for (var row = 0; row < picture.Height; row++)
        {
            for (var column = 0; column < picture.Width; column++)
            {
                if (picture[row, column] <= ink) continue;
                (top, bottom) = (Math.Min(top, row), row);
                (left, right) = (Math.Min(left, column), Math.Max(right, column));
            }
        }

        var fitted = new float[DigitsData.Side * DigitsData.Side];
        if (bottom < 0) return fitted; // blank paper
        var scale = Box / (double)Math.Max(bottom - top + 1, right - left + 1);
        var small = picture.Resized(Scaled(picture.Height), Scaled(picture.Width));
        double mass = 0, y = 0, x = 0;
        for (var row = 0; row < small.Height; row++)
        {
            for (var column = 0; column < small.Width; column++)
            {
                var value = small[row, column];
                mass += value;
                y += value * row;
                x += value * column;
            }
        }

        var (down, across) = ((int)Math.Round(y / mass - (DigitsData.Side - 1) / 2.0), (int)Math.Round(x / mass - (DigitsData.Side - 1) / 2.0));
        for (var row = 0; row < DigitsData.Side; row++)
        {
            for (var column = 0; column < DigitsData.Side; column++)
            {
                if ((uint)(row + down) < (uint)small.Height && (uint)(column + across) < (uint)small.Width)
                    fitted[row * DigitsData.Side + column] = small[row + down, column + across];
            }
        }

        return fitted;

        int Scaled(int size) => Math.Max(1, (int)Math.Round(size * scale));
    }

    private static float EdgeMean(GrayImage picture)
    {
        double sum = 0;
        for (var column = 0; column < picture.Width; column++) sum += picture[0, column] + picture[picture.Height - 1, column];
        for (var row = 0; row < picture.Height; row++) sum += picture[row, 0] + picture[row, picture.Width - 1];
        return (float)(sum / (2.0 * (picture.Width + picture.Height)));
    }

    private static float Max(GrayImage picture)
    {
        var largest = 0f;
        foreach (var value in picture.Pixels) largest = Math.Max(largest, value);
        return largest;
    }
}
