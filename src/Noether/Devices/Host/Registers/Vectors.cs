using System.Numerics;
using System.Runtime.InteropServices;

namespace Noether.Devices.Host;

/// <summary>Rows of numbers: what substitution and elimination are made of.</summary>
internal static class Vectors
{
    /// <summary>y -= a x.</summary>
    public static void Subtract<T>(Span<T> y, T a, ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var i = 0;
        if (y.Length >= Vector<T>.Count)
        {
            var factor = new Vector<T>(a);
            var wide = MemoryMarshal.Cast<T, Vector<T>>(y);
            var from = MemoryMarshal.Cast<T, Vector<T>>(x);
            for (var v = 0; v < wide.Length; v++) wide[v] -= factor * from[v];
            i = wide.Length * Vector<T>.Count;
        }

        for (; i < y.Length; i++) y[i] -= a * x[i];
    }

    /// <summary>y /= a, rounded as a division.</summary>
    public static void Divide<T>(Span<T> y, T a)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var i = 0;
        if (y.Length >= Vector<T>.Count)
        {
            var divisor = new Vector<T>(a);
            var wide = MemoryMarshal.Cast<T, Vector<T>>(y);
            for (var v = 0; v < wide.Length; v++) wide[v] /= divisor;
            i = wide.Length * Vector<T>.Count;
        }

        for (; i < y.Length; i++) y[i] /= a;
    }

    /// <summary>Σ x y.</summary>
    public static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sum = T.Zero;
        var i = 0;
        if (x.Length >= Vector<T>.Count)
        {
            var wide = Vector<T>.Zero;
            var a = MemoryMarshal.Cast<T, Vector<T>>(x);
            var b = MemoryMarshal.Cast<T, Vector<T>>(y);
            for (var v = 0; v < a.Length; v++) wide += a[v] * b[v];
            sum = Vector.Sum(wide);
            i = a.Length * Vector<T>.Count;
        }

        for (; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }
}
