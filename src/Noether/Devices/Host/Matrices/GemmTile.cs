using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Noether.Devices.Host;

/// <summary>The innermost loops of <see cref="Gemm"/>: a register tile of C over packed panels of A and B.</summary>
/// <remarks>
/// A tile of R rows and 2 registers of columns keeps 2R sums, two registers of B and one broadcast of A alive. Of 32 registers
/// (AVX-512, NEON) that allows R = 12 with room to spare for the allocator, of 16 (AVX2, SSE) R = 6: 15 registers. Per step of k a tile
/// does 2R multiply-adds on R + 2 loads, so the multiply-add units and not the loads are the limit. Twelve sums are more than latency
/// times throughput of any present processor (4 x 2).
/// </remarks>
internal static unsafe class GemmTile
{
    private const int StepsPerFetch = 16;

    /// <summary>c[12, 2V] (+)= a[k, 12]ᵀ b[k, 2V].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows12<V, T>(int k, T* a, T* b, T* c, long row, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c00 = V.Broadcast(T.Zero), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        V c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
        V c80 = c00, c81 = c00, c90 = c00, c91 = c00, cA0 = c00, cA1 = c00, cB0 = c00, cB1 = c00;
        for (var next = 0; k > 0; next++)
        {
            if (next < 12) Fetch(c + next * row, 2 * V.Count * sizeof(T));
            for (var rest = k - Math.Min(k, StepsPerFetch); k > rest; k--)
            {
                var b0 = V.Load(b);
                var b1 = V.Load(b + V.Count);
                var x = V.Broadcast(a[0]);
                c00 = V.MultiplyAdd(x, b0, c00);
                c01 = V.MultiplyAdd(x, b1, c01);
                x = V.Broadcast(a[1]);
                c10 = V.MultiplyAdd(x, b0, c10);
                c11 = V.MultiplyAdd(x, b1, c11);
                x = V.Broadcast(a[2]);
                c20 = V.MultiplyAdd(x, b0, c20);
                c21 = V.MultiplyAdd(x, b1, c21);
                x = V.Broadcast(a[3]);
                c30 = V.MultiplyAdd(x, b0, c30);
                c31 = V.MultiplyAdd(x, b1, c31);
                x = V.Broadcast(a[4]);
                c40 = V.MultiplyAdd(x, b0, c40);
                c41 = V.MultiplyAdd(x, b1, c41);
                x = V.Broadcast(a[5]);
                c50 = V.MultiplyAdd(x, b0, c50);
                c51 = V.MultiplyAdd(x, b1, c51);
                x = V.Broadcast(a[6]);
                c60 = V.MultiplyAdd(x, b0, c60);
                c61 = V.MultiplyAdd(x, b1, c61);
                x = V.Broadcast(a[7]);
                c70 = V.MultiplyAdd(x, b0, c70);
                c71 = V.MultiplyAdd(x, b1, c71);
                x = V.Broadcast(a[8]);
                c80 = V.MultiplyAdd(x, b0, c80);
                c81 = V.MultiplyAdd(x, b1, c81);
                x = V.Broadcast(a[9]);
                c90 = V.MultiplyAdd(x, b0, c90);
                c91 = V.MultiplyAdd(x, b1, c91);
                x = V.Broadcast(a[10]);
                cA0 = V.MultiplyAdd(x, b0, cA0);
                cA1 = V.MultiplyAdd(x, b1, cA1);
                x = V.Broadcast(a[11]);
                cB0 = V.MultiplyAdd(x, b0, cB0);
                cB1 = V.MultiplyAdd(x, b1, cB1);
                a += 12;
                b += 2 * V.Count;
            }
        }

