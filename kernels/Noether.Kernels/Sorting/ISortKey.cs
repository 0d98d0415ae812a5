namespace Noether.Kernels.Sorting;

/// <summary>Integers that are ordered as elements are: what a sort compares, and takes digits of.</summary>
/// <typeparam name="T">The element.</typeparam>
public interface ISortKey<T>
    where T : unmanaged
{
    /// <summary>The key's bytes that may differ, from the lowest.</summary>
    static abstract int Bytes { get; }

    /// <summary>The key: equal for elements that are equal, -0 and 0 among them; for every NaN the largest.</summary>
    static abstract ulong Of(T x);
}
