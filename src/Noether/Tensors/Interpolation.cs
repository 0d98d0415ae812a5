namespace Noether;

/// <summary>How <see cref="Tensor.Resize"/> fills in between elements.</summary>
public enum Interpolation
{
    /// <summary>The element at ⌊i·n/o⌋.</summary>
    Nearest,

    /// <summary>Between the two neighbours along each axis: linear, bilinear, trilinear.</summary>
    Linear,
}
