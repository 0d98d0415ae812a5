using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Kernels.Spectral;

/// <summary>A complex number.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal struct Pair<T>
    where T : unmanaged, INumber<T>
{
    public T Re;
    public T Im;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> operator +(Pair<T> x, Pair<T> y) => new() { Re = x.Re + y.Re, Im = x.Im + y.Im };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> operator -(Pair<T> x, Pair<T> y) => new() { Re = x.Re - y.Re, Im = x.Im - y.Im };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> operator *(Pair<T> x, Pair<T> y) => new() { Re = x.Re * y.Re - x.Im * y.Im, Im = x.Re * y.Im + x.Im * y.Re };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> operator *(Pair<T> x, T factor) => new() { Re = x.Re * factor, Im = x.Im * factor };

    /// <summary>-i·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Turn(Pair<T> x) => new() { Re = x.Im, Im = -x.Re };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Conjugate(Pair<T> x) => new() { Re = x.Re, Im = -x.Im };

    /// <summary>Parts exchanged: a forward transform between two exchanges is the inverse one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Exchange(Pair<T> x) => new() { Re = x.Im, Im = x.Re };
}
