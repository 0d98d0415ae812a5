using System.Numerics;
using System.Runtime.CompilerServices;
using Noether.Kernels.Spectral;

namespace Noether.Devices.Host;

/// <summary>n = r · m real points, both odd: real transforms of r points first, then complex ones of m.</summary>
/// <remarks>
/// Algorithm: with t = t1 m + t2 and k = k1 + r k2, X[k] = Σ_t2 w^(k1 t2) e^(-2πi k2 t2/m) Y[k1, t2], w = e^(-2πi/n), Y the transform over t1 of real
///            columns. Rows k1 and r - k1 of Y are conjugates, and so are their results X[k] and X[n - k]: only k1 up to r/2 are kept. Row 0 is real
///            again. The inverse goes the same way backwards.
/// Cost:      r real transforms' worth of r points (m of them), (r - 1)/2 complex ones of m, one real one of m: half of a complex transform of n.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class CompositeRealFft<T> : OddRealFft<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int r;
    private readonly int m;
    private readonly int own; // results of a row that are kept themselves, k2 up to m/2; the others are mirror images
    private readonly OddRealFft<T> columns; // of r points
    private readonly OddRealFft<T> zeroth; // row 0: m points
    private readonly FftPlan<T> others;
    private readonly T[][] turnsR; // w^(k1 t2), for k1 from 1 on
    private readonly T[][] turnsI;

    public CompositeRealFft(int r, int m)
    {
        this.r = r;
        this.m = m;
        own = m / 2 + 1;
        columns = For(r);
        zeroth = For(m);
        others = FftPlan<T>.For(m);
        turnsR = new T[r / 2][];
        turnsI = new T[r / 2][];
        for (var row = 0; row < r / 2; row++)
        {
            turnsR[row] = new T[m];
            turnsI[row] = new T[m];
            for (var t = 0; t < m; t++)
            {
                var (c, s) = UnitRoot.At((row + 1L) * t, (long)r * m);
                turnsR[row][t] = T.CreateTruncating(c);
                turnsI[row][t] = T.CreateTruncating(-s);
            }
        }
    }

    public override int Size => Math.Max(r * m / 2, Math.Max(columns.Size * m, others.Size));

    public override void Forward(T* x, long xPitch, T* re, T* im, long yPitch, int lanes, T scale)
    {
        long row = (long)m * lanes, rows = r / 2;
        using var packed = Workspace.Rent<T>(xPitch == lanes ? 0 : r * row);
        if (xPitch != lanes)
        {
            Copy(x, xPitch, packed.As<T>(), lanes, r * m, lanes, T.One);
            x = packed.As<T>();
        }

        using var scratch = Workspace.Rent<T>(2 * (rows + 1) * row);
        T* zr = scratch.As<T>(), zi = zr + (rows + 1) * row;
        columns.Forward(x, row, zr, zi, row, checked((int)row), T.One);
        zeroth.Forward(zr, lanes, re, im, r * yPitch, lanes, scale);
        zr += row;
        zi += row;
        for (long k = 0; k < rows; k++)
            FftPass.Multiply(turnsR[k], turnsI[k], zr + k * row, zi + k * row, lanes, zr + k * row, zi + k * row, lanes, lanes);
        if (AreLanes(lanes))
        {
            using var turned = Workspace.Rent<T>(2 * rows * m);
            T* tr = turned.As<T>(), ti = tr + rows * m;
            Transposition.Run(zr, m, tr, rows, (int)rows, m);
            Transposition.Run(zi, m, ti, rows, (int)rows, m);
            others.Run(tr, ti, rows, tr, ti, rows, (int)rows, scale);
            for (long k = 0; k < m; k++)
            {
                var image = k > m / 2;
                long to = image ? r * (m - k) - 1 : r * k + 1, step = image ? -yPitch : yPitch;
                Copy(tr + k * rows, 1, re + to * yPitch, step, (int)rows, 1, T.One);
                Copy(ti + k * rows, 1, im + to * yPitch, step, (int)rows, 1, image ? -T.One : T.One);
            }

            return;
        }

        for (var k = 1; k <= rows; k++, zr += row, zi += row)
        {
            others.Run(zr, zi, lanes, zr, zi, lanes, lanes, scale);
            long images = r * (m - own) - k;
            Copy(zr, lanes, re + k * yPitch, r * yPitch, own, lanes, T.One);
            Copy(zi, lanes, im + k * yPitch, r * yPitch, own, lanes, T.One);
            Copy(zr + own * (long)lanes, lanes, re + images * yPitch, -r * yPitch, m - own, lanes, T.One);
            Copy(zi + own * (long)lanes, lanes, im + images * yPitch, -r * yPitch, m - own, lanes, -T.One);
        }
    }

    public override void Inverse(T* re, T* im, long xPitch, T* y, long yPitch, int lanes, T scale)
    {
        long row = (long)m * lanes, rows = r / 2;
        using var scratch = Workspace.Rent<T>(2 * (rows + 1) * row);
        T* zr = scratch.As<T>(), zi = zr + (rows + 1) * row, kr = zr + row, ki = zi + row;
        zeroth.Inverse(re, im, r * xPitch, zr, lanes, lanes, T.One);

        // Parts exchanged: the inverse transform, and turns backwards.
        if (AreLanes(lanes))
        {
            using var turned = Workspace.Rent<T>(2 * rows * m);
            T* tr = turned.As<T>(), ti = tr + rows * m;
            for (long k = 0; k < m; k++)
            {
                var image = k > m / 2;
                long from = image ? r * (m - k) - 1 : r * k + 1, step = image ? -xPitch : xPitch;
                Copy(re + from * xPitch, step, tr + k * rows, 1, (int)rows, 1, T.One);
                Copy(im + from * xPitch, step, ti + k * rows, 1, (int)rows, 1, image ? -T.One : T.One);
            }

            others.Run(ti, tr, rows, ti, tr, rows, (int)rows);
            Transposition.Run(tr, rows, kr, m, m, (int)rows);
            Transposition.Run(ti, rows, ki, m, m, (int)rows);
        }
        else
        {
            for (var k = 1; k <= rows; k++, kr += row, ki += row)
            {
                long images = r * (m - own) - k;
                Copy(re + k * xPitch, r * xPitch, kr, lanes, own, lanes, T.One);
                Copy(im + k * xPitch, r * xPitch, ki, lanes, own, lanes, T.One);
                Copy(re + images * xPitch, -r * xPitch, kr + own * (long)lanes, lanes, m - own, lanes, T.One);
                Copy(im + images * xPitch, -r * xPitch, ki + own * (long)lanes, lanes, m - own, lanes, -T.One);
                others.Run(ki, kr, lanes, ki, kr, lanes, lanes);
            }

            kr = zr + row;
            ki = zi + row;
        }

        for (long k = 0; k < rows; k++)
            FftPass.Multiply(turnsR[k], turnsI[k], ki + k * row, kr + k * row, lanes, ki + k * row, kr + k * row, lanes, lanes);
        using var packed = Workspace.Rent<T>(yPitch == lanes ? 0 : r * row);
        columns.Inverse(zr, zi, row, yPitch == lanes ? y : packed.As<T>(), row, checked((int)row), scale);
        if (yPitch != lanes)
            Copy(packed.As<T>(), lanes, y, yPitch, r * m, lanes, T.One);
    }

    // Of one sequence many short rows fill registers side by side.
    private bool AreLanes(int lanes) => lanes == 1 && r / 2 >= 64 / sizeof(T);

    private static void Copy(T* x, long xPitch, T* y, long yPitch, int rows, int lanes, T sign) =>
        LaneLoop.Over<CopyLoop, T>(new(x, xPitch, y, yPitch, rows, sign), lanes);

    // Rows, times ±1.
    private readonly struct CopyLoop(T* x, long xPitch, T* y, long yPitch, int rows, T sign) : ILaneLoop<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            var factor = V.Broadcast(sign);
            T* from = x, to = y;
            long fromStep = xPitch, toStep = yPitch;
            for (var row = rows; row > 0; row--, from += fromStep, to += toStep)
                for (var q = first; q < end; q += V.Count)
                    (factor * V.Load(from + q)).Store(to + q);
        }
    }
}
