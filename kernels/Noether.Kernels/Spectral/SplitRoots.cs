using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Spectral;

/// <summary>
/// The turns between the two halves of a long transform, e^(-2πi k/n) for k from <see cref="At"/> in steps. Each is the product of two roots, so that
/// few lines of the table are read, over and over: n/256 + 256 numbers of it.
/// </summary>
internal struct SplitRoots<T> : IPairReader<T>
    where T : unmanaged, INumber<T>
{
    public ArrayView<T> Table;
    public int Points;
    public int At;
    public int Step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Of(ArrayView<T> table, int k, int points)
    {
        var fine = k & 255;
        return FourierOperands<T>.Root(table, k - fine, points) * FourierOperands<T>.Root(table, fine, points);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Pair<T> Read(int slot) => Of(Table, At + slot * Step, Points);
}
