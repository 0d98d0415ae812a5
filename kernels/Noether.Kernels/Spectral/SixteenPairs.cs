using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Kernels.Spectral;

/// <summary>
/// Sixteen complex numbers in registers, 4·row + column. As 16/r butterflies of radix r, the element q of butterfly b is number b + (16/r)·q,
/// before and after.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal struct SixteenPairs<T>
    where T : unmanaged, INumber<T>
{
    public FourPairs<T> A;
    public FourPairs<T> B;
    public FourPairs<T> C;
    public FourPairs<T> D;

    /// <summary>All of them, read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenPairs<T> Read<TReader>(TReader reader)
        where TReader : struct, IPairReader<T> => new()
        {
            A = Four(reader, 0),
            B = Four(reader, 4),
            C = Four(reader, 8),
            D = Four(reader, 12),
        };

    /// <summary>All of them, written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<TWriter>(TWriter writer, SixteenPairs<T> x)
        where TWriter : struct, IPairWriter<T>
    {
        Four(writer, 0, x.A);
        Four(writer, 4, x.B);
        Four(writer, 8, x.C);
        Four(writer, 12, x.D);
    }

    /// <summary>
    /// Each by its own factor, those before <paramref name="first"/> (0, 1, 2, 4 or 8, a constant) by 1. The reader counts from that one on.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenPairs<T> Times<TReader>(SixteenPairs<T> x, TReader factors, int first)
        where TReader : struct, IPairReader<T>
    {
        if (first == 0) x.A.X *= factors.Read(0);
        if (first <= 1) x.A.Y *= factors.Read(1 - first);
        if (first <= 2)
        {
            x.A.Z *= factors.Read(2 - first);
            x.A.W *= factors.Read(3 - first);
        }

        if (first <= 4) x.B *= Four(factors, 4 - first);
        x.C *= Four(factors, 8 - first);
        x.D *= Four(factors, 12 - first);
        return x;
    }

    /// <summary>All by one factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenPairs<T> Times(SixteenPairs<T> x, T factor) => new()
    {
        A = FourPairs<T>.Times(x.A, factor),
        B = FourPairs<T>.Times(x.B, factor),
        C = FourPairs<T>.Times(x.C, factor),
        D = FourPairs<T>.Times(x.D, factor),
    };

    /// <summary>Parts of each exchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenPairs<T> Exchange(SixteenPairs<T> x) => new()
    {
        A = FourPairs<T>.Exchange(x.A),
        B = FourPairs<T>.Exchange(x.B),
        C = FourPairs<T>.Exchange(x.C),
        D = FourPairs<T>.Exchange(x.D),
    };

    /// <summary>Eight butterflies of radix 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenPairs<T> Twos(SixteenPairs<T> x) => new() { A = x.A + x.C, B = x.B + x.D, C = x.A - x.C, D = x.B - x.D };

    /// <summary>Four butterflies of radix 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenPairs<T> Fours(SixteenPairs<T> x)
    {
        FourPairs<T> sum = x.A + x.C, difference = x.A - x.C, others = x.B + x.D, turned = FourPairs<T>.Turn(x.B - x.D);
        return new() { A = sum + others, B = difference + turned, C = sum - others, D = difference - turned };
    }

    /// <summary>Two butterflies of radix 8: fours of every second element, then a turn of an eighth for each, then twos.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenPairs<T> Eights(SixteenPairs<T> x, FourierConstants<T> c)
    {
        var y = Fours(x);
        Pair<T> b0 = Eighth(y.B.Z, c), b1 = Eighth(y.B.W, c), c0 = Pair<T>.Turn(y.C.Z), c1 = Pair<T>.Turn(y.C.W);
        Pair<T> d0 = Pair<T>.Turn(Eighth(y.D.Z, c)), d1 = Pair<T>.Turn(Eighth(y.D.W, c));
        return new()
        {
            A = new() { X = y.A.X + y.A.Z, Y = y.A.Y + y.A.W, Z = y.B.X + b0, W = y.B.Y + b1 },
            B = new() { X = y.C.X + c0, Y = y.C.Y + c1, Z = y.D.X + d0, W = y.D.Y + d1 },
            C = new() { X = y.A.X - y.A.Z, Y = y.A.Y - y.A.W, Z = y.B.X - b0, W = y.B.Y - b1 },
            D = new() { X = y.C.X - c0, Y = y.C.Y - c1, Z = y.D.X - d0, W = y.D.Y - d1 },
        };
    }

    /// <summary>One butterfly of radix 16: fours of every fourth element, turns of sixteenths, fours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenPairs<T> Whole(SixteenPairs<T> x, FourierConstants<T> c)
    {
        var y = Fours(x);
        Pair<T> first = new() { Re = c.Cosine16, Im = -c.Sine16 }, third = new() { Re = c.Sine16, Im = -c.Cosine16 };
        var a = FourPairs<T>.Transform(y.A);
        var b = FourPairs<T>.Transform(new() { X = y.B.X, Y = y.B.Y * first, Z = Eighth(y.B.Z, c), W = y.B.W * third });
        var e = FourPairs<T>.Transform(new() { X = y.C.X, Y = Eighth(y.C.Y, c), Z = Pair<T>.Turn(y.C.Z), W = Pair<T>.Turn(Eighth(y.C.W, c)) });
        var d = FourPairs<T>.Transform(new() { X = y.D.X, Y = y.D.Y * third, Z = Pair<T>.Turn(Eighth(y.D.Z, c)), W = Negative(y.D.W * first) });
        return new()
        {
            A = new() { X = a.X, Y = b.X, Z = e.X, W = d.X },
            B = new() { X = a.Y, Y = b.Y, Z = e.Y, W = d.Y },
            C = new() { X = a.Z, Y = b.Z, Z = e.Z, W = d.Z },
            D = new() { X = a.W, Y = b.W, Z = e.W, W = d.W },
        };
    }

    /// <summary>x·e^(-πi/4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Eighth(Pair<T> x, FourierConstants<T> c) => new() { Re = (x.Re + x.Im) * c.Cosine8, Im = (x.Im - x.Re) * c.Cosine8 };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FourPairs<T> Four<TReader>(TReader reader, int slot)
        where TReader : struct, IPairReader<T> =>
        new() { X = reader.Read(slot), Y = reader.Read(slot + 1), Z = reader.Read(slot + 2), W = reader.Read(slot + 3) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<TWriter>(TWriter writer, int slot, FourPairs<T> x)
        where TWriter : struct, IPairWriter<T>
    {
        writer.Write(slot, x.X);
        writer.Write(slot + 1, x.Y);
        writer.Write(slot + 2, x.Z);
        writer.Write(slot + 3, x.W);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Pair<T> Negative(Pair<T> x) => new() { Re = -x.Re, Im = -x.Im };
}
