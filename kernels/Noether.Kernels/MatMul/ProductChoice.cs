namespace Noether.Kernels.MatMul;

/// <summary>How products are shared out: the tile, and in how many parts the inner size is summed.</summary>
/// <param name="Tile">The tile.</param>
/// <param name="Chunk">What one group sums of the inner size; <see cref="ProductSizes.Chunk"/>.</param>
public readonly record struct ProductChoice(ProductTileKind Tile, int Chunk)
{
    // A part shorter than this costs more in partial results than it gains in groups.
    private const int LeastChunk = 256;

    private const int MostParts = 32;

    /// <summary>
    /// The largest tile whose groups, with the inner size in parts where that is long, still give every processor work; no tile that would lie
    /// more than half outside the matrix.
    /// </summary>
    /// <param name="sizes">The products.</param>
    /// <param name="isFloat32">False for 8-byte elements and integers, whose tiles are smaller.</param>
    /// <param name="processors">Multiprocessors of the device.</param>
    public static ProductChoice Of(in ProductSizes sizes, bool isFloat32, int processors)
    {
        if (isFloat32 && Fits(sizes, 128, processors)) return With(ProductTileKind.Large, sizes, 128, processors);
        // Groups of a medium tile are two warps: more of them run at once.
        if (isFloat32 && Fits(sizes, 64, 2 * processors)) return With(ProductTileKind.Medium, sizes, 64, 2 * processors);
        if (!isFloat32 && Fits(sizes, 64, processors)) return With(ProductTileKind.Thin, sizes, 64, processors);
        return With(ProductTileKind.Small, sizes, 32, 2 * processors);
    }

    /// <summary>
    /// The choice for products of matrices: as for any others, but small products are made whole where tiles would hold more elements that lie outside of them,
    /// unless their inner size is so long, and they so few, that parts of it are what gives the processors work.
    /// </summary>
    /// <param name="sizes">The products.</param>
    /// <param name="isFloat32">False for 8-byte elements and integers.</param>
    /// <param name="processors">Multiprocessors of the device.</param>
    public static ProductChoice OfMatrices(in ProductSizes sizes, bool isFloat32, int processors)
    {
        var choice = Of(sizes, isFloat32, processors);
        if (choice.Chunk < sizes.Inner) return choice;
        long lines = choice.Tile switch { ProductTileKind.Large => 128, ProductTileKind.Small => 32, _ => 64 };
        var held = (sizes.Rows + lines - 1) / lines * ((sizes.Columns + lines - 1) / lines) * lines * lines; // by the threads of a product's tiles
        const int HeldByGroup = 16 * SmallProductSizes.Threads;
        return HeldByGroup < held * SmallProductSizes.MatricesOf(sizes) ? choice with { Tile = ProductTileKind.Whole } : choice;
    }

    private static bool Fits(in ProductSizes sizes, int lines, int wanted) =>
        Math.Min(sizes.Rows, sizes.Columns) > lines / 2 && ProductPlace.Groups(sizes, lines) * MostPartsOf(sizes) >= wanted;

    private static ProductChoice With(ProductTileKind tile, in ProductSizes sizes, int lines, int wanted)
    {
        var groups = Math.Max(1, ProductPlace.Groups(sizes, lines));
        var parts = (int)Math.Clamp((wanted + groups - 1) / groups, 1, MostPartsOf(sizes));
        var chunk = (Math.Max(sizes.Inner, 1) + parts - 1) / parts;
        return new(tile, parts == 1 ? chunk : (chunk + 15) / 16 * 16);
    }

    private static int MostPartsOf(in ProductSizes sizes) => Math.Clamp(sizes.Inner / LeastChunk, 1, MostParts);
}
