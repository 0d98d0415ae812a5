using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Spectral;

/// <summary>The two sides of an exchange through shared memory after a pass of radix 16.</summary>
/// <remarks>
/// Points are written L apart from (j div L)·16·L + j mod L on, and read n/16 apart from j on. L words of padding follow every block of 16·L: threads
/// that write 16 numbers each, or 16 threads that write 16·L apart, then meet different banks.
/// </remarks>
internal struct ExchangeSlots<T> : IPairReader<T>, IPairWriter<T>
    where T : unmanaged, INumber<T>
{
    public ArrayView<T> Re;
    public ArrayView<T> Im;
    public int Start;
    public int Shift;
    public int Thread;
    public int Threads;
    public int Done;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Pair<T> Read(int slot)
    {
        var place = Thread + ((Thread & -16 * Done) >> 4) + slot * Threads + ((slot * Threads & -16 * Done) >> 4);
        place = Start + (place << Shift);
        return new() { Re = Re[place], Im = Im[place] };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write(int slot, Pair<T> x)
    {
        var within = Thread & (Done - 1);
        var place = Start + ((Thread - within) * 17 + within + slot * Done << Shift);
        Re[place] = x.Re;
        Im[place] = x.Im;
    }
}
