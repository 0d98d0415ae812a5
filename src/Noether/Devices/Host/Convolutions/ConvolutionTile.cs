using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>The innermost loops of convolutions: register tiles whose rows lie at given offsets instead of a fixed distance apart.</summary>
/// <remarks>
/// As in <see cref="GemmTile"/>, R rows by one or two registers of sums. Eight rows of one register are already more sums than latency times
/// throughput of the multiply-add units, and leave them one broadcast and an eighth of a load each, which two loads a cycle cover.
/// </remarks>
internal static unsafe class ConvolutionTile
{
    /// <summary>c[8, 2V] (+)= Σ_k x[offsets[k] + (0 … 8)] w[k, 2V].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Eight2<V, T>(int k, T* w, int* offsets, T* x, T* c, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c00 = V.Broadcast(T.Zero), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
        for (; k > 0; k--)
        {
            var a = x + *offsets++;
            var b0 = V.Load(w);
            var b1 = V.Load(w + V.Count);
            var y = V.Broadcast(a[0]);
            c00 = V.MultiplyAdd(y, b0, c00);
            c01 = V.MultiplyAdd(y, b1, c01);
            y = V.Broadcast(a[1]);
            c10 = V.MultiplyAdd(y, b0, c10);
            c11 = V.MultiplyAdd(y, b1, c11);
            y = V.Broadcast(a[2]);
            c20 = V.MultiplyAdd(y, b0, c20);
            c21 = V.MultiplyAdd(y, b1, c21);
            y = V.Broadcast(a[3]);
            c30 = V.MultiplyAdd(y, b0, c30);
            c31 = V.MultiplyAdd(y, b1, c31);
            y = V.Broadcast(a[4]);
            c40 = V.MultiplyAdd(y, b0, c40);
            c41 = V.MultiplyAdd(y, b1, c41);
            y = V.Broadcast(a[5]);
            c50 = V.MultiplyAdd(y, b0, c50);
            c51 = V.MultiplyAdd(y, b1, c51);
            y = V.Broadcast(a[6]);
            c60 = V.MultiplyAdd(y, b0, c60);
            c61 = V.MultiplyAdd(y, b1, c61);
            y = V.Broadcast(a[7]);
            c70 = V.MultiplyAdd(y, b0, c70);
            c71 = V.MultiplyAdd(y, b1, c71);
            w += 2 * V.Count;
        }

