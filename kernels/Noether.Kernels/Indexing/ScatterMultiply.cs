using System.Numerics;

namespace Noether.Kernels.Indexing;

/// <summary>The update multiplies.</summary>
/// <typeparam name="T">The element.</typeparam>
public readonly struct ScatterMultiply<T> : IScatterOperation<T>
    where T : unmanaged, INumber<T>
{
    /// <inheritdoc/>
    public static T Combine(T present, T update) => present * update;
}
