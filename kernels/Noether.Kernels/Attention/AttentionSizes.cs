namespace Noether.Kernels.Attention;

/// <summary>The sizes and rules of an attention.</summary>
/// <typeparam name="T">float or double.</typeparam>
public struct AttentionSizes<T>
    where T : unmanaged
{
    /// <summary>What the scores are multiplied by.</summary>
    public T Scale;

    /// <summary>Rows of each query matrix.</summary>
    public int Queries;

    /// <summary>Rows of each key and value matrix.</summary>
    public int Keys;

    /// <summary>Columns of queries and keys.</summary>
    public int Depth;

    /// <summary>Columns of values.</summary>
    public int Width;

    /// <summary>Not 0: query i sees keys 0 … i only.</summary>
    public int Causal;

    /// <summary>What the mask is: one of the constants of <see cref="AttentionMaskKind"/>.</summary>
    public int Mask;
}
