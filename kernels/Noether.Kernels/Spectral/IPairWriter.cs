using System.Numerics;

namespace Noether.Kernels.Spectral;

/// <summary>Where the sixteen complex numbers of a thread go.</summary>
internal interface IPairWriter<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Number <paramref name="slot"/>, 0 to 15.</summary>
    void Write(int slot, Pair<T> x);
}
