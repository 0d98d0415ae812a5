using System.Collections.Immutable;
using System.Numerics;

namespace Noether.Plots;

/// <summary>Copies of what the user gave, as the float64 that is drawn.</summary>
internal static class Numbers
{
    public static ImmutableArray<double> Copy<T>(ReadOnlySpan<T> values) where T : INumberBase<T>
    {
        var copy = new double[values.Length];
        for (var i = 0; i < copy.Length; i++)
            copy[i] = double.CreateTruncating(values[i]);
        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(copy);
    }

    /// <summary>0, 1, 2, …: the x of series that have none.</summary>
    public static ImmutableArray<double> Count(int length)
    {
        var count = ImmutableArray.CreateBuilder<double>(length);
        for (var i = 0; i < length; i++)
            count.Add(i);
        return count.MoveToImmutable();
    }

    /// <summary>The least and greatest finite value, or (0, 1) if there is none.</summary>
    public static (double Low, double High) Range(ReadOnlySpan<double> values)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        return low <= high ? (low, high) : (0, 1);
    }
}
