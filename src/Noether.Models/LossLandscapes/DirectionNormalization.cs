namespace Noether.Models.LossLandscapes;

/// <summary>How a direction d is scaled to weights w, tensor by tensor. A filter is all that feeds one output: a slice of a tensor.</summary>
public enum DirectionNormalization
{
    /// <summary>As drawn.</summary>
    None,

    /// <summary>Every filter of d has its filter of w's norm: <c>d·‖w‖/(‖d‖ + 1e-10)</c>.</summary>
    Filter,

    /// <summary>Every tensor of d has its tensor of w's norm.</summary>
    Layer,

    /// <summary>d∘w, entry by entry, the sign of w included.</summary>
    Weight,

    /// <summary>Every filter of d has norm 1.</summary>
    UnitFilter,

    /// <summary>Every tensor of d has norm 1.</summary>
    UnitLayer,
}
