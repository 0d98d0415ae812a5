using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Spectral;

/// <summary>
/// The turns between the two halves of a long transform. Each is the product of two roots, so that few lines of the table are read, over and over:
/// n/256 + 256 numbers of it.
/// </summary>
internal static class SplitRoots<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>e^(-2πi k/n), of n roots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Of(ArrayView<T> table, int k, int n)
    {
        var fine = k & 255;
        return FourierOperands<T>.Root(table, k - fine, n) * FourierOperands<T>.Root(table, fine, n);
    }
}
