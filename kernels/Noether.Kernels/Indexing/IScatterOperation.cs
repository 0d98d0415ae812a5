namespace Noether.Kernels.Indexing;

/// <summary>How a scattered element meets what is already at its place.</summary>
/// <typeparam name="T">The element.</typeparam>
public interface IScatterOperation<T>
    where T : unmanaged
{
    /// <summary>What stands there afterwards.</summary>
    static abstract T Combine(T present, T update);
}
