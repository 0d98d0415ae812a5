namespace Noether.Kernels.Sorting;

/// <summary>The keys of int64: the sign turned.</summary>
public readonly struct Int64SortKey : ISortKey<long>
{
    /// <inheritdoc/>
    public static int Bytes => 8;

    /// <inheritdoc/>
    public static ulong Of(long x) => (ulong)x ^ 0x8000_0000_0000_0000ul;
}
