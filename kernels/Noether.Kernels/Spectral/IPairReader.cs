using System.Numerics;

namespace Noether.Kernels.Spectral;

/// <summary>Where the sixteen complex numbers of a thread come from.</summary>
internal interface IPairReader<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Number <paramref name="slot"/>, 0 to 15.</summary>
    Pair<T> Read(int slot);
}
