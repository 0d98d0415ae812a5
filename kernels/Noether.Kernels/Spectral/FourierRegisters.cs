using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Spectral;

/// <summary>A power of two of points in the registers of n/16 threads: Stockham's passes of radix 16, and at the end one of 2, 4 or 8 if need be.</summary>
/// <remarks>
/// Thread j holds the points j + m·n/16, before and after. With L points done, butterfly j takes them times e^(-2πi m·(j mod L)/(16·L)), and its results
/// are exchanged through shared memory: to (j div L)·16·L + j mod L + p·L. The smaller butterflies of the last pass (b + (16/r)·q as in
/// <see cref="SixteenPairs{T}"/>) leave their results where they belong.
/// </remarks>
internal struct FourierRegisters<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>The planes of shared memory.</summary>
    public ArrayView<T> Re;

    /// <summary>That of imaginary parts.</summary>
    public ArrayView<T> Im;

    /// <summary>Factors: <see cref="FourierTable.Passes"/>.</summary>
    public ArrayView<T> Passes;

    /// <summary>n.</summary>
    public int Length;

    /// <summary>j.</summary>
    public int Thread;

    /// <summary>Where the line begins in the planes.</summary>
    public int Start;

    /// <summary>From point to point of the line there, as a shift.</summary>
    public int Shift;

    /// <summary>Words to a word of padding, as a shift.</summary>
    public int Padding;

    /// <summary>Threads of a line.</summary>
    public readonly int Threads => Length >> 4;

    /// <summary>The thread's points in shared memory, in order.</summary>
    public readonly PaddedSlots<T> Slots
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new() { Re = Re, Im = Im, At = Start + (Thread << Shift), Step = Threads << Shift, Padding = Padding };
    }

    /// <summary>Point k of the line in shared memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Pair<T> At(int k) => new PaddedSlots<T> { Re = Re, Im = Im, At = Start + (k << Shift), Padding = Padding }.Read(0);

    /// <summary>The transform. All threads of the group take part; shared memory is free afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly SixteenPairs<T> Transform(SixteenPairs<T> x, FourierConstants<T> constants)
    {
        var done = 1;
        var table = 0;
        while (done * 16 <= Length)
        {
            var k = Thread & (done - 1);
            if (done > 1)
            {
                x = SixteenPairs<T>.Times(x, Factors(table + k - done, done), 1);
                table += 15 * done;
            }

            x = SixteenPairs<T>.Whole(x, constants);
            if (done * 16 < Length)
            {
                SixteenPairs<T>.Write(Slots with { At = Start + ((Thread - k) * 16 + k << Shift), Step = done << Shift }, x);
                Group.Barrier();
                x = SixteenPairs<T>.Read(Slots);
                Group.Barrier();
            }

            done *= 16;
        }

        var rest = Length / done;
        var factors = Factors(table + Thread, Threads);
        if (rest == 8) return SixteenPairs<T>.Eights(SixteenPairs<T>.Times(x, factors with { At = factors.At - 2 * Threads }, 2), constants);
        if (rest == 4) return SixteenPairs<T>.Fours(SixteenPairs<T>.Times(x, factors with { At = factors.At - 4 * Threads }, 4));
        if (rest == 2) return SixteenPairs<T>.Twos(SixteenPairs<T>.Times(x, factors with { At = factors.At - 8 * Threads }, 8));
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly DenseSlots<T> Factors(int at, int step) =>
        new() { Re = Passes, Im = Passes.SubView(Length - 16, Length - 16), At = at, Step = step };
}
