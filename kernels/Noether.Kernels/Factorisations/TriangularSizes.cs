namespace Noether.Kernels.Factorisations;

/// <summary>What a triangular solution is told.</summary>
public struct TriangularSizes
{
    /// <summary>Rows of T and of B.</summary>
    public int Rows;

    /// <summary>Columns of B.</summary>
    public int Columns;

    /// <summary>Columns that a group takes: a power of two.</summary>
    public int Width;

    /// <summary>Groups that share a matrix.</summary>
    public int Parts;

    /// <summary>Not 0: Tᵀ is solved with.</summary>
    public int IsTurned;

    /// <summary>Not 0: the first row is solved first.</summary>
    public int IsForward;

    /// <summary>Not 0: the diagonal is one.</summary>
    public int IsUnit;
}
