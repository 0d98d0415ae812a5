using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>One product among several that share factors: which factors, and where the result goes.</summary>
/// <param name="A">The left factor's index.</param>
/// <param name="B">The right one's.</param>
/// <param name="C">Element [0, 0] of the result.</param>
/// <param name="Adds">To what is there, from the first term on.</param>
internal readonly unsafe record struct GemmTerm<T>(int A, int B, nint C, bool Adds)
    where T : unmanaged, INumber<T>
{
    /// <summary>The result from so many elements on.</summary>
    public T* From(long elements) => (T*)C + elements;
}
