namespace Noether.Kernels.MatMul;

/// <summary>Makes the types that a kernel of products is chosen by of what the launch knows as values.</summary>
internal static class ProductLaunches
{
    /// <summary>Launches with a tile, the left and the right factor read across or along their columns.</summary>
    public static void Launch<TLaunch>(in TLaunch launch, ProductTileKind tile, bool isLeftColumnMajor, bool isRightColumnMajor)
        where TLaunch : struct, IProductLaunch
    {
        switch (tile)
        {
            case ProductTileKind.Large: Launch<TLaunch, LargeTile>(launch, isLeftColumnMajor, isRightColumnMajor); break;
            case ProductTileKind.Medium: Launch<TLaunch, MediumTile>(launch, isLeftColumnMajor, isRightColumnMajor); break;
            case ProductTileKind.Thin: Launch<TLaunch, ThinTile>(launch, isLeftColumnMajor, isRightColumnMajor); break;
            default: Launch<TLaunch, SmallTile>(launch, isLeftColumnMajor, isRightColumnMajor); break;
        }
    }

    private static void Launch<TLaunch, TTile>(in TLaunch launch, bool isLeftColumnMajor, bool isRightColumnMajor)
        where TLaunch : struct, IProductLaunch
        where TTile : struct, IProductTile
    {
        switch (isLeftColumnMajor, isRightColumnMajor)
        {
            case (false, false): Launch<TLaunch, TTile, AlongDepth, AcrossLines>(launch); break;
            case (false, true): Launch<TLaunch, TTile, AlongDepth, AlongDepth>(launch); break;
            case (true, false): Launch<TLaunch, TTile, AcrossLines, AcrossLines>(launch); break;
            default: Launch<TLaunch, TTile, AcrossLines, AlongDepth>(launch); break;
        }
    }

    private static void Launch<TLaunch, TTile, TLeft, TRight>(in TLaunch launch)
        where TLaunch : struct, IProductLaunch
        where TTile : struct, IProductTile
        where TLeft : struct, IFactorOrder
        where TRight : struct, IFactorOrder
    {
        if (launch.AreWhole<TTile>()) launch.Launch<TTile, TLeft, TRight, WholeTiles>();
        else launch.Launch<TTile, TLeft, TRight, AnyTiles>();
    }
}
