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
    /// <summary>The plane of real parts in shared memory: 17/16·n numbers a line.</summary>
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

    /// <summary>Words to a word of padding, as a shift, where points lie in order.</summary>
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
    public readonly Pair<T> At(int k)
    {
        var place = Place(k);
        return new() { Re = Re[place], Im = Im[place] };
    }

    /// <summary>Number i of the line in shared memory, two neighbours a point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T ReadNumber(int i)
    {
        var place = Place(i >> 1);
        return (i & 1) == 0 ? Re[place] : Im[place];
    }

    /// <summary>Writes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void WriteNumber(int i, T x)
    {
        var place = Place(i >> 1);
        if ((i & 1) == 0) Re[place] = x;
        else Im[place] = x;
    }

    /// <summary>The transform. All threads of the group take part; shared memory is free afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly SixteenPairs<T> Transform(SixteenPairs<T> x, FourierConstants<T> constants)
    {
        var done = 1;
        var table = 0;
        while (done * 16 <= Length)
        {
            if (done > 1)
            {
                x = SixteenPairs<T>.Times(x, Factors(table + (Thread & (done - 1)), done), 1);
                table += 15 * done;
            }

            x = SixteenPairs<T>.Whole(x, constants);
            if (done * 16 < Length)
            {
                var exchange = new ExchangeSlots<T> { Re = Re, Im = Im, Start = Start, Shift = Shift, Thread = Thread, Threads = Threads, Done = done };
                SixteenPairs<T>.Write(exchange, x);
                Group.Barrier();
                x = SixteenPairs<T>.Read(exchange);
                Group.Barrier();
            }

            done *= 16;
        }

        var rest = Length / done;
        table += Thread;
        if (rest == 8) return SixteenPairs<T>.Eights(SixteenPairs<T>.Times(x, Factors(table, Threads), 2), constants);
        if (rest == 4) return SixteenPairs<T>.Fours(SixteenPairs<T>.Times(x, Factors(table, Threads), 4));
        if (rest == 2) return SixteenPairs<T>.Twos(SixteenPairs<T>.Times(x, Factors(table, Threads), 8));
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Place(int k)
    {
        var place = Start + (k << Shift);
        return place + (place >> Padding);
    }

    // Slots count from the first that is turned.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly DenseSlots<T> Factors(int at, int step) =>
        new() { Re = Passes.SubView(at, Length - 16 - at), Im = Passes.SubView(Length - 16 + at, Length - 16 - at), Step = step };
}
