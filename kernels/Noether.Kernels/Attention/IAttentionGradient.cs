namespace Noether.Kernels.Attention;

/// <summary>Which of the three gradients a kernel makes.</summary>
public interface IAttentionGradient
{
    /// <summary>Rows of the result are keys, and queries are summed over; else the other way round.</summary>
    static abstract bool RowsAreKeys { get; }

    /// <summary>The sum takes the scores' cotangents; else their weights.</summary>
    static abstract bool TakesSlope { get; }
}
