namespace Noether.Models.LossLandscapes;

/// <summary>How directions are made.</summary>
public sealed record DirectionOptions
{
    /// <summary>Of tensors with two axes or more.</summary>
    public DirectionNormalization Normalization { get; init; } = DirectionNormalization.Filter;

    /// <summary>Of the others.</summary>
    public OneDimensional OneDimensional { get; init; } = OneDimensional.Zero;

    /// <summary>Which axis of a tensor, by name, counts its filters; <see cref="FilterAxes.Of"/> reads it from a module. Default: the first.</summary>
    public Func<string, int> FilterAxis { get; init; } = static _ => 0;
}
