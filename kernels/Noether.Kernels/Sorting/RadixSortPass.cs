namespace Noether.Kernels.Sorting;

/// <summary>What a pass of a radix sort knows.</summary>
public struct RadixSortPass
{
    /// <summary>All bits set for a descending order.</summary>
    public ulong Turned;

    /// <summary>The row's length.</summary>
    public int Columns;

    /// <summary>Tiles of a row.</summary>
    public int Tiles;

    /// <summary>Where the digit begins.</summary>
    public int Shift;

    /// <summary>1 in the pass that finds the elements in their order, else 0.</summary>
    public int IsFirst;
}
