namespace Noether.Kernels.Lanes;

/// <summary>How lanes meet the host's memory.</summary>
/// <remarks>
/// The widest accelerated width is chosen once per loop (<c>Vector512.IsHardwareAccelerated</c>, then 256, then 128); the single lane has
/// it too, so that the tail of a loop runs the same formula.
/// </remarks>
/// <typeparam name="V">The implementing struct.</typeparam>
/// <typeparam name="T">The element in memory.</typeparam>
public interface IVectorLanes<V, T>
    where V : struct, IVectorLanes<V, T>
    where T : unmanaged
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Reads <see cref="Count"/> elements from <paramref name="source"/> on; no alignment is needed.</summary>
    static abstract V Load(ref readonly T source);

    /// <summary>Writes <see cref="Count"/> elements from <paramref name="destination"/> on; no alignment is needed.</summary>
    static abstract void Store(V x, ref T destination);

    /// <summary>Reads a mask from <see cref="Count"/> bytes: true where the byte is not 0.</summary>
    static abstract V LoadMask(ref readonly byte source);

    /// <summary>Writes a mask as <see cref="Count"/> bytes, 1 for true and 0 for false.</summary>
    static abstract void StoreMask(V mask, ref byte destination);
}
