namespace Noether.Kernels.Copies;

/// <summary>What a transposition knows of its two axes: rows are neighbours in the destination, columns in the source.</summary>
public struct TransposeSizes
{
    /// <summary>From one to the next.</summary>
    public long FromRow, FromColumn, ToRow, ToColumn;

    /// <summary>How many there are.</summary>
    public int Rows, Columns;

    /// <summary>Tiles that lie side by side, and of one matrix.</summary>
    public int TilesAcross, Tiles;
}
