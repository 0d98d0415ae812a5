namespace Noether.Kernels.Attention;

/// <summary>64 columns.</summary>
public readonly struct NarrowPanel : IAttentionPanel
{
    /// <inheritdoc/>
    public static bool IsWide => false;
}
