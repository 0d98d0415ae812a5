namespace Noether.Kernels.Spectral;

/// <summary>The sizes of a product of complex matrices for each mode.</summary>
public struct ModeProductSizes
{
    /// <summary>Rows of the left matrices.</summary>
    public int Rows;

    /// <summary>Columns of the left matrices, rows of the right.</summary>
    public int Inner;

    /// <summary>Columns of the right matrices.</summary>
    public int Columns;

    /// <summary>How many modes.</summary>
    public int Modes;
}
