namespace Noether.Kernels.Indexing;

/// <summary>The update replaces what is there; of several, the last in index order stays.</summary>
/// <typeparam name="T">The element.</typeparam>
public readonly struct ScatterSet<T> : IScatterOperation<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static T Combine(T present, T update) => update;
}
