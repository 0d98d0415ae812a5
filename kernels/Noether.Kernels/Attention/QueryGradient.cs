namespace Noether.Kernels.Attention;

/// <summary><c>dq = dS·k</c>.</summary>
public readonly struct QueryGradient : IAttentionGradient
{
    /// <inheritdoc/>
    public static bool RowsAreKeys => false;

    /// <inheritdoc/>
    public static bool TakesSlope => true;
}
