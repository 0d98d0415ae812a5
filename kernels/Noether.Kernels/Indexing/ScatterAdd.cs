using System.Numerics;

namespace Noether.Kernels.Indexing;

/// <summary>The update is added.</summary>
/// <typeparam name="T">The element.</typeparam>
public readonly struct ScatterAdd<T> : IScatterOperation<T>
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc/>
    public static T Combine(T present, T update) => present + update;
}
