using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Spectral;

/// <summary>One pass of Stockham's algorithm, out of place and in order: butterflies over a factor of the length.</summary>
/// <remarks>
/// With L the product of the factors done and r the next one, butterfly j takes elements j + q·n/r, q below r, times e^(-2πi q (j mod L)/(L·r)), and
/// its results go to (j div L)·L·r + j mod L + p·L. Radices 8, 4, 2, 3, 5 and 7 are straight-line; other primes take r² steps from the table.
/// </remarks>
internal struct FourierButterfly<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Real parts in shared memory.</summary>
    public ArrayView<T> Re;

    /// <summary>Imaginary parts.</summary>
    public ArrayView<T> Im;

    /// <summary>n roots.</summary>
    public ArrayView<T> Roots;

    /// <summary>Where element j lies.</summary>
    public int From;

    /// <summary>Where the first result goes.</summary>
    public int To;

    /// <summary>n/r.</summary>
    public int Step;

    /// <summary>L.</summary>
    public int Done;

    /// <summary>n.</summary>
    public int Length;

    /// <summary>The place among the roots of e^(-2πi (j mod L)/(L·r)).</summary>
    public int Angle;

    /// <summary>The factor that comes next: 8, 4, 2, or the smallest odd prime of what is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Radix(int rest)
    {
        if ((rest & 7) == 0) return 8;
        if ((rest & 3) == 0) return 4;
        if ((rest & 1) == 0) return 2;
        var factor = 3;
        while (factor * factor <= rest && rest % factor != 0) factor += 2;
        return factor * factor <= rest ? factor : rest;
    }

    /// <summary>Does it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Run(int radix, FourierConstants<T> c)
    {
        if (radix == 8)
        {
            var x = FourPairs<T>.Transform(new() { X = Read(0), Y = Read(2), Z = Read(4), W = Read(6) });
            var y = FourPairs<T>.Transform(new() { X = Read(1), Y = Read(3), Z = Read(5), W = Read(7) });
            y.Y = SixteenPairs<T>.Eighth(y.Y, c);
            y.Z = Pair<T>.Turn(y.Z);
            y.W = Pair<T>.Turn(SixteenPairs<T>.Eighth(y.W, c));
            Write(0, x + y);
            Write(4, x - y);
        }
        else if (radix == 4)
        {
            Write(0, FourPairs<T>.Transform(new() { X = Read(0), Y = Read(1), Z = Read(2), W = Read(3) }));
        }
        else if (radix == 2)
        {
            Pair<T> x = Read(0), y = Read(1);
            Write(0, x + y);
            Write(1, x - y);
        }
        else if (radix == 3)
        {
            Pair<T> x = Read(0), y = Read(1), z = Read(2), sum = y + z;
            Write(0, x + sum);
            WriteTwo(1, 2, x - sum * c.Half, (y - z) * c.Sine3);
        }
        else if (radix == 5)
        {
            Pair<T> x = Read(0), y = Read(1), z = Read(2), u = Read(3), v = Read(4);
            Pair<T> s1 = y + v, s2 = z + u, d1 = y - v, d2 = z - u;
            Write(0, x + s1 + s2);
            WriteTwo(1, 4, x + s1 * c.Cosine5 + s2 * c.SecondCosine5, d1 * c.Sine5 + d2 * c.SecondSine5);
            WriteTwo(2, 3, x + s1 * c.SecondCosine5 + s2 * c.Cosine5, d1 * c.SecondSine5 - d2 * c.Sine5);
        }
        else if (radix == 7)
        {
            var x = Read(0);
            Pair<T> a1 = Read(1), b1 = Read(6), a2 = Read(2), b2 = Read(5), a3 = Read(3), b3 = Read(4);
            Pair<T> s1 = a1 + b1, s2 = a2 + b2, s3 = a3 + b3, d1 = a1 - b1, d2 = a2 - b2, d3 = a3 - b3;
            Write(0, x + s1 + s2 + s3);
            WriteTwo(
                1, 6, x + s1 * c.Cosine7 + s2 * c.SecondCosine7 + s3 * c.ThirdCosine7, d1 * c.Sine7 + d2 * c.SecondSine7 + d3 * c.ThirdSine7);
            WriteTwo(
                2, 5, x + s1 * c.SecondCosine7 + s2 * c.ThirdCosine7 + s3 * c.Cosine7, d1 * c.SecondSine7 - d2 * c.ThirdSine7 - d3 * c.Sine7);
            WriteTwo(
                3, 4, x + s1 * c.ThirdCosine7 + s2 * c.Cosine7 + s3 * c.SecondCosine7, d1 * c.ThirdSine7 - d2 * c.Sine7 + d3 * c.SecondSine7);
        }
        else
        {
            RunPrime(radix);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void RunPrime(int radix)
    {
        for (var p = 0; p < radix; p++)
        {
            var angle = Angle + p * Step;
            var place = 0;
            var sum = Read(0);
            for (var q = 1; q < radix; q++)
            {
                place += angle;
                if (place >= Length) place -= Length;
                sum += new Pair<T> { Re = Re[From + q * Step], Im = Im[From + q * Step] } * FourierOperands<T>.Root(Roots, place, Length);
            }

            Write(p, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Pair<T> Read(int q)
    {
        var x = new Pair<T> { Re = Re[From + q * Step], Im = Im[From + q * Step] };
        return q == 0 ? x : x * FourierOperands<T>.Root(Roots, q * Angle, Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Write(int p, Pair<T> x)
    {
        Re[To + p * Done] = x.Re;
        Im[To + p * Done] = x.Im;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Write(int p, FourPairs<T> x)
    {
        Write(p, x.X);
        Write(p + 1, x.Y);
        Write(p + 2, x.Z);
        Write(p + 3, x.W);
    }

    // The sums with the two signs of a sine.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void WriteTwo(int p, int mirror, Pair<T> even, Pair<T> odd)
    {
        odd = Pair<T>.Turn(odd);
        Write(p, even + odd);
        Write(mirror, even - odd);
    }
}
