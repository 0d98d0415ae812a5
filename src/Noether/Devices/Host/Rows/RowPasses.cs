using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>x.</summary>
internal readonly struct Itself : IRowPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V> => x;
}

/// <summary>e^(x - p), p the largest of the row or about the logarithm of its sum of powers.</summary>
internal readonly struct PowersBelow : IRowPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V> => Elementary.ExpOfNonPositive(x - p);
}

/// <summary>e^x, ∞ too.</summary>
internal readonly struct Powers : IRowPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V> => Elementary.Exp(x);
}

/// <summary>q·e^(x - p).</summary>
internal readonly struct ScaledPowersBelow : IRowPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V> => q * Elementary.ExpOfNonPositive(x - p);
}

/// <summary>x·p.</summary>
internal readonly struct Scaled : IRowPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V> => x * p;
}

/// <summary>x - p.</summary>
internal readonly struct Below : IRowPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V> => x - p;
}

/// <summary>(x - p) - q.</summary>
internal readonly struct BelowTwice : IRowPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V> => x - p - q;
}

/// <summary>(x - p)².</summary>
internal readonly struct SquareBelow : IRowPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V>
    {
        var d = x - p;
        return d * d;
    }
}

/// <summary>(x - p)·q.</summary>
internal readonly struct Normalised : IRowPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V> => (x - p) * q;
}

/// <summary>x·z.</summary>
internal readonly struct Products : IRowPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V> => x * z;
}

/// <summary>x·(z - p).</summary>
internal readonly struct ProductsBelow : IRowPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V> => x * (z - p);
}

/// <summary>z - e^x·p, x at most 0.</summary>
internal readonly struct LessPowers : IRowPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V x, V z, V p, V q)
        where V : struct, IFloatLanes<V> => z - Elementary.ExpOfNonPositive(x) * p;
}
