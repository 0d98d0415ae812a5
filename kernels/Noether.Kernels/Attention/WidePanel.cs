namespace Noether.Kernels.Attention;

/// <summary>128 columns.</summary>
public readonly struct WidePanel : IAttentionPanel
{
    /// <inheritdoc/>
    public static bool IsWide => true;
}
