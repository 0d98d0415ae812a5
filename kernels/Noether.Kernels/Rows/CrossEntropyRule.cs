namespace Noether.Kernels.Rows;

/// <summary>What a cross-entropy counts.</summary>
public struct CrossEntropyRule
{
    /// <summary>ε: how much of the target is spread over all classes.</summary>
    public double Smoothing;

    /// <summary>The class that does not count.</summary>
    public long Ignored;
}
