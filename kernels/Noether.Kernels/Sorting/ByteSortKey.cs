namespace Noether.Kernels.Sorting;

/// <summary>The keys of bytes: themselves.</summary>
public readonly struct ByteSortKey : ISortKey<byte>
{
    /// <inheritdoc/>
    public static int Bytes => 1;

    /// <inheritdoc/>
    public static ulong Of(byte x) => x;
}
