using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Gathers and scatters along one axis of dense tensors [outer, n, inner] by positions.</summary>
internal static unsafe class Indexing
{
    private const long Grain = 1 << 14;

    /// <summary>y[o, i, :] = x[o, index[i], :], rows of <paramref name="rowBytes"/>.</summary>
    /// <exception cref="AxisException">A position is not in 0 … n-1.</exception>
    public static void Take(byte* x, long* index, byte* y, long outer, long n, long count, long rowBytes)
    {
        Check("Take", index, n, count);
        var rows = outer * count;
        if (rows == 0 || rowBytes == 0) return;
        var tasks = (int)Math.Clamp(rows * Math.Max(rowBytes, 8) / Grain, 1, 256);
        WorkerPool.Shared.For(tasks, task =>
        {
            long row = rows * task / tasks, end = rows * (task + 1) / tasks;
            while (row < end)
            {
                // The positions that are left of this outer part.
                var (o, i) = Math.DivRem(row, count);
                var stop = Math.Min(count, i + end - row);
                byte* from = x + o * n * rowBytes, to = y + row * rowBytes;
                switch (rowBytes)
                {
                    case 8: Elements((ulong*)from, index + i, (ulong*)to, stop - i); break;
                    case 4: Elements((uint*)from, index + i, (uint*)to, stop - i); break;
                    case 2: Elements((ushort*)from, index + i, (ushort*)to, stop - i); break;
                    case 1: Elements(from, index + i, to, stop - i); break;
                    default:
                        for (var k = i; k < stop; k++, to += rowBytes) Buffer.MemoryCopy(from + index[k] * rowBytes, to, rowBytes, rowBytes);
                        break;
                }

                row += stop - i;
            }
        });
    }

    /// <summary>y[o, index[i], :] += x[o, i, :] in the order of i.</summary>
    /// <exception cref="AxisException">A position is not in 0 … n-1.</exception>
    public static void ScatterAdd<T>(T* x, long* index, T* y, long outer, long n, long count, long inner)
        where T : unmanaged, INumber<T>
    {
        Check("ScatterAdd", index, n, count);
        if (outer == 0 || count == 0 || inner == 0) return;

        // Outer blocks do not meet; inside one, the order of i is kept. Where there are few, the columns of inner are shared out too.
        var block = count * inner;
        var outers = (int)Math.Clamp(outer * block / Grain, 1, Math.Min(outer, 256));
        var strips = (int)Math.Clamp(16 / outers, 1, Math.Max(1, Math.Min(inner / 16, outer * block / Grain)));
        WorkerPool.Shared.For(outers * strips, task =>
        {
            var (part, strip) = Math.DivRem(task, strips);
            long first = inner * strip / strips, end = inner * (strip + 1) / strips;
            for (var o = outer * part / outers; o < outer * (part + 1) / outers; o++)
            {
                T* from = x + o * block, to = y + o * n * inner;
                if (inner == 1)
                {
                    for (long i = 0; i < count; i++) to[index[i]] += from[i];
                    continue;
                }

                for (long i = 0; i < count; i++) AddRow(from + i * inner + first, to + index[i] * inner + first, end - first);
            }
        });
    }

    /// <summary>y[o, r, :] = the i with index[i] = r whose x[o, i, :] is extreme, the first of equals or of NaN; -1 if there is none.</summary>
    /// <exception cref="AxisException">A position is not in 0 … n-1.</exception>
    public static void ScatterExtremumIndex<T>(bool largest, T* x, long* index, long* y, long outer, long n, long count, long inner)
        where T : unmanaged, INumber<T>
    {
        Check("ScatterExtremumIndex", index, n, count);
        if (n == 0 || inner == 0) return;
        var outers = (int)Math.Clamp(outer * Math.Max(n, count) * inner / Grain, 1, Math.Clamp(outer, 1, 256));
        WorkerPool.Shared.For(outers, task =>
        {
            for (var o = outer * task / outers; o < outer * (task + 1) / outers; o++)
            {
                var from = x + o * count * inner;
                var to = y + o * n * inner;
                new Span<long>(to, checked((int)(n * inner))).Fill(-1);
                for (long i = 0; i < count; i++)
                {
                    T* row = from + i * inner;
                    var best = to + index[i] * inner;
                    for (long j = 0; j < inner; j++)
                    {
                        if (best[j] < 0 || Wins(largest, row[j], from[best[j] * inner + j])) best[j] = i;
                    }
                }
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow<T>(T* x, T* y, long count)
        where T : unmanaged, INumber<T>
    {
        long i = 0;
        for (; i + Vector256<T>.Count <= count; i += Vector256<T>.Count) (Vector256.Load(y + i) + Vector256.Load(x + i)).Store(y + i);
        for (; i < count; i++) y[i] += x[i];
    }

    private static void Elements<T>(T* x, long* index, T* y, long count)
        where T : unmanaged
    {
        for (long i = 0; i < count; i++) y[i] = x[index[i]];
    }

    private static bool Wins<T>(bool largest, T x, T best)
        where T : unmanaged, INumber<T> => !T.IsNaN(best) && (T.IsNaN(x) || (largest ? x > best : x < best));

    private static void Check(string operation, long* index, long n, long count)
    {
        for (long i = 0; i < count; i++)
        {
            if ((ulong)index[i] >= (ulong)n)
                throw new AxisException($"{operation}: index {index[i]} at position {i} is outside an axis of {n}");
        }
    }
}
