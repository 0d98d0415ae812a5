namespace Noether.Kernels.Attention;

/// <summary>How many columns of the result a group makes.</summary>
public interface IAttentionPanel
{
    /// <summary>128 columns instead of 64: two tiles of registers a thread.</summary>
    static abstract bool IsWide { get; }
}
