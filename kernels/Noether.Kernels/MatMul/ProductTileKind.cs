namespace Noether.Kernels.MatMul;

/// <summary>The tiles that products are made of; each names the structure that describes it.</summary>
public enum ProductTileKind
{
    /// <summary><see cref="LargeTile"/>.</summary>
    Large,

    /// <summary><see cref="MediumTile"/>.</summary>
    Medium,

    /// <summary><see cref="ThinTile"/>.</summary>
    Thin,

    /// <summary><see cref="SmallTile"/>.</summary>
    Small,

    /// <summary>None: a group makes several small products whole, <see cref="SmallProductKernel{T}"/>. Of products of matrices only.</summary>
    Whole,
}
