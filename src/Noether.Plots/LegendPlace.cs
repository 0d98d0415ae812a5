namespace Noether.Plots;

/// <summary>The corner that a legend stands in.</summary>
public enum LegendPlace
{
    /// <summary>Top right.</summary>
    UpperRight,

    /// <summary>Top left.</summary>
    UpperLeft,

    /// <summary>Bottom left.</summary>
    LowerLeft,

    /// <summary>Bottom right.</summary>
    LowerRight,
}
