namespace Noether.Kernels.MatMul;

/// <summary>A column-major left factor, a row-major right one.</summary>
public readonly struct AcrossLines : IFactorOrder
{
    /// <inheritdoc/>
    public static bool IsAlongDepth => false;
}
