using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>A complex matrix product for each mode: C[p, q, k] = Σ_r A[p, r, k] B[r, q, k], or with the conjugate of A.</summary>
/// <remarks>
/// Layout:    real and imaginary parts apart, the modes k contiguous, the matrix axes at any distance. So a lane is a mode: operands are read as
///            they lie, nothing is packed, and no product sums across lanes.
/// Algorithm: for each register of modes, tiles of 2 x 2 elements of C: 16 multiply-adds on 8 loads, 8 sums of which each takes 2 a step.
/// Limit:     multiply-add units while A and B of one register of modes stay in L2: 128 bytes for each element of either.
/// Parallel:  over registers of modes and pairs of p. Sums run over r in order: equal bits for every number of threads.
/// </remarks>
internal static unsafe class ModeProduct
{
    /// <summary>An operand: its parts, and how far apart its rows and its columns are.</summary>
    internal readonly struct Matrix<T>(T* re, T* im, long row, long column)
        where T : unmanaged
    {
        public readonly T* Re = re, Im = im;
        public readonly long Row = row, Column = column;

        /// <summary>The transpose, which costs nothing.</summary>
        public Matrix<T> Transposed => new(Re, Im, Column, Row);
    }

    /// <summary>C is P x Q, the sum has R terms, each element has <paramref name="modes"/> complex numbers; nothing overlaps.</summary>
    public static void Multiply<T>(Matrix<T> a, Matrix<T> b, Matrix<T> c, int p, int r, int q, int modes, bool conjugate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (p == 0 || q == 0 || modes == 0)
            return;
        var chunk = Math.Min(modes, 64 / sizeof(T));
        var chunks = (modes + chunk - 1) / chunk;
        var pairs = (p + 1) / 2;
        var body = new Body<T>(a, b, c, p, r, q, modes, conjugate ? -T.One : T.One, chunk, pairs);
        if ((long)p * q * r * modes > 50_000)
            WorkerPool.Shared.For(chunks * pairs, body);
        else
            for (var i = 0; i < chunks * pairs; i++)
                body.Invoke(i);
    }

    private readonly struct Body<T>(Matrix<T> a, Matrix<T> b, Matrix<T> c, int p, int r, int q, int modes, T sign, int chunk, int pairs) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int index)
        {
            int k = index / pairs * chunk, end = Math.Min(modes, k + chunk), i = index % pairs * 2;
            if (Vector512.IsHardwareAccelerated)
                for (; k + Simd512<T>.Count <= end; k += Simd512<T>.Count)
                    Rows<Simd512<T>>(i, k);
            if (Vector256.IsHardwareAccelerated)
                for (; k + Simd256<T>.Count <= end; k += Simd256<T>.Count)
                    Rows<Simd256<T>>(i, k);
            for (; k + Simd128<T>.Count <= end; k += Simd128<T>.Count)
                Rows<Simd128<T>>(i, k);
            for (; k < end; k++)
                Rows<SimdScalar<T>>(i, k);
        }

        // A single last row or column is computed twice rather than by code of its own.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Rows<V>(int i, int k)
            where V : struct, ISimd<V, T>
        {
            var signs = V.Broadcast(sign);
            var minus = V.Broadcast(-sign);
            var below = i + 1 < p;
            for (var j = 0; j < q; j += 2)
            {
                var beside = j + 1 < q;
                T* ar = a.Re + i * a.Row + k, ai = a.Im + i * a.Row + k;
                T* br = b.Re + j * b.Column + k, bi = b.Im + j * b.Column + k;
                long down = below ? a.Row : 0, right = beside ? b.Column : 0;
                V r00 = V.Broadcast(T.Zero), i00 = r00, r01 = r00, i01 = r00, r10 = r00, i10 = r00, r11 = r00, i11 = r00;
                for (var step = r; step > 0; step--)
                {
                    V xr = V.Load(ar), xi = V.Load(ai), yr = V.Load(ar + down), yi = V.Load(ai + down);
                    V ur = V.Load(br), ui = V.Load(bi), vr = V.Load(br + right), vi = V.Load(bi + right);
                    V xm = xi * minus, ym = yi * minus;
                    xi *= signs;
                    yi *= signs;
                    r00 = V.MultiplyAdd(xm, ui, V.MultiplyAdd(xr, ur, r00));
                    i00 = V.MultiplyAdd(xi, ur, V.MultiplyAdd(xr, ui, i00));
                    r01 = V.MultiplyAdd(xm, vi, V.MultiplyAdd(xr, vr, r01));
                    i01 = V.MultiplyAdd(xi, vr, V.MultiplyAdd(xr, vi, i01));
                    r10 = V.MultiplyAdd(ym, ui, V.MultiplyAdd(yr, ur, r10));
                    i10 = V.MultiplyAdd(yi, ur, V.MultiplyAdd(yr, ui, i10));
                    r11 = V.MultiplyAdd(ym, vi, V.MultiplyAdd(yr, vr, r11));
                    i11 = V.MultiplyAdd(yi, vr, V.MultiplyAdd(yr, vi, i11));
                    ar += a.Column;
                    ai += a.Column;
                    br += b.Row;
                    bi += b.Row;
                }

                var to = i * c.Row + j * c.Column + k;
                r00.Store(c.Re + to);
                i00.Store(c.Im + to);
                if (beside)
                {
                    r01.Store(c.Re + to + c.Column);
                    i01.Store(c.Im + to + c.Column);
                }

                if (!below)
                    continue;
                to += c.Row;
                r10.Store(c.Re + to);
                i10.Store(c.Im + to);
                if (!beside)
                    continue;
                r11.Store(c.Re + to + c.Column);
                i11.Store(c.Im + to + c.Column);
            }
        }
    }
}
