using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Copies between two layouts of one shape. Axes are merged where both sides allow, and transposes go by square blocks.</summary>
/// <remarks>Blocks of 32x32 elements: both sides' lines (at most 32 of 64 bytes each way) stay in L1 while the block is turned.</remarks>
internal static unsafe class StridedCopy
{
    private const int Block = 32;
    private const long Grain = 1 << 15;

    public static void Run(View x, View y)
    {
        if (x.Size == 0) return;
        switch (x.Type.Bytes())
        {
            case 1: Run<byte>(x, y); break;
            case 2: Run<ushort>(x, y); break;
            case 4: Run<uint>(x, y); break;
            default: Run<ulong>(x, y); break;
        }
    }

    private static void Run<T>(View x, View y)
        where T : unmanaged
    {
        var axes = Merge(x.Layout, y.Layout);
        var from = (T*)x.Storage.Handle + x.Layout.Offset;
        var to = (T*)y.Storage.Handle + y.Layout.Offset;
        if (axes.Count == 0)
        {
            *to = *from;
            return;
        }

        // Split the outermost axis among workers; a single axis is split into runs.
        var outer = axes[0];
        var tasks = (int)Math.Min(outer.Size, Math.Max(1, x.Size / Grain));
        WorkerPool.Shared.For(tasks, task =>
        {
            var start = outer.Size * task / tasks;
            var end = outer.Size * (task + 1) / tasks;
            Axis[] mine = [.. axes];
            mine[0] = outer with { Size = end - start };
            Nest(mine, 0, from + start * outer.From, to + start * outer.To);
        });
    }

    private static void Nest<T>(Axis[] axes, int depth, T* from, T* to)
        where T : unmanaged
    {
        var axis = axes[depth];
        if (depth == axes.Length - 1)
        {
            Row(from, axis.From, to, axis.To, axis.Size);
        }
        else if (depth == axes.Length - 2 && axis.From == 1 && axes[^1].From != 1)
        {
            Turn(axis, axes[^1], from, to);
        }
        else
        {
            for (long i = 0; i < axis.Size; i++) Nest(axes, depth + 1, from + i * axis.From, to + i * axis.To);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn<T>(Axis rows, Axis columns, T* from, T* to)
        where T : unmanaged
    {
        for (long r0 = 0; r0 < rows.Size; r0 += Block)
        {
            var r1 = Math.Min(rows.Size, r0 + Block);
            for (long c0 = 0; c0 < columns.Size; c0 += Block)
            {
                var c1 = Math.Min(columns.Size, c0 + Block);
                for (var r = r0; r < r1; r++)
                {
                    for (var c = c0; c < c1; c++) to[r * rows.To + c * columns.To] = from[r * rows.From + c * columns.From];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<T>(T* from, long step, T* to, long stepTo, long count)
        where T : unmanaged
    {
        if (step == 1 && stepTo == 1)
        {
            Buffer.MemoryCopy(from, to, count * sizeof(T), count * sizeof(T));
        }
        else if (step == 0 && stepTo == 1 && count <= int.MaxValue)
        {
            new Span<T>(to, (int)count).Fill(*from);
        }
        else
        {
            for (long i = 0; i < count; i++) to[i * stepTo] = from[i * step];
        }
    }

    private static List<Axis> Merge(Layout x, Layout y)
    {
        var axes = new List<Axis>(x.Shape.Rank);
        for (var i = 0; i < x.Shape.Rank; i++)
        {
            var axis = new Axis(x.Shape[i], x.Strides[i], y.Strides[i]);
            if (axis.Size == 1) continue;
            if (axes.Count > 0 && axes[^1].From == axis.From * axis.Size && axes[^1].To == axis.To * axis.Size)
                axes[^1] = axis with { Size = axis.Size * axes[^1].Size };
            else
                axes.Add(axis);
        }

        return axes;
    }

    private readonly record struct Axis(long Size, long From, long To);
}
