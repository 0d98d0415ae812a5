namespace Noether.Kernels.Sorting;

/// <summary>The keys of int32: the sign turned.</summary>
public readonly struct Int32SortKey : ISortKey<int>
{
    /// <inheritdoc/>
    public static int Bytes => 4;

    /// <inheritdoc/>
    public static ulong Of(int x) => (uint)x ^ 0x8000_0000u;
}