        Store(c, c00, c01, accumulate);
        Store(c + 2 * V.Count, c10, c11, accumulate);
        Store(c + 4 * V.Count, c20, c21, accumulate);
        Store(c + 6 * V.Count, c30, c31, accumulate);
        Store(c + 8 * V.Count, c40, c41, accumulate);
        Store(c + 10 * V.Count, c50, c51, accumulate);
        Store(c + 12 * V.Count, c60, c61, accumulate);
        Store(c + 14 * V.Count, c70, c71, accumulate);
    }

    /// <summary>c[7, 2V] (+)= Σ_k x[offsets[k] + (0 … 7)] w[k, 2V].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Seven2<V, T>(int k, T* w, int* offsets, T* x, T* c, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c00 = V.Broadcast(T.Zero), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00;
        for (; k > 0; k--)
        {
            var a = x + *offsets++;
            var b0 = V.Load(w);
            var b1 = V.Load(w + V.Count);
            var y = V.Broadcast(a[0]);
            c00 = V.MultiplyAdd(y, b0, c00);
            c01 = V.MultiplyAdd(y, b1, c01);
            y = V.Broadcast(a[1]);
            c10 = V.MultiplyAdd(y, b0, c10);
            c11 = V.MultiplyAdd(y, b1, c11);
            y = V.Broadcast(a[2]);
            c20 = V.MultiplyAdd(y, b0, c20);
            c21 = V.MultiplyAdd(y, b1, c21);
            y = V.Broadcast(a[3]);
            c30 = V.MultiplyAdd(y, b0, c30);
            c31 = V.MultiplyAdd(y, b1, c31);
            y = V.Broadcast(a[4]);
            c40 = V.MultiplyAdd(y, b0, c40);
            c41 = V.MultiplyAdd(y, b1, c41);
            y = V.Broadcast(a[5]);
            c50 = V.MultiplyAdd(y, b0, c50);
            c51 = V.MultiplyAdd(y, b1, c51);
            y = V.Broadcast(a[6]);
            c60 = V.MultiplyAdd(y, b0, c60);
            c61 = V.MultiplyAdd(y, b1, c61);
            w += 2 * V.Count;
        }

        Store(c, c00, c01, accumulate);
        Store(c + 2 * V.Count, c10, c11, accumulate);
        Store(c + 4 * V.Count, c20, c21, accumulate);
        Store(c + 6 * V.Count, c30, c31, accumulate);
        Store(c + 8 * V.Count, c40, c41, accumulate);
        Store(c + 10 * V.Count, c50, c51, accumulate);
        Store(c + 12 * V.Count, c60, c61, accumulate);
    }

    /// <summary>c[4, 2V] (+)= Σ_k x[offsets[k] + (0 … 4)] w[k, 2V].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four2<V, T>(int k, T* w, int* offsets, T* x, T* c, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c00 = V.Broadcast(T.Zero), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        for (; k > 0; k--)
        {
            var a = x + *offsets++;
            var b0 = V.Load(w);
            var b1 = V.Load(w + V.Count);
            var y = V.Broadcast(a[0]);
            c00 = V.MultiplyAdd(y, b0, c00);
            c01 = V.MultiplyAdd(y, b1, c01);
            y = V.Broadcast(a[1]);
            c10 = V.MultiplyAdd(y, b0, c10);
            c11 = V.MultiplyAdd(y, b1, c11);
            y = V.Broadcast(a[2]);
            c20 = V.MultiplyAdd(y, b0, c20);
            c21 = V.MultiplyAdd(y, b1, c21);
            y = V.Broadcast(a[3]);
            c30 = V.MultiplyAdd(y, b0, c30);
            c31 = V.MultiplyAdd(y, b1, c31);
            w += 2 * V.Count;
        }

        Store(c, c00, c01, accumulate);
        Store(c + 2 * V.Count, c10, c11, accumulate);
        Store(c + 4 * V.Count, c20, c21, accumulate);
        Store(c + 6 * V.Count, c30, c31, accumulate);
    }

    /// <summary>c[8, V] (+)= Σ_k x[offsets[k] + (0 … 8)] w[k, V].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Eight1<V, T>(int k, T* w, int* offsets, T* x, T* c, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c0 = V.Broadcast(T.Zero), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        for (; k > 0; k--)
        {
            var a = x + *offsets++;
            var b0 = V.Load(w);
            c0 = V.MultiplyAdd(V.Broadcast(a[0]), b0, c0);
            c1 = V.MultiplyAdd(V.Broadcast(a[1]), b0, c1);
            c2 = V.MultiplyAdd(V.Broadcast(a[2]), b0, c2);
            c3 = V.MultiplyAdd(V.Broadcast(a[3]), b0, c3);
            c4 = V.MultiplyAdd(V.Broadcast(a[4]), b0, c4);
            c5 = V.MultiplyAdd(V.Broadcast(a[5]), b0, c5);
            c6 = V.MultiplyAdd(V.Broadcast(a[6]), b0, c6);
            c7 = V.MultiplyAdd(V.Broadcast(a[7]), b0, c7);
            w += V.Count;
        }

        Store(c, c0, c1, accumulate);
        Store(c + 2 * V.Count, c2, c3, accumulate);
        Store(c + 4 * V.Count, c4, c5, accumulate);
        Store(c + 6 * V.Count, c6, c7, accumulate);
    }

    /// <summary>c[7, V] (+)= Σ_k x[offsets[k] + (0 … 7)] w[k, V].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Seven1<V, T>(int k, T* w, int* offsets, T* x, T* c, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c0 = V.Broadcast(T.Zero), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0;
        for (; k > 0; k--)
        {
            var a = x + *offsets++;
            var b0 = V.Load(w);
            c0 = V.MultiplyAdd(V.Broadcast(a[0]), b0, c0);
            c1 = V.MultiplyAdd(V.Broadcast(a[1]), b0, c1);
            c2 = V.MultiplyAdd(V.Broadcast(a[2]), b0, c2);
            c3 = V.MultiplyAdd(V.Broadcast(a[3]), b0, c3);
            c4 = V.MultiplyAdd(V.Broadcast(a[4]), b0, c4);
            c5 = V.MultiplyAdd(V.Broadcast(a[5]), b0, c5);
            c6 = V.MultiplyAdd(V.Broadcast(a[6]), b0, c6);
            w += V.Count;
        }

        Store(c, c0, c1, accumulate);
        Store(c + 2 * V.Count, c2, c3, accumulate);
        Store(c + 4 * V.Count, c4, c5, accumulate);
        if (accumulate)
            c6 += V.Load(c + 6 * V.Count);
        c6.Store(c + 6 * V.Count);
    }

    /// <summary>c[4, V] (+)= Σ_k x[offsets[k] + (0 … 4)] w[k, V].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four1<V, T>(int k, T* w, int* offsets, T* x, T* c, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c0 = V.Broadcast(T.Zero), c1 = c0, c2 = c0, c3 = c0;
        for (; k > 0; k--)
        {
            var a = x + *offsets++;
            var b0 = V.Load(w);
            c0 = V.MultiplyAdd(V.Broadcast(a[0]), b0, c0);
            c1 = V.MultiplyAdd(V.Broadcast(a[1]), b0, c1);
            c2 = V.MultiplyAdd(V.Broadcast(a[2]), b0, c2);
            c3 = V.MultiplyAdd(V.Broadcast(a[3]), b0, c3);
            w += V.Count;
        }

        Store(c, c0, c1, accumulate);
        Store(c + 2 * V.Count, c2, c3, accumulate);
    }

    /// <summary>c[2V] (+)= Σ_k x[offsets[k]] w[k, 2V]; two steps of k at once, since one row alone waits for its own sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One2<V, T>(int k, T* w, int* offsets, T* x, T* c, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c0 = V.Broadcast(T.Zero), c1 = c0, d0 = c0, d1 = c0;
        for (; k > 1; k -= 2, offsets += 2, w += 4 * V.Count)
        {
            V y = V.Broadcast(x[offsets[0]]), z = V.Broadcast(x[offsets[1]]);
            c0 = V.MultiplyAdd(y, V.Load(w), c0);
            c1 = V.MultiplyAdd(y, V.Load(w + V.Count), c1);
            d0 = V.MultiplyAdd(z, V.Load(w + 2 * V.Count), d0);
            d1 = V.MultiplyAdd(z, V.Load(w + 3 * V.Count), d1);
        }

        if (k > 0)
        {
            var y = V.Broadcast(x[*offsets]);
            c0 = V.MultiplyAdd(y, V.Load(w), c0);
            c1 = V.MultiplyAdd(y, V.Load(w + V.Count), c1);
        }

        Store(c, c0 + d0, c1 + d1, accumulate);
    }

    /// <summary>c[V] (+)= Σ_k x[offsets[k]] w[k, V]; two steps of k at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One1<V, T>(int k, T* w, int* offsets, T* x, T* c, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c0 = V.Broadcast(T.Zero), d0 = c0;
        for (; k > 1; k -= 2, offsets += 2, w += 2 * V.Count)
        {
            c0 = V.MultiplyAdd(V.Broadcast(x[offsets[0]]), V.Load(w), c0);
            d0 = V.MultiplyAdd(V.Broadcast(x[offsets[1]]), V.Load(w + V.Count), d0);
        }

        if (k > 0)
            c0 = V.MultiplyAdd(V.Broadcast(x[*offsets]), V.Load(w), c0);
        c0 += d0;
        if (accumulate)
            c0 += V.Load(c);
        c0.Store(c);
    }

    /// <summary>c[4, 2V] (+)= Σ_k a[k · step + (0 … 4)] x[offsets[k] + (0 … 2V)].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4<V, T>(int k, T* a, int step, int* offsets, T* x, T* c, long row, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c00 = V.Broadcast(T.Zero), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        for (; k > 0; k--)
        {
            var b = x + *offsets++;
            var b0 = V.Load(b);
            var b1 = V.Load(b + V.Count);
            var y = V.Broadcast(a[0]);
            c00 = V.MultiplyAdd(y, b0, c00);
            c01 = V.MultiplyAdd(y, b1, c01);
            y = V.Broadcast(a[1]);
            c10 = V.MultiplyAdd(y, b0, c10);
            c11 = V.MultiplyAdd(y, b1, c11);
            y = V.Broadcast(a[2]);
            c20 = V.MultiplyAdd(y, b0, c20);
            c21 = V.MultiplyAdd(y, b1, c21);
            y = V.Broadcast(a[3]);
            c30 = V.MultiplyAdd(y, b0, c30);
            c31 = V.MultiplyAdd(y, b1, c31);
            a += step;
        }

        Store(c, c00, c01, accumulate);
        Store(c += row, c10, c11, accumulate);
        Store(c += row, c20, c21, accumulate);
        Store(c + row, c30, c31, accumulate);
    }

    /// <summary>c[2V] (+)= Σ_k a[k · step] x[offsets[k] + (0 … 2V)]; two steps of k at once, since one row alone waits for its own sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1<V, T>(int k, T* a, int step, int* offsets, T* x, T* c, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c0 = V.Broadcast(T.Zero), c1 = c0, d0 = c0, d1 = c0;
        for (; k > 1; k -= 2)
        {
            T* b = x + offsets[0], e = x + offsets[1];
            V y = V.Broadcast(a[0]), z = V.Broadcast(a[step]);
            c0 = V.MultiplyAdd(y, V.Load(b), c0);
            c1 = V.MultiplyAdd(y, V.Load(b + V.Count), c1);
            d0 = V.MultiplyAdd(z, V.Load(e), d0);
            d1 = V.MultiplyAdd(z, V.Load(e + V.Count), d1);
            a += 2 * step;
            offsets += 2;
        }

        if (k > 0)
        {
            var b = x + *offsets;
            var y = V.Broadcast(*a);
            c0 = V.MultiplyAdd(y, V.Load(b), c0);
            c1 = V.MultiplyAdd(y, V.Load(b + V.Count), c1);
        }

        Store(c, c0 + d0, c1 + d1, accumulate);
    }

    /// <summary>c[8, 2V] += Σ_y Σ_x a[offsets[i] + y · pitch + x] b[y · width + x, 2V], y in <paramref name="height"/>, x in <paramref name="width"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Contract8<V, T>(int height, int width, int pitch, T* a, int* offsets, T* b, T* c)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c00 = V.Broadcast(T.Zero), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        V c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
        T* a0 = a + offsets[0], a1 = a + offsets[1], a2 = a + offsets[2], a3 = a + offsets[3];
        T* a4 = a + offsets[4], a5 = a + offsets[5], a6 = a + offsets[6], a7 = a + offsets[7];
        nint i = 0;
        for (; height > 0; height--, i += pitch - width)
            for (var end = i + width; i < end; i++)
            {
                var b0 = V.Load(b);
                var b1 = V.Load(b + V.Count);
                var x = V.Broadcast(a0[i]);
                c00 = V.MultiplyAdd(x, b0, c00);
                c01 = V.MultiplyAdd(x, b1, c01);
                x = V.Broadcast(a1[i]);
                c10 = V.MultiplyAdd(x, b0, c10);
                c11 = V.MultiplyAdd(x, b1, c11);
                x = V.Broadcast(a2[i]);
                c20 = V.MultiplyAdd(x, b0, c20);
                c21 = V.MultiplyAdd(x, b1, c21);
                x = V.Broadcast(a3[i]);
                c30 = V.MultiplyAdd(x, b0, c30);
                c31 = V.MultiplyAdd(x, b1, c31);
                x = V.Broadcast(a4[i]);
                c40 = V.MultiplyAdd(x, b0, c40);
                c41 = V.MultiplyAdd(x, b1, c41);
                x = V.Broadcast(a5[i]);
                c50 = V.MultiplyAdd(x, b0, c50);
                c51 = V.MultiplyAdd(x, b1, c51);
                x = V.Broadcast(a6[i]);
                c60 = V.MultiplyAdd(x, b0, c60);
                c61 = V.MultiplyAdd(x, b1, c61);
                x = V.Broadcast(a7[i]);
                c70 = V.MultiplyAdd(x, b0, c70);
                c71 = V.MultiplyAdd(x, b1, c71);
                b += 2 * V.Count;
            }

        const bool accumulate = true;
        var row = 2 * V.Count;
        Store(c, c00, c01, accumulate);
        Store(c += row, c10, c11, accumulate);
        Store(c += row, c20, c21, accumulate);
        Store(c += row, c30, c31, accumulate);
        Store(c += row, c40, c41, accumulate);
        Store(c += row, c50, c51, accumulate);
        Store(c += row, c60, c61, accumulate);
        Store(c + row, c70, c71, accumulate);
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
