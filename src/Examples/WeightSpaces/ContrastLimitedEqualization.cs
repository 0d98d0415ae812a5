namespace Noether.Examples.WeightSpaces;

/// <summary>
/// Contrast-limited adaptive histogram equalisation (CLAHE) of grey images of 8 bits: each tile of a grid has a map that makes its clipped histogram even, and
/// each pixel goes through the maps of the four nearest tiles, mixed by distance.
/// </summary>
/// <remarks>
/// Clips, spreads, rounds and pads as OpenCV's <c>createCLAHE</c>: an image that the grid does not divide is extended by reflection to the right and below, the edge
/// not repeated. Source: Zuiderveld, Contrast limited adaptive histogram equalization (1994).
/// </remarks>
/// <param name="rows">Tiles from top to bottom.</param>
/// <param name="columns">Tiles from left to right.</param>
/// <param name="limit">The most that a grey value may count, as a multiple of the mean count in a tile; at least one pixel. 0: no limit.</param>
internal sealed class ContrastLimitedEqualization(int rows, int columns, double limit)
{
    private const int Levels = 256;

    /// <summary>The changed image.</summary>
    /// <param name="image">Row by row.</param>
    /// <param name="height">Its rows, two at least.</param>
    /// <param name="width">Its columns, two at least.</param>
    public byte[] Apply(ReadOnlySpan<byte> image, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        ArgumentOutOfRangeException.ThrowIfNotEqual(image.Length, height * width);

        // As in OpenCV one axis gets a whole tile more where the grid divides it but not the other.
        var divides = height % rows == 0 && width % columns == 0;
        var (tileHeight, tileWidth) = divides ? (height / rows, width / columns) : (height / rows + 1, width / columns + 1);
        var maps = new byte[rows * columns][];
        Span<int> counts = stackalloc int[Levels];
        for (var tile = 0; tile < maps.Length; tile++)
        {
            counts.Clear();
            var (top, left) = (tile / columns * tileHeight, tile % columns * tileWidth);
            for (var y = top; y < top + tileHeight; y++)
            {
                for (var x = left; x < left + tileWidth; x++) counts[image[Reflect(y, height) * width + Reflect(x, width)]]++;
            }

            maps[tile] = Map(counts, tileHeight * tileWidth);
        }

        var result = new byte[image.Length];
        for (var y = 0; y < height; y++)
        {
            var (above, below, down) = Neighbours(y, tileHeight, rows);
            for (var x = 0; x < width; x++)
            {
                var (left, right, along) = Neighbours(x, tileWidth, columns);
                var value = image[y * width + x];
                byte At(int row, int column) => maps[row * columns + column][value];
                result[y * width + x] = Round(
                    (At(above, left) * (1 - along) + At(above, right) * along) * (1 - down) + (At(below, left) * (1 - along) + At(below, right) * along) * down);
            }
        }

        return result;
    }

    // The running sum of the counts, clipped, with what was cut off spread over all values: first evenly, then what is left in equal steps.
    private byte[] Map(Span<int> counts, int pixels)
    {
        if (limit > 0)
        {
            var most = Math.Max(1, (int)(limit * pixels / Levels));
            var excess = 0;
            foreach (ref var count in counts)
            {
                excess += Math.Max(0, count - most);
                count = Math.Min(count, most);
            }

            var (each, rest) = Math.DivRem(excess, Levels);
            foreach (ref var count in counts) count += each;
            var step = rest == 0 ? Levels : Levels / rest;
            for (var (level, left) = (0, rest); left > 0; (level, left) = (level + step, left - 1)) counts[level]++;
        }

        var scale = (Levels - 1f) / pixels;
        var map = new byte[Levels];
        for (int level = 0, sum = 0; level < Levels; level++) map[level] = Round((sum += counts[level]) * scale);
        return map;
    }

    // The tiles whose centres lie on both sides, and the second one's share.
    private static (int First, int Second, float Share) Neighbours(int place, int size, int tiles)
    {
        var at = place * (1f / size) - 0.5f;
        var first = (int)MathF.Floor(at);
        return (Math.Max(first, 0), Math.Min(first + 1, tiles - 1), at - first);
    }

    // … 2 1 | 0 1 2 … n-2 n-1 | n-2 n-3 …
    private static int Reflect(int place, int size)
    {
        var around = place % (2 * (size - 1));
        return around < size ? around : 2 * (size - 1) - around;
    }

    private static byte Round(float value) => (byte)Math.Clamp(MathF.Round(value), 0, Levels - 1);
}
