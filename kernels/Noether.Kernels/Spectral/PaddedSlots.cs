using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Spectral;

/// <summary>Slots in shared memory, with one word after every 2^<see cref="Padding"/>: sixteen threads that write sixteen numbers each then meet all banks.</summary>
internal struct PaddedSlots<T> : IPairReader<T>, IPairWriter<T>
    where T : unmanaged, INumber<T>
{
    public ArrayView<T> Re;
    public ArrayView<T> Im;
    public int At;
    public int Step;
    public int Padding;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Pair<T> Read(int slot)
    {
        var place = At + slot * Step;
        place += place >> Padding;
        return new() { Re = Re[place], Im = Im[place] };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write(int slot, Pair<T> x)
    {
        var place = At + slot * Step;
        place += place >> Padding;
        Re[place] = x.Re;
        Im[place] = x.Im;
    }
}
