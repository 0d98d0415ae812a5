namespace Noether.Models.LossLandscapes;

/// <summary>A square of a fine grid, whose corners are points.</summary>
/// <param name="Row">Of its first corner.</param>
/// <param name="Column">Of its first corner.</param>
/// <param name="Size">Its side in steps of the grid, a power of two.</param>
internal readonly record struct Cell(int Row, int Column, int Size)
{
    private int Half => Size / 2;

    /// <summary>The four corners.</summary>
    public (int Row, int Column)[] Corners => [(Row, Column), (Row, Column + Size), (Row + Size, Column), (Row + Size, Column + Size)];

    /// <summary>The centre and the middles of the edges: what its quarters need beside its corners.</summary>
    public (int Row, int Column)[] Middles => [(Row + Half, Column + Half), (Row, Column + Half), (Row + Half, Column), (Row + Size, Column + Half), (Row + Half, Column + Size)];

    /// <summary>Its four parts.</summary>
    public Cell[] Quarters => [new(Row, Column, Half), new(Row, Column + Half, Half), new(Row + Half, Column, Half), new(Row + Half, Column + Half, Half)];
}
