namespace Noether.Kernels.Attention;

/// <summary><c>dv = Pᵀ·dy</c>.</summary>
public readonly struct ValueGradient : IAttentionGradient
{
    /// <inheritdoc/>
    public static bool RowsAreKeys => true;

    /// <inheritdoc/>
    public static bool TakesSlope => false;
}