        Store(c, c00, c01, accumulate);
        Store(c += row, c10, c11, accumulate);
        Store(c += row, c20, c21, accumulate);
        Store(c += row, c30, c31, accumulate);
        Store(c += row, c40, c41, accumulate);
        Store(c += row, c50, c51, accumulate);
        Store(c += row, c60, c61, accumulate);
        Store(c += row, c70, c71, accumulate);
        Store(c += row, c80, c81, accumulate);
        Store(c += row, c90, c91, accumulate);
        Store(c += row, cA0, cA1, accumulate);
        Store(c + row, cB0, cB1, accumulate);
    }

    /// <summary>c[6, 2V] (+)= a[k, 6]ᵀ b[k, 2V].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows6<V, T>(int k, T* a, T* b, T* c, long row, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c00 = V.Broadcast(T.Zero), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
        V c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
        for (var next = 0; k > 0; next++)
        {
            if (next < 6) Fetch(c + next * row, 2 * V.Count * sizeof(T));
            for (var rest = k - Math.Min(k, StepsPerFetch); k > rest; k--)
            {
                var b0 = V.Load(b);
                var b1 = V.Load(b + V.Count);
                var x = V.Broadcast(a[0]);
                c00 = V.MultiplyAdd(x, b0, c00);
                c01 = V.MultiplyAdd(x, b1, c01);
                x = V.Broadcast(a[1]);
                c10 = V.MultiplyAdd(x, b0, c10);
                c11 = V.MultiplyAdd(x, b1, c11);
                x = V.Broadcast(a[2]);
                c20 = V.MultiplyAdd(x, b0, c20);
                c21 = V.MultiplyAdd(x, b1, c21);
                x = V.Broadcast(a[3]);
                c30 = V.MultiplyAdd(x, b0, c30);
                c31 = V.MultiplyAdd(x, b1, c31);
                x = V.Broadcast(a[4]);
                c40 = V.MultiplyAdd(x, b0, c40);
                c41 = V.MultiplyAdd(x, b1, c41);
                x = V.Broadcast(a[5]);
                c50 = V.MultiplyAdd(x, b0, c50);
                c51 = V.MultiplyAdd(x, b1, c51);
                a += 6;
                b += 2 * V.Count;
            }
        }

        Store(c, c00, c01, accumulate);
        Store(c += row, c10, c11, accumulate);
        Store(c += row, c20, c21, accumulate);
        Store(c += row, c30, c31, accumulate);
        Store(c += row, c40, c41, accumulate);
        Store(c + row, c50, c51, accumulate);
    }

    /// <summary>c[4, 2V] (+)= a[4, k] b[k, 2V], with A where it lies and B in rows <paramref name="bRow"/> apart: nothing is packed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Direct4<V, T>(int k, T* a, long aRow, long aColumn, T* b, long bRow, T* c, long row, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c00 = V.Broadcast(T.Zero), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        T* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        for (; k > 0; k--)
        {
            var b0 = V.Load(b);
            var b1 = V.Load(b + V.Count);
            var x = V.Broadcast(*a);
            c00 = V.MultiplyAdd(x, b0, c00);
            c01 = V.MultiplyAdd(x, b1, c01);
            x = V.Broadcast(*a1);
            c10 = V.MultiplyAdd(x, b0, c10);
            c11 = V.MultiplyAdd(x, b1, c11);
            x = V.Broadcast(*a2);
            c20 = V.MultiplyAdd(x, b0, c20);
            c21 = V.MultiplyAdd(x, b1, c21);
            x = V.Broadcast(*a3);
            c30 = V.MultiplyAdd(x, b0, c30);
            c31 = V.MultiplyAdd(x, b1, c31);
            a += aColumn;
            a1 += aColumn;
            a2 += aColumn;
            a3 += aColumn;
            b += bRow;
        }

        Store(c, c00, c01, accumulate);
        Store(c += row, c10, c11, accumulate);
        Store(c += row, c20, c21, accumulate);
        Store(c + row, c30, c31, accumulate);
    }

    /// <summary>c[2V] (+)= a[k] b[k, 2V]; two steps of k at once, since one row alone waits for its own sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Direct1<V, T>(int k, T* a, long aColumn, T* b, long bRow, T* c, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c0 = V.Broadcast(T.Zero), c1 = c0, d0 = c0, d1 = c0;
        for (; k > 1; k -= 2)
        {
            var x = V.Broadcast(*a);
            var y = V.Broadcast(a[aColumn]);
            c0 = V.MultiplyAdd(x, V.Load(b), c0);
            c1 = V.MultiplyAdd(x, V.Load(b + V.Count), c1);
            d0 = V.MultiplyAdd(y, V.Load(b + bRow), d0);
            d1 = V.MultiplyAdd(y, V.Load(b + bRow + V.Count), d1);
            a += 2 * aColumn;
            b += 2 * bRow;
        }

        if (k > 0)
        {
            var x = V.Broadcast(*a);
            c0 = V.MultiplyAdd(x, V.Load(b), c0);
            c1 = V.MultiplyAdd(x, V.Load(b + V.Count), c1);
        }

        Store(c, c0 + d0, c1 + d1, accumulate);
    }

    // A row of the tile of C comes from beyond L2 while the sums are made, so that at the end of a tile nothing waits for it; a row at a time,
    // lest the fetches fill the queue in which those of B wait.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch<T>(T* row, int bytes)
        where T : unmanaged
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch0(row);
        Sse.Prefetch0((byte*)row + bytes - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, T>(T* c, V x, V y, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        if (accumulate)
        {
            x += V.Load(c);
            y += V.Load(c + V.Count);
        }

        x.Store(c);
        y.Store(c + V.Count);
    }
}
