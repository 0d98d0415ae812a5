namespace Noether.Kernels.MatMul;

/// <summary>The sizes of a product [Rows, Inner] x [Inner, Columns].</summary>
public struct MatMulSizes
{
    /// <summary>Rows of the left matrix.</summary>
    public int Rows;

    /// <summary>Columns of the left matrix, rows of the right.</summary>
    public int Inner;

    /// <summary>Columns of the right matrix.</summary>
    public int Columns;
}
