namespace Noether.Kernels.MatMul;

/// <summary>A launch of products on tensor cores, to be told which kernel it is of.</summary>
internal interface ITensorCoreLaunch
{
    /// <summary>Launches the kernel of a number, of the order in which each factor is read, and of edges.</summary>
    void Launch<TNumber, TLeft, TRight, TEdges>()
        where TNumber : struct, ITensorCoreNumber
        where TLeft : struct, IFactorOrder
        where TRight : struct, IFactorOrder
        where TEdges : struct, IProductEdges;
}
