using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>The products of attention: C (+)= A B for small blocks that lie in the caches, none of them packed.</summary>
/// <remarks>
/// A has any strides, because its elements are broadcast one by one; rows of B and C are contiguous. So the transposes that attention's five
/// products need cost nothing. With 32 registers tiles have 8 rows and two registers of columns: 16 sums, 2 loads and 8 broadcasts a step, with 16
/// registers 4 rows. Narrow ends of columns take narrower registers; they read at most one register past the end of a row of B.
/// </remarks>
internal static unsafe class AttentionTile<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Columns of a panel.</summary>
    public static int Columns => 2 * V.Count;

    private static bool ManyRegisters => Vector512.IsHardwareAccelerated || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;

    /// <summary>c[m, n] (+)= Σ_p a[i · aRow + p · aStep] b[p · bRow + j], p below k.</summary>
    public static void Multiply(T* a, long aRow, long aStep, T* b, long bRow, T* c, long cRow, int m, int n, int k, bool accumulate)
    {
        var whole = n / Columns * Columns;
        for (var j = 0; j < whole; j += Columns) Panel(a, aRow, aStep, b + j, bRow, c + j, cRow, m, k, accumulate);
        var rest = n - whole;
        if (rest == 0) return;
        if (rest > V.Count) Edge<V>(a, aRow, aStep, b + whole, bRow, c + whole, cRow, m, rest, k, accumulate);
        else if (rest > 2 * Simd128<T>.Count && V.Count > 2 * Simd128<T>.Count) Edge<Simd256<T>>(a, aRow, aStep, b + whole, bRow, c + whole, cRow, m, rest, k, accumulate);
        else Edge<Simd128<T>>(a, aRow, aStep, b + whole, bRow, c + whole, cRow, m, rest, k, accumulate);
    }

    /// <summary>The same for a whole panel: n = <see cref="Columns"/>.</summary>
    public static void Panel(T* a, long aRow, long aStep, T* b, long bRow, T* c, long cRow, int m, int k, bool accumulate)
    {
        var i = 0;
        if (ManyRegisters)
            for (; i + 8 <= m; i += 8)
                Rows8<V>(k, a + i * aRow, aRow, aStep, b, bRow, c + i * cRow, cRow, accumulate);
        for (; i + 4 <= m; i += 4) GemmTile.Direct4<V, T>(k, a + i * aRow, aRow, aStep, b, bRow, c + i * cRow, cRow, accumulate);
        for (; i < m; i++) GemmTile.Direct1<V, T>(k, a + i * aRow, aStep, b, bRow, c + i * cRow, accumulate);
    }

    private static void Edge<W>(T* a, long aRow, long aStep, T* b, long bRow, T* c, long cRow, int m, int n, int k, bool accumulate)
        where W : struct, ISimd<W, T>
    {
        var edge = stackalloc T[16 * W.Count];
        for (var i = 0; i < m;)
        {
            var from = a + i * aRow;
            var rows = ManyRegisters && i + 8 <= m ? 8 : i + 4 <= m ? 4 : 1;
            if (rows == 8) Rows8<W>(k, from, aRow, aStep, b, bRow, edge, 2 * W.Count, accumulate: false);
            else if (rows == 4) GemmTile.Direct4<W, T>(k, from, aRow, aStep, b, bRow, edge, 2 * W.Count, accumulate: false);
            else GemmTile.Direct1<W, T>(k, from, aStep, b, bRow, edge, accumulate: false);
            for (var y = 0; y < rows; y++, i++)
                for (var x = 0; x < n; x++)
                    c[i * cRow + x] = accumulate ? c[i * cRow + x] + edge[y * 2 * W.Count + x] : edge[y * 2 * W.Count + x];
        }
    }

    // c[8, 2W] (+)= a[8, k] b[k, 2W].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows8<W>(int k, T* a, long aRow, long aStep, T* b, long bRow, T* c, long cRow, bool accumulate)
        where W : struct, ISimd<W, T>
    {
        W c00 = W.Broadcast(T.Zero), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        W c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
        T* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow, a6 = a5 + aRow, a7 = a6 + aRow;
        long p = 0;
        for (; k > 0; k--)
        {
            var b0 = W.Load(b);
            var b1 = W.Load(b + W.Count);
            var x = W.Broadcast(a[p]);
            c00 = W.MultiplyAdd(x, b0, c00);
            c01 = W.MultiplyAdd(x, b1, c01);
            x = W.Broadcast(a1[p]);
            c10 = W.MultiplyAdd(x, b0, c10);
            c11 = W.MultiplyAdd(x, b1, c11);
            x = W.Broadcast(a2[p]);
            c20 = W.MultiplyAdd(x, b0, c20);
            c21 = W.MultiplyAdd(x, b1, c21);
            x = W.Broadcast(a3[p]);
            c30 = W.MultiplyAdd(x, b0, c30);
            c31 = W.MultiplyAdd(x, b1, c31);
            x = W.Broadcast(a4[p]);
            c40 = W.MultiplyAdd(x, b0, c40);
            c41 = W.MultiplyAdd(x, b1, c41);
            x = W.Broadcast(a5[p]);
            c50 = W.MultiplyAdd(x, b0, c50);
            c51 = W.MultiplyAdd(x, b1, c51);
            x = W.Broadcast(a6[p]);
            c60 = W.MultiplyAdd(x, b0, c60);
            c61 = W.MultiplyAdd(x, b1, c61);
            x = W.Broadcast(a7[p]);
            c70 = W.MultiplyAdd(x, b0, c70);
            c71 = W.MultiplyAdd(x, b1, c71);
            p += aStep;
            b += bRow;
        }

        Store(c, c00, c01, accumulate);
        Store(c += cRow, c10, c11, accumulate);
        Store(c += cRow, c20, c21, accumulate);
        Store(c += cRow, c30, c31, accumulate);
        Store(c += cRow, c40, c41, accumulate);
        Store(c += cRow, c50, c51, accumulate);
        Store(c += cRow, c60, c61, accumulate);
        Store(c + cRow, c70, c71, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<W>(T* c, W x, W y, bool accumulate)
        where W : struct, ISimd<W, T>
    {
        if (accumulate)
        {
            x += W.Load(c);
            y += W.Load(c + W.Count);
        }

        x.Store(c);
        y.Store(c + W.Count);
    }
}
