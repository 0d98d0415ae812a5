namespace Noether.Kernels.MatMul;

/// <summary>How a group makes several small products whole.</summary>
public struct SmallProductSizes
{
    /// <summary>Threads of a group.</summary>
    public const int Threads = 128;

    /// <summary>Fours of shared memory: 17 KiB of float32, so that many groups run at once; 4 depths of the 128 products of 4 x 4 fit.</summary>
    internal const int Fours = 1088;

    // Longer runs along the depth, stored across, would meet in the same banks.
    private const int MostDepth = 32;

    internal ProductSizes Products;
    internal SmallFactor Left;
    internal SmallFactor Right;

    /// <summary>Products that a group makes.</summary>
    internal int Matrices;

    /// <summary>Squares of 4 x 4 elements of a product: rows of them and columns.</summary>
    internal int Down;

    internal int Across;

    /// <summary>How much of the inner size shared memory holds at a time: a multiple of 4.</summary>
    internal int Depth;

    /// <summary>Products that a group makes at once; 0 if one has more squares than the group has threads.</summary>
    public static int MatricesOf(in ProductSizes sizes)
    {
        var squares = (long)Squares(sizes.Rows) * Squares(sizes.Columns);
        return squares > Threads ? 0 : Math.Min(sizes.Batch, Threads / (int)Math.Max(1, squares));
    }

    /// <summary>The sizes for products and the layouts of their factors.</summary>
    /// <exception cref="ArgumentException">The products are not small, or their inner size is split.</exception>
    internal static SmallProductSizes Of(in ProductSizes sizes, in MatrixLayout left, in MatrixLayout right)
    {
        var matrices = MatricesOf(sizes);
        if (sizes.Parts != 1 || (matrices == 0 && sizes.Batch > 0))
            throw new ArgumentException($"MatMul: [{sizes.Rows}, {sizes.Inner}] x [{sizes.Inner}, {sizes.Columns}] in {sizes.Parts} parts; small products have at most {Threads} squares of 4 x 4 and one part");
        var (down, across) = (Squares(sizes.Rows), Squares(sizes.Columns));
        var (isLeftShared, isRightShared) = (left.Batch.IsOnePlace, right.Batch.IsOnePlace);
        var (lefts, rights) = (isLeftShared ? 1 : matrices, isRightShared ? 1 : matrices);
        var most = Math.Min(MostDepth, Fours / (SmallFactor.StrideOf(lefts, down) + SmallFactor.StrideOf(rights, across)) / 4 * 4);
        var steps = Math.Max(1, (sizes.Inner + most - 1) / most);
        var depth = Math.Max(4, ((sizes.Inner + steps - 1) / steps + 3) / 4 * 4);
        return new()
        {
            Products = sizes,
            Left = SmallFactor.Of(!left.IsColumnMajor, isLeftShared, lefts, down, depth, Threads),
            Right = SmallFactor.Of(right.IsColumnMajor, isRightShared, rights, across, depth, Threads),
            Matrices = matrices,
            Down = down,
            Across = across,
            Depth = depth,
        };
    }

    private static int Squares(int size) => (int)(((long)size + 3) / 4);
}
