using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>One plane rotation of two rows: <c>p' = c·p + s·q</c>, <c>q' = c·q - s·p</c>.</summary>
internal readonly record struct Rotation(int P, int Q, double C, double S);

/// <summary>Rotations that an iteration makes faster than a matrix can take them: they are written down and done in batches.</summary>
/// <remarks>
/// Algorithm: the rows of the matrix are cut into strips of four registers, and a strip takes all rotations of a batch before the next begins. So a
///            strip (512 rows x 32 columns: 128 KiB) stays in L2, the batch too, and a row that two rotations in a row share stays in registers:
///            a rotation costs four loads, four stores and sixteen multiplications or multiply-adds a strip.
/// Parallel:  over strips.
/// </remarks>
/// <param name="matrix">Rows that the rotations turn, 64-byte aligned; padded to whole strips.</param>
/// <param name="stride">From a row to the next: a multiple of <see cref="Padding"/>.</param>
internal sealed unsafe class Rotations(double* matrix, int stride)
{
    /// <summary>Columns are padded to a multiple of this.</summary>
    public const int Padding = 32;

    private const int Batch = 8192;

    private readonly Rotation[] rotations = new Rotation[Batch];
    private int count;

    /// <summary>Writes one down.</summary>
    public void Add(int p, int q, double c, double s)
    {
        if (count == Batch) Apply();
        rotations[count++] = new(p, q, c, s);
    }

    /// <summary>Does those written down.</summary>
    public void Apply()
    {
        if (count == 0) return;
        fixed (Rotation* first = rotations)
        {
            if (Vector512.IsHardwareAccelerated) Run<Simd512<double>>(first);
            else if (Vector256.IsHardwareAccelerated) Run<Simd256<double>>(first);
            else Run<Simd128<double>>(first);
        }

        count = 0;
    }

    private void Run<V>(Rotation* first)
        where V : struct, ISimd<V, double> => WorkerPool.Shared.For(stride / (4 * V.Count), new Strips<V>(matrix, stride, first, count));

    private readonly struct Strips<V>(double* matrix, int stride, Rotation* rotations, int count) : IParallelBody
        where V : struct, ISimd<V, double>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var strip = matrix + (long)index * 4 * V.Count;
            var held = rotations[0].P;
            var row = strip + (long)held * stride;
            V h0 = V.Load(row), h1 = V.Load(row + V.Count), h2 = V.Load(row + 2 * V.Count), h3 = V.Load(row + 3 * V.Count);
            for (var i = 0; i < count; i++)
            {
                var r = rotations[i];
                if (held != r.P && held != r.Q)
                {
                    row = strip + (long)held * stride;
                    Store(row, h0, h1, h2, h3);
                    held = r.P;
                    row = strip + (long)held * stride;
                    (h0, h1, h2, h3) = (V.Load(row), V.Load(row + V.Count), V.Load(row + 2 * V.Count), V.Load(row + 3 * V.Count));
                }

                // As seen from the held row a rotation is the same with the sign of s turned.
                var other = held == r.P ? r.Q : r.P;
                V c = V.Broadcast(r.C), s = V.Broadcast(held == r.P ? r.S : -r.S), t = V.Broadcast(held == r.P ? -r.S : r.S);
                var from = strip + (long)other * stride;
                V x0 = V.Load(from), x1 = V.Load(from + V.Count), x2 = V.Load(from + 2 * V.Count), x3 = V.Load(from + 3 * V.Count);
                V y0 = V.MultiplyAdd(s, x0, c * h0), y1 = V.MultiplyAdd(s, x1, c * h1), y2 = V.MultiplyAdd(s, x2, c * h2), y3 = V.MultiplyAdd(s, x3, c * h3);
                x0 = V.MultiplyAdd(t, h0, c * x0);
                x1 = V.MultiplyAdd(t, h1, c * x1);
                x2 = V.MultiplyAdd(t, h2, c * x2);
                x3 = V.MultiplyAdd(t, h3, c * x3);

                // Hold the row that comes again.
                if (i + 1 < count && (rotations[i + 1].P == other || rotations[i + 1].Q == other))
                {
                    Store(strip + (long)held * stride, y0, y1, y2, y3);
                    (h0, h1, h2, h3) = (x0, x1, x2, x3);
                    held = other;
                }
                else
                {
                    Store(from, x0, x1, x2, x3);
                    (h0, h1, h2, h3) = (y0, y1, y2, y3);
                }
            }

            Store(strip + (long)held * stride, h0, h1, h2, h3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store(double* row, V x0, V x1, V x2, V x3)
        {
            x0.Store(row);
            x1.Store(row + V.Count);
            x2.Store(row + 2 * V.Count);
            x3.Store(row + 3 * V.Count);
        }
    }
}
