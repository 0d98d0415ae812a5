using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Sums and differences of opposite points t and n - t of a row: cosines meet only the sums, sines only the differences.</summary>
/// <remarks>
/// Halves the operations of a Fourier matrix. The sums are points 0, 1, …, n/2 (n/2 + 1 of them; the first, and the middle one for even n, stand
/// alone), the differences points 1, 2, …, (n - 1)/2. One read and one write, all in L1.
/// </remarks>
internal static unsafe class Folding
{
    /// <summary>even[t] = x[t] + x[n - t], odd[t - 1] = x[t] - x[n - t].</summary>
    public static void Fold<T>(T* x, T* even, T* odd, int n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var t = 1;
        if (Vector512.IsHardwareAccelerated)
            t = Fold<Simd512<T>, T>(x, even, odd, n, t);
        if (Vector256.IsHardwareAccelerated)
            t = Fold<Simd256<T>, T>(x, even, odd, n, t);
        t = Fold<Simd128<T>, T>(x, even, odd, n, t);
        Fold<SimdScalar<T>, T>(x, even, odd, n, t);
        even[0] = x[0];
        if (n % 2 == 0)
            even[n / 2] = x[n / 2];
    }

    /// <summary>The transpose: y[t] = even[t] + odd[t - 1], y[n - t] = even[t] - odd[t - 1].</summary>
    public static void Unfold<T>(T* even, T* odd, T* y, int n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var t = 1;
        if (Vector512.IsHardwareAccelerated)
            t = Unfold<Simd512<T>, T>(even, odd, y, n, t);
        if (Vector256.IsHardwareAccelerated)
            t = Unfold<Simd256<T>, T>(even, odd, y, n, t);
        t = Unfold<Simd128<T>, T>(even, odd, y, n, t);
        Unfold<SimdScalar<T>, T>(even, odd, y, n, t);
        y[0] = even[0];
        if (n % 2 == 0)
            y[n / 2] = even[n / 2];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Fold<V, T>(T* x, T* even, T* odd, int n, int t)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; t + V.Count - 1 <= (n - 1) / 2; t += V.Count)
        {
            V a = V.Load(x + t), b = V.Reverse(V.Load(x + n - t - V.Count + 1));
            (a + b).Store(even + t);
            (a - b).Store(odd + t - 1);
        }

        return t;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Unfold<V, T>(T* even, T* odd, T* y, int n, int t)
        where V : struct, ISimd<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; t + V.Count - 1 <= (n - 1) / 2; t += V.Count)
        {
            V a = V.Load(even + t), b = V.Load(odd + t - 1);
            (a + b).Store(y + t);
            V.Reverse(a - b).Store(y + n - t - V.Count + 1);
        }

        return t;
    }
}
