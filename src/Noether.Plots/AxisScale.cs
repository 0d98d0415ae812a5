namespace Noether.Plots;

/// <summary>How an axis places numbers.</summary>
public enum AxisScale
{
    /// <summary>Equal steps for equal differences.</summary>
    Linear,

    /// <summary>Equal steps for equal ratios. Numbers that are not above zero are left out.</summary>
    Logarithmic,
}
