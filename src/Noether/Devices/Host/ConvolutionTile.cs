using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>The innermost loops of convolutions: register tiles whose rows lie at given offsets instead of a fixed distance apart.</summary>
/// <remarks>
/// As in <see cref="GemmTile"/>, R rows by 2 registers of sums. Loads of the input are rarely aligned and cost two each; R = 12 multiply-adds
/// pairs for every pair of loads leave room for that.
/// </remarks>
internal static unsafe class ConvolutionTile
{
    /// <summary>c[12, 2V] (+)= Σ_k a[k, 12] x[offsets[k] + (0 … 2V)].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows12<V, T>(int k, T* a, int* offsets, T* x, T* c, long row, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V c00 = V.Broadcast(T.Zero), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        V c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
        V c80 = c00, c81 = c00, c90 = c00, c91 = c00, cA0 = c00, cA1 = c00, cB0 = c00, cB1 = c00;
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
            y = V.Broadcast(a[8]);
            c80 = V.MultiplyAdd(y, b0, c80);
            c81 = V.MultiplyAdd(y, b1, c81);
            y = V.Broadcast(a[9]);
            c90 = V.MultiplyAdd(y, b0, c90);
            c91 = V.MultiplyAdd(y, b1, c91);
            y = V.Broadcast(a[10]);
            cA0 = V.MultiplyAdd(y, b0, cA0);
            cA1 = V.MultiplyAdd(y, b1, cA1);
            y = V.Broadcast(a[11]);
            cB0 = V.MultiplyAdd(y, b0, cB0);
            cB1 = V.MultiplyAdd(y, b1, cB1);
            a += 12;
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
