namespace Noether.Kernels.MatMul;

/// <summary>Any sizes and strides: every load and store is checked.</summary>
public readonly struct AnyTiles : IProductEdges
{
    /// <inheritdoc/>
    public static bool AreGuarded => true;
}
