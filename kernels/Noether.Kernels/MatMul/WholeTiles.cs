namespace Noether.Kernels.MatMul;

/// <summary>Sizes are multiples of the tile's, and the factors' memory allows loads of four: no bound is checked.</summary>
public readonly struct WholeTiles : IProductEdges
{
    /// <inheritdoc/>
    public static bool AreGuarded => false;
}
