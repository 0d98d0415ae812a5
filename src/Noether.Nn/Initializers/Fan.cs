namespace Noether.Nn;

/// <summary>Which side of a layer an initialiser keeps at unit variance.</summary>
public enum Fan
{
    /// <summary>The forward pass: numbers that an output sums.</summary>
    In,

    /// <summary>The backward pass: outputs that an input reaches.</summary>
    Out,
}
