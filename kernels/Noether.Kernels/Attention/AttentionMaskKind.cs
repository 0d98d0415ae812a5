namespace Noether.Kernels.Attention;

/// <summary>What a mask of attention is.</summary>
public static class AttentionMaskKind
{
    /// <summary>There is none.</summary>
    public const int None = 0;

    /// <summary>Bytes: not 0 where a query may look.</summary>
    public const int Seen = 1;

    /// <summary>Numbers that are added to the scores.</summary>
    public const int Added = 2;
}
