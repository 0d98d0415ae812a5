using ILGPU;

namespace Noether.Kernels.Indexing;

/// <summary>An addition in memory that no other thread can come between.</summary>
/// <typeparam name="T">The element.</typeparam>
public interface IAtomicAdd<T>
    where T : unmanaged
{
    /// <summary>Adds to what stands at a place.</summary>
    static abstract void Add(ArrayView<T> y, long at, T update);
}
