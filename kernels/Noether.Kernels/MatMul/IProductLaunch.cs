namespace Noether.Kernels.MatMul;

/// <summary>A launch of products, to be told which kernel it is of.</summary>
internal interface IProductLaunch
{
    /// <summary>True if no bound needs to be checked with a tile.</summary>
    bool AreWhole<TTile>()
        where TTile : struct, IProductTile;

    /// <summary>Launches the kernel of a tile, of the order in which each factor is read, and of edges.</summary>
    void Launch<TTile, TLeft, TRight, TEdges>()
        where TTile : struct, IProductTile
        where TLeft : struct, IFactorOrder
        where TRight : struct, IFactorOrder
        where TEdges : struct, IProductEdges;
}
