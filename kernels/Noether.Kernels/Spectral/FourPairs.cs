using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Kernels.Spectral;

/// <summary>Four complex numbers in registers.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal struct FourPairs<T>
    where T : unmanaged, INumber<T>
{
    public Pair<T> X;
    public Pair<T> Y;
    public Pair<T> Z;
    public Pair<T> W;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourPairs<T> operator +(FourPairs<T> a, FourPairs<T> b) => new() { X = a.X + b.X, Y = a.Y + b.Y, Z = a.Z + b.Z, W = a.W + b.W };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourPairs<T> operator -(FourPairs<T> a, FourPairs<T> b) => new() { X = a.X - b.X, Y = a.Y - b.Y, Z = a.Z - b.Z, W = a.W - b.W };

    /// <summary>Each by its own factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourPairs<T> operator *(FourPairs<T> a, FourPairs<T> b) => new() { X = a.X * b.X, Y = a.Y * b.Y, Z = a.Z * b.Z, W = a.W * b.W };

    /// <summary>All by one factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourPairs<T> Times(FourPairs<T> a, T factor) => new() { X = a.X * factor, Y = a.Y * factor, Z = a.Z * factor, W = a.W * factor };

    /// <summary>-i times each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourPairs<T> Turn(FourPairs<T> a) => new() { X = Pair<T>.Turn(a.X), Y = Pair<T>.Turn(a.Y), Z = Pair<T>.Turn(a.Z), W = Pair<T>.Turn(a.W) };

    /// <summary>Parts of each exchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourPairs<T> Exchange(FourPairs<T> a) =>
        new() { X = Pair<T>.Exchange(a.X), Y = Pair<T>.Exchange(a.Y), Z = Pair<T>.Exchange(a.Z), W = Pair<T>.Exchange(a.W) };

    /// <summary>The transform of the four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourPairs<T> Transform(FourPairs<T> a)
    {
        Pair<T> sum = a.X + a.Z, difference = a.X - a.Z, others = a.Y + a.W, turned = Pair<T>.Turn(a.Y - a.W);
        return new() { X = sum + others, Y = difference + turned, Z = sum - others, W = difference - turned };
    }
}
