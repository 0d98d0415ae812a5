namespace Noether.Kernels.Reductions;

/// <summary>An element and its place: what arg-reductions carry.</summary>
/// <typeparam name="T">The element.</typeparam>
public struct Candidate<T>
    where T : unmanaged
{
    /// <summary>The place along the reduced axis.</summary>
    public long Index;

    /// <summary>The element.</summary>
    public T Value;
}
