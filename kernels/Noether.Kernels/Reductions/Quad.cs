namespace Noether.Kernels.Reductions;

/// <summary>Four neighbours, which move together: one load of 16 bytes in float32, two in float64. As <see cref="Four{T}"/>, of lanes too.</summary>
/// <typeparam name="T">The element.</typeparam>
public struct Quad<T>
    where T : unmanaged
{
    /// <summary>The first.</summary>
    public T X;

    /// <summary>The second.</summary>
    public T Y;

    /// <summary>The third.</summary>
    public T Z;

    /// <summary>The fourth.</summary>
    public T W;
}
