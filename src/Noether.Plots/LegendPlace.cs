namespace Noether.Plots;

/// <summary>The corner that a legend stands in.</summary>
public enum LegendPlace
{
    /// <summary>The corner with the fewest points.</summary>
    Best,

    /// <summary>Top right.</summary>
    UpperRight,

    /// <summary>Top left.</summary>
    UpperLeft,

    /// <summary>Bottom left.</summary>
    LowerLeft,

    /// <summary>Bottom right.</summary>
    LowerRight,
}
