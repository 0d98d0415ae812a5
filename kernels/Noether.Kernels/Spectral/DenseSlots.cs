using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Spectral;

/// <summary>Slots at equal distances in memory, parts apart.</summary>
internal struct DenseSlots<T> : IPairReader<T>, IPairWriter<T>
    where T : unmanaged, INumber<T>
{
    public ArrayView<T> Re;
    public ArrayView<T> Im;
    public long At;
    public long Step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Pair<T> Read(int slot) => new() { Re = Re[At + slot * Step], Im = Im[At + slot * Step] };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write(int slot, Pair<T> x)
    {
        Re[At + slot * Step] = x.Re;
        Im[At + slot * Step] = x.Im;
    }
}
