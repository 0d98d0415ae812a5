using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Spectral;

/// <summary>Slots at equal distances in memory, from the beginning of a view; parts apart. Distances are of 32 bits: an address is then one instruction.</summary>
internal struct DenseSlots<T> : IPairReader<T>, IPairWriter<T>
    where T : unmanaged, INumber<T>
{
    public ArrayView<T> Re;
    public ArrayView<T> Im;
    public int Step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Pair<T> Read(int slot) => new() { Re = Re[slot * Step], Im = Im[slot * Step] };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write(int slot, Pair<T> x)
    {
        Re[slot * Step] = x.Re;
        Im[slot * Step] = x.Im;
    }
}
