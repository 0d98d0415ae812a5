namespace Noether.Kernels.Attention;

/// <summary><c>dk = dSᵀ·q</c>.</summary>
public readonly struct KeyGradient : IAttentionGradient
{
    /// <inheritdoc/>
    public static bool RowsAreKeys => true;

    /// <inheritdoc/>
    public static bool TakesSlope => true;
}
