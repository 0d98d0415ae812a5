using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Plane rotations of rows, <c>p' = c·p + s·q</c> and <c>q' = c·q - s·p</c>, that an iteration makes faster than a matrix can take them: they are written down and done in batches.</summary>
/// <remarks>
/// Algorithm: rotations of neighbouring rows in a row are a sweep, and a sweep may follow the one before at a distance of one row: three sweeps go over
///            the matrix as one wave (Van Zee, van de Geijn and Quintana-Ortí 2014), in which a row is loaded and stored once for six rotations of it.
///            The matrix is cut into strips of four registers, each moved to a place of its own until the end, and a strip takes all waves of a batch
///            before the next begins: a strip (512 rows x 32 columns: 128 KiB) stays in L2, the batch too. A rotation is three shears, <c>p += t·q; q -= s·p; p += t·q</c> with t = s / (1 + c), three
///            multiply-adds instead of four operations; c is made positive by turning both rows' signs, which are remembered until the end.
/// Parallel:  over strips.
/// </remarks>
/// <param name="matrix">Rows that the rotations turn, 64-byte aligned.</param>
/// <param name="stride">From a row to the next: a multiple of <see cref="Padding"/>.</param>
/// <param name="n">Rows, and columns.</param>
/// <param name="strips">Room for as much as the matrix, aligned as it is.</param>
internal sealed unsafe class Rotations(double* matrix, int stride, int n, double* strips)
{
    /// <summary>Columns are padded to a multiple of this.</summary>
    public const int Padding = 32;

    private const int Batch = 8192;

    // Sweeps in a wave; each needs a row of the strip in registers, and one more.
    private const int Sweeps = 3;

    private readonly Rotation[] rotations = ArrayPool<Rotation>.Shared.Rent(Batch);
    private readonly List<Sweep> sweeps = [];
    private readonly List<Wave> waves = [];
    private readonly bool[] turned = new bool[n];
    private double[] factors = ArrayPool<double>.Shared.Rent(4 * Batch);
    private int count;
    private bool moved;

    /// <summary>Writes one down.</summary>
    public void Add(int p, int q, double c, double s)
    {
        if (count == Batch) Apply(end: false);
        if (turned[p] != turned[q]) s = -s;
        if (c < 0)
        {
            (c, s) = (-c, -s);
            turned[p] = !turned[p];
            turned[q] = !turned[q];
        }

        if (sweeps.Count == 0 || !sweeps[^1].TakesAfter(rotations[count - 1].P, p, q, out var longer)) sweeps.Add(new(count, 1, q - p, 0));
        else sweeps[^1] = longer;
        rotations[count++] = new(p, s, s / (1 + c));
    }

    /// <summary>Does those written down, and ends: none may follow.</summary>
    public void Finish()
    {
        if (moved || count > 0) Apply(end: true);
        ArrayPool<Rotation>.Shared.Return(rotations);
        ArrayPool<double>.Shared.Return(factors);
    }

    private void Apply(bool end)
    {
        Arrange();
        fixed (double* first = factors)
        {
            if (Vector512.IsHardwareAccelerated) Run<Simd512<double>>(first, end);
            else if (Vector256.IsHardwareAccelerated) Run<Simd256<double>>(first, end);
            else Run<Simd128<double>>(first, end);
        }

        moved = true;
        sweeps.Clear();
        waves.Clear();
        count = 0;
    }

    private void Run<V>(double* first, bool end)
        where V : struct, ISimd<V, double> =>
        WorkerPool.Shared.For((n + 4 * V.Count - 1) / (4 * V.Count), new Strips<V>(matrix, stride, n, strips, waves, first, !moved, end ? turned : null));

    // Sweeps that follow each other in one direction become waves, up to three at a time; where a wave reaches beyond a sweep, its factors are 0.
    private void Arrange()
    {
        var filled = 0;
        for (var first = 0; first < sweeps.Count;)
        {
            var (distance, direction) = (sweeps[first].Distance, sweeps[first].Direction);
            var end = first + 1;
            if (distance == 1)
            {
                for (; end < sweeps.Count && end < first + Sweeps && sweeps[end].Distance == 1; end++)
                {
                    var next = sweeps[end].Direction;
                    if (next != 0 && direction != 0 && next != direction) break;
                    if (direction == 0) direction = next;
                }
            }

            // Upwards the wave begins with the lowest row of all, else with the highest.
            var down = direction < 0;
            int low = int.MaxValue, high = 0;
            for (var k = first; k < end; k++)
            {
                int from = rotations[sweeps[k].First].P, to = rotations[sweeps[k].First + sweeps[k].Length - 1].P;
                low = Math.Min(low, Math.Min(from, to));
                high = Math.Max(high, Math.Max(from, to));
            }

            var length = high - low + 1;
            var size = (length + Sweeps - 1) * Sweeps * 2;
            if (filled + size > factors.Length)
            {
                var more = ArrayPool<double>.Shared.Rent(Math.Max(filled + size, 2 * factors.Length));
                factors.AsSpan(0, filled).CopyTo(more);
                ArrayPool<double>.Shared.Return(factors);
                factors = more;
            }

            Array.Clear(factors, filled, size);
            for (var k = first; k < end; k++)
            {
                for (var i = sweeps[k].First; i < sweeps[k].First + sweeps[k].Length; i++)
                {
                    // Seen from the second row a rotation is the same with the sign of s turned.
                    var r = rotations[i];
                    var place = down ? high - r.P : r.P - low;
                    var at = filled + ((place + k - first) * Sweeps + k - first) * 2;
                    factors[at] = down ? -r.T : r.T;
                    factors[at + 1] = down ? r.S : -r.S;
                }
            }

            var origin = down ? high + 1 : low;
            waves.Add(new(origin, down ? -distance : distance, length, filled));
            filled += size;
            first = end;
        }
    }

