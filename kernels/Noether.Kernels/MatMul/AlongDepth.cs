namespace Noether.Kernels.MatMul;

/// <summary>A row-major left factor, a column-major right one.</summary>
public readonly struct AlongDepth : IFactorOrder
{
    /// <inheritdoc/>
    public static bool IsAlongDepth => true;
}
