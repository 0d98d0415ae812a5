using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>An associative, commutative operation with which a row is folded.</summary>
internal interface IFold
{
    /// <summary>The result for no elements, and what changes no element.</summary>
    static abstract T Identity<T>()
        where T : unmanaged, INumber<T>;

    /// <summary>What an element counts for.</summary>
    static abstract V Take<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>;

    static abstract V Combine<V, T>(V x, V y)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>;
}

internal readonly struct SumFold : IFold
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Identity<T>()
        where T : unmanaged, INumber<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Take<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<V, T>(V x, V y)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => x + y;
}

/// <summary>Sums squares.</summary>
internal readonly struct SquareFold : IFold
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Identity<T>()
        where T : unmanaged, INumber<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Take<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<V, T>(V x, V y)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => x + y;
}

internal readonly struct ProductFold : IFold
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Identity<T>()
        where T : unmanaged, INumber<T> => T.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Take<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<V, T>(V x, V y)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => x * y;
}

/// <summary>NaN wins over every number.</summary>
internal readonly struct MinFold : IFold
{
    public static T Identity<T>()
        where T : unmanaged, INumber<T> => Extreme.Largest<T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Take<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<V, T>(V x, V y)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => V.Min(x, y);
}

/// <summary>NaN wins over every number.</summary>
internal readonly struct MaxFold : IFold
{
    public static T Identity<T>()
        where T : unmanaged, INumber<T> => Extreme.Smallest<T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Take<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<V, T>(V x, V y)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => V.Max(x, y);
}

/// <summary>The ends of an element type.</summary>
internal static class Extreme
{
    /// <summary>+∞, or the largest integer.</summary>
    public static T Largest<T>()
        where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
            return (T)(object)float.PositiveInfinity;
        if (typeof(T) == typeof(double))
            return (T)(object)double.PositiveInfinity;
        return T.CreateSaturating(long.MaxValue);
    }

    /// <summary>-∞, or the smallest integer.</summary>
    public static T Smallest<T>()
        where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
            return (T)(object)float.NegativeInfinity;
        if (typeof(T) == typeof(double))
            return (T)(object)double.NegativeInfinity;
        return T.CreateSaturating(long.MinValue);
    }
}
