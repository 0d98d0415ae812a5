using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

/// <summary>For each lane a polynomial of its own, whose centre and coefficients it looks up in registers.</summary>
/// <remarks>Rows hold a number for each place, 16 in float32 and 8 in float64: centres, then coefficients of the distance from them, constant first.</remarks>
internal static class PolynomialTable
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(ReadOnlySpan<float> rows, V x, V place)
        where V : struct, ILookupLanes<V>
    {
        var r = x - V.Lookup(in rows[0], place);
        var row = rows.Length - 16;
        var sum = V.Lookup(in rows[row], place);
        for (row -= 16; row > 0; row -= 16) sum = V.MultiplyAdd(sum, r, V.Lookup(in rows[row], place));
        return sum;
    }

    /// <inheritdoc cref="At{V}(ReadOnlySpan{float}, V, V)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(ReadOnlySpan<double> rows, V x, V place)
        where V : struct, ILookupLanes<V>
    {
        var r = x - V.Lookup(in rows[0], place);
        var row = rows.Length - 8;
        var sum = V.Lookup(in rows[row], place);
        for (row -= 8; row > 0; row -= 8) sum = V.MultiplyAdd(sum, r, V.Lookup(in rows[row], place));
        return sum;
    }
}
