using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

/// <summary><c>c0 + c1·x + c2·x² + …</c> by Horner's rule.</summary>
/// <remarks>One flat method a degree: neither ILGPU's language nor fast vector code has room for an array of coefficients.</remarks>
internal static class Polynomial
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(V x, double c0, double c1, double c2)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c2), x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(V x, double c0, double c1, double c2, double c3)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c3), x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(V x, double c0, double c1, double c2, double c3, double c4)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c4), x, V.Constant(c3));
        sum = V.MultiplyAdd(sum, x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(V x, double c0, double c1, double c2, double c3, double c4, double c5)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c5), x, V.Constant(c4));
        sum = V.MultiplyAdd(sum, x, V.Constant(c3));
        sum = V.MultiplyAdd(sum, x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(V x, double c0, double c1, double c2, double c3, double c4, double c5, double c6)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c6), x, V.Constant(c5));
        sum = V.MultiplyAdd(sum, x, V.Constant(c4));
        sum = V.MultiplyAdd(sum, x, V.Constant(c3));
        sum = V.MultiplyAdd(sum, x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(V x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c7), x, V.Constant(c6));
        sum = V.MultiplyAdd(sum, x, V.Constant(c5));
        sum = V.MultiplyAdd(sum, x, V.Constant(c4));
        sum = V.MultiplyAdd(sum, x, V.Constant(c3));
        sum = V.MultiplyAdd(sum, x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(V x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c8), x, V.Constant(c7));
        sum = V.MultiplyAdd(sum, x, V.Constant(c6));
        sum = V.MultiplyAdd(sum, x, V.Constant(c5));
        sum = V.MultiplyAdd(sum, x, V.Constant(c4));
        sum = V.MultiplyAdd(sum, x, V.Constant(c3));
        sum = V.MultiplyAdd(sum, x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(V x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c9), x, V.Constant(c8));
        sum = V.MultiplyAdd(sum, x, V.Constant(c7));
        sum = V.MultiplyAdd(sum, x, V.Constant(c6));
        sum = V.MultiplyAdd(sum, x, V.Constant(c5));
        sum = V.MultiplyAdd(sum, x, V.Constant(c4));
        sum = V.MultiplyAdd(sum, x, V.Constant(c3));
        sum = V.MultiplyAdd(sum, x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(
        V x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9,
        double c10)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c10), x, V.Constant(c9));
        sum = V.MultiplyAdd(sum, x, V.Constant(c8));
        sum = V.MultiplyAdd(sum, x, V.Constant(c7));
        sum = V.MultiplyAdd(sum, x, V.Constant(c6));
        sum = V.MultiplyAdd(sum, x, V.Constant(c5));
        sum = V.MultiplyAdd(sum, x, V.Constant(c4));
        sum = V.MultiplyAdd(sum, x, V.Constant(c3));
        sum = V.MultiplyAdd(sum, x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(
        V x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9,
        double c10, double c11)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c11), x, V.Constant(c10));
        sum = V.MultiplyAdd(sum, x, V.Constant(c9));
        sum = V.MultiplyAdd(sum, x, V.Constant(c8));
        sum = V.MultiplyAdd(sum, x, V.Constant(c7));
        sum = V.MultiplyAdd(sum, x, V.Constant(c6));
        sum = V.MultiplyAdd(sum, x, V.Constant(c5));
        sum = V.MultiplyAdd(sum, x, V.Constant(c4));
        sum = V.MultiplyAdd(sum, x, V.Constant(c3));
        sum = V.MultiplyAdd(sum, x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(
        V x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9,
        double c10, double c11, double c12)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c12), x, V.Constant(c11));
        sum = V.MultiplyAdd(sum, x, V.Constant(c10));
        sum = V.MultiplyAdd(sum, x, V.Constant(c9));
        sum = V.MultiplyAdd(sum, x, V.Constant(c8));
        sum = V.MultiplyAdd(sum, x, V.Constant(c7));
        sum = V.MultiplyAdd(sum, x, V.Constant(c6));
        sum = V.MultiplyAdd(sum, x, V.Constant(c5));
        sum = V.MultiplyAdd(sum, x, V.Constant(c4));
        sum = V.MultiplyAdd(sum, x, V.Constant(c3));
        sum = V.MultiplyAdd(sum, x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(
        V x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9,
        double c10, double c11, double c12, double c13, double c14)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c14), x, V.Constant(c13));
        sum = V.MultiplyAdd(sum, x, V.Constant(c12));
        sum = V.MultiplyAdd(sum, x, V.Constant(c11));
        sum = V.MultiplyAdd(sum, x, V.Constant(c10));
        sum = V.MultiplyAdd(sum, x, V.Constant(c9));
        sum = V.MultiplyAdd(sum, x, V.Constant(c8));
        sum = V.MultiplyAdd(sum, x, V.Constant(c7));
        sum = V.MultiplyAdd(sum, x, V.Constant(c6));
        sum = V.MultiplyAdd(sum, x, V.Constant(c5));
        sum = V.MultiplyAdd(sum, x, V.Constant(c4));
        sum = V.MultiplyAdd(sum, x, V.Constant(c3));
        sum = V.MultiplyAdd(sum, x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(
        V x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9,
        double c10, double c11, double c12, double c13, double c14, double c15, double c16, double c17, double c18)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c18), x, V.Constant(c17));
        sum = V.MultiplyAdd(sum, x, V.Constant(c16));
        sum = V.MultiplyAdd(sum, x, V.Constant(c15));
        sum = V.MultiplyAdd(sum, x, V.Constant(c14));
        sum = V.MultiplyAdd(sum, x, V.Constant(c13));
        sum = V.MultiplyAdd(sum, x, V.Constant(c12));
        sum = V.MultiplyAdd(sum, x, V.Constant(c11));
        sum = V.MultiplyAdd(sum, x, V.Constant(c10));
        sum = V.MultiplyAdd(sum, x, V.Constant(c9));
        sum = V.MultiplyAdd(sum, x, V.Constant(c8));
        sum = V.MultiplyAdd(sum, x, V.Constant(c7));
        sum = V.MultiplyAdd(sum, x, V.Constant(c6));
        sum = V.MultiplyAdd(sum, x, V.Constant(c5));
        sum = V.MultiplyAdd(sum, x, V.Constant(c4));
        sum = V.MultiplyAdd(sum, x, V.Constant(c3));
        sum = V.MultiplyAdd(sum, x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(
        V x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9,
        double c10, double c11, double c12, double c13, double c14, double c15, double c16, double c17, double c18, double c19)
        where V : struct, IFloatLanes<V>
    {
        var sum = V.MultiplyAdd(V.Constant(c19), x, V.Constant(c18));
        sum = V.MultiplyAdd(sum, x, V.Constant(c17));
        sum = V.MultiplyAdd(sum, x, V.Constant(c16));
        sum = V.MultiplyAdd(sum, x, V.Constant(c15));
        sum = V.MultiplyAdd(sum, x, V.Constant(c14));
        sum = V.MultiplyAdd(sum, x, V.Constant(c13));
        sum = V.MultiplyAdd(sum, x, V.Constant(c12));
        sum = V.MultiplyAdd(sum, x, V.Constant(c11));
        sum = V.MultiplyAdd(sum, x, V.Constant(c10));
        sum = V.MultiplyAdd(sum, x, V.Constant(c9));
        sum = V.MultiplyAdd(sum, x, V.Constant(c8));
        sum = V.MultiplyAdd(sum, x, V.Constant(c7));
        sum = V.MultiplyAdd(sum, x, V.Constant(c6));
        sum = V.MultiplyAdd(sum, x, V.Constant(c5));
        sum = V.MultiplyAdd(sum, x, V.Constant(c4));
        sum = V.MultiplyAdd(sum, x, V.Constant(c3));
        sum = V.MultiplyAdd(sum, x, V.Constant(c2));
        sum = V.MultiplyAdd(sum, x, V.Constant(c1));
        return V.MultiplyAdd(sum, x, V.Constant(c0));
    }
}
