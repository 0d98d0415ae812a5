using System.Runtime.InteropServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Tests.Rows;

/// <summary>Numbers as lanes, and operands by a formula.</summary>
internal static class LaneArrays
{
    /// <summary>Rounded to the lanes' type.</summary>
    public static V[] Of<V>(double[] values)
        where V : unmanaged, IFloatLanes<V> =>
        V.IsSingle
            ? MemoryMarshal.Cast<float, V>(Array.ConvertAll(values, v => (float)v)).ToArray()
            : MemoryMarshal.Cast<double, V>(values).ToArray();

    /// <summary>Widened.</summary>
    public static double[] Numbers<V>(V[] lanes)
        where V : unmanaged, IFloatLanes<V> =>
        V.IsSingle
            ? Array.ConvertAll(MemoryMarshal.Cast<V, float>(lanes).ToArray(), v => (double)v)
            : MemoryMarshal.Cast<V, double>(lanes).ToArray();

    /// <summary>Values in [-5, 5), exact in float32, that differ from seed to seed.</summary>
    public static double[] Values(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => ((i + 7 * seed) * 37 % 101 - 50) / 8.0)];

    /// <summary>What a sum's rounding may come to, relative to the largest element.</summary>
    public static double Tolerance<V>()
        where V : unmanaged, IFloatLanes<V> => V.IsSingle ? 4e-6 : 1e-13;

    /// <summary>Fails unless all are close, relative to the largest.</summary>
    public static void AssertClose<V>(V[] actual, double[] expected, string what)
        where V : unmanaged, IFloatLanes<V>
    {
        var scale = Math.Max(1, expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(1).Max());
        Assert.That(Numbers(actual), Is.EqualTo(expected).Within(Tolerance<V>() * scale), what);
    }
}
