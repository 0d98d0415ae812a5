namespace Noether.Models.WeightSpaces;

/// <summary>How the weights of a network of a zoo are drawn.</summary>
public enum ZooStart
{
    /// <summary>Glorot's normal.</summary>
    Xavier,

    /// <summary>He's normal.</summary>
    He,

    /// <summary>Orthogonal rows or columns.</summary>
    Orthogonal,

    /// <summary>Normal of a drawn deviation.</summary>
    Normal,

    /// <summary>The same within two deviations.</summary>
    TruncatedNormal,
}