    // Of rows P and Q, as shears.
    private readonly record struct Rotation(int P, double S, double T);

    // Rotations of rows so far apart; of neighbours, several: P grows or falls by 1 (0: one alone).
    private readonly record struct Sweep(int First, int Length, int Distance, int Direction)
    {
        public bool TakesAfter(int last, int p, int q, out Sweep longer)
        {
            longer = new(First, Length + 1, Distance, p - last);
            return Distance == 1 && q - p == 1 && (Direction == 0 ? Math.Abs(p - last) == 1 : p - last == Direction);
        }
    }

    // The first row and the way to the next; rotations a sweep; where their factors are.
    private readonly record struct Wave(int Origin, int Step, int Length, int Factors);

    private readonly struct Strips<V>(double* matrix, int stride, int n, double* strips, List<Wave> waves, double* factors, bool begin, bool[]? end) : IParallelBody
        where V : struct, ISimd<V, double>
    {
        private static int Width => 4 * V.Count;

        public void Invoke(int index)
        {
            double* place = matrix + (long)index * Width, strip = strips + (long)index * Width * n;
            for (var i = 0; begin && i < n; i++) new ReadOnlySpan<double>(place + (long)i * stride, Width).CopyTo(new(strip + i * Width, Width));
            foreach (var wave in waves) Turn(strip + wave.Origin * Width, wave.Step * Width, wave.Length, factors + wave.Factors);
            for (var i = 0; end is not null && i < n; i++)
            {
                Span<double> row = new(place + (long)i * stride, Width);
                new ReadOnlySpan<double>(strip + i * Width, Width).CopyTo(row);
                if (end[i]) TensorPrimitives.Negate<double>(row, row);
            }
        }

        // At step i sweep k turns the rows i - k and i - k + 1 of the wave, which are d and c, c and b, b and a.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Turn(double* row, long step, int length, double* f)
        {
            V a0 = V.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            V c0 = V.Load(row), c1 = V.Load(row + V.Count), c2 = V.Load(row + 2 * V.Count), c3 = V.Load(row + 3 * V.Count);
            V d0 = a0, d1 = a0, d2 = a0, d3 = a0;
            var done = row;
            for (var i = 0; i < length + Sweeps - 1; i++, f += 2 * Sweeps)
            {
                if (i < length)
                {
                    row += step;
                    d0 = V.Load(row);
                    d1 = V.Load(row + V.Count);
                    d2 = V.Load(row + 2 * V.Count);
                    d3 = V.Load(row + 3 * V.Count);
                }

                V t = V.Broadcast(f[0]), s = V.Broadcast(f[1]);
                c0 = V.MultiplyAdd(t, d0, c0);
                c1 = V.MultiplyAdd(t, d1, c1);
                c2 = V.MultiplyAdd(t, d2, c2);
                c3 = V.MultiplyAdd(t, d3, c3);
                d0 = V.MultiplyAdd(s, c0, d0);
                d1 = V.MultiplyAdd(s, c1, d1);
                d2 = V.MultiplyAdd(s, c2, d2);
                d3 = V.MultiplyAdd(s, c3, d3);
                c0 = V.MultiplyAdd(t, d0, c0);
                c1 = V.MultiplyAdd(t, d1, c1);
                c2 = V.MultiplyAdd(t, d2, c2);
                c3 = V.MultiplyAdd(t, d3, c3);

                (t, s) = (V.Broadcast(f[2]), V.Broadcast(f[3]));
                b0 = V.MultiplyAdd(t, c0, b0);
                b1 = V.MultiplyAdd(t, c1, b1);
                b2 = V.MultiplyAdd(t, c2, b2);
                b3 = V.MultiplyAdd(t, c3, b3);
                c0 = V.MultiplyAdd(s, b0, c0);
                c1 = V.MultiplyAdd(s, b1, c1);
                c2 = V.MultiplyAdd(s, b2, c2);
                c3 = V.MultiplyAdd(s, b3, c3);
                b0 = V.MultiplyAdd(t, c0, b0);
                b1 = V.MultiplyAdd(t, c1, b1);
                b2 = V.MultiplyAdd(t, c2, b2);
                b3 = V.MultiplyAdd(t, c3, b3);

                (t, s) = (V.Broadcast(f[4]), V.Broadcast(f[5]));
                a0 = V.MultiplyAdd(t, b0, a0);
                a1 = V.MultiplyAdd(t, b1, a1);
                a2 = V.MultiplyAdd(t, b2, a2);
                a3 = V.MultiplyAdd(t, b3, a3);
                b0 = V.MultiplyAdd(s, a0, b0);
                b1 = V.MultiplyAdd(s, a1, b1);
                b2 = V.MultiplyAdd(s, a2, b2);
                b3 = V.MultiplyAdd(s, a3, b3);
                if (i >= Sweeps - 1)
                {
                    V.MultiplyAdd(t, b0, a0).Store(done);
                    V.MultiplyAdd(t, b1, a1).Store(done + V.Count);
                    V.MultiplyAdd(t, b2, a2).Store(done + 2 * V.Count);
                    V.MultiplyAdd(t, b3, a3).Store(done + 3 * V.Count);
                    done += step;
                }

                (a0, a1, a2, a3) = (b0, b1, b2, b3);
                (b0, b1, b2, b3) = (c0, c1, c2, c3);
                (c0, c1, c2, c3) = (d0, d1, d2, d3);
            }

            a0.Store(done);
            a1.Store(done + V.Count);
            a2.Store(done + 2 * V.Count);
            a3.Store(done + 3 * V.Count);
        }
    }
}
