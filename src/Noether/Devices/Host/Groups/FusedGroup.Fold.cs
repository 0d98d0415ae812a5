using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <content>
/// A group that only a fold reads: its elements are computed tile by tile and folded while they are in the cache, and never written.
/// Along rows a tile of 4096 elements is one leaf, or holds several short rows; leaves join as <see cref="Fold"/> joins an array of them.
/// Across rows a task sums 64 tiles of some rows one after another, and tasks' totals join as <see cref="Fold"/> joins rows. Cuts depend on
/// the shape alone: equal bits on any number of threads, interpreted or compiled.
/// </content>
internal sealed unsafe partial class FusedGroup
{
    private const int FoldTile = 4096;
    private const int FoldTilesAcross = 64;

    /// <summary>y[o, i] = fold over r of the group's element [o, r, i], for a sum, minimum or maximum.</summary>
    public void Fold(byte* constants, View[] x, View y, Reduction reduction, (long Outer, long Reduced, long Inner) sizes, LoopPolicy policy)
    {
        var (outer, reduced, inner) = sizes;
        if (outer == 0 || inner == 0) return;
        var to = Origin(y);
        if (reduced == 0)
        {
            Reduce(reduction, y.Type, null, to, outer, 0, inner);
            return;
        }

        Note(outer * reduced * inner);
        ulong uniform = 0;
        var slots = stackalloc byte[BoundGroup.Slot * x.Length];
        var readers = new StridedReader[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            readers[i] = new((byte*)x[i].Storage.Handle, x[i].Layout, x[i].Type.Bytes());
            if (!readers[i].IsUniform) continue;
            uniform |= 1UL << i;
            BoundGroup.Repeat(readers[i].Origin, x[i].Type.Bytes(), slots + BoundGroup.Slot * i);
        }

        var source = new Source(this, Loop(uniform, streams: false, policy), constants, readers, slots, uniform);
        if (inner == 1) FoldAlong(source, reduction, y.Type, to, outer, reduced);
        else FoldAcross(source, reduction, y.Type, to, outer, reduced, inner);
    }

    private static void Reduce(Reduction reduction, DType type, byte* x, byte* y, long outer, long reduced, long inner)
    {
        switch (type)
        {
            case DType.Float32: Reduce<float>(reduction, x, y, outer, reduced, inner); break;
            case DType.Float64: Reduce<double>(reduction, x, y, outer, reduced, inner); break;
            case DType.Int32: Reduce<int>(reduction, x, y, outer, reduced, inner); break;
            default: Reduce<long>(reduction, x, y, outer, reduced, inner); break;
        }
    }

    private static void Reduce<T>(Reduction reduction, byte* x, byte* y, long outer, long reduced, long inner)
        where T : unmanaged, INumber<T>
    {
        switch (reduction)
        {
            case Reduction.Sum: Host.Fold.Reduce<SumFold, T>((T*)x, (T*)y, outer, reduced, inner); break;
            case Reduction.Min: Host.Fold.Reduce<MinFold, T>((T*)x, (T*)y, outer, reduced, inner); break;
            default: Host.Fold.Reduce<MaxFold, T>((T*)x, (T*)y, outer, reduced, inner); break;
        }
    }

    private static void FoldAlong(Source source, Reduction reduction, DType type, byte* y, long outer, long reduced)
    {
        var tasksTiles = Math.Max(1, (long)(TaskNanoseconds / (source.Owner.nanoseconds * FoldTile)));
        if (reduced <= FoldTile)
        {
            var rows = FoldTile / reduced;
            var tiles = (outer + rows - 1) / rows;
            var body = new AlongBody(source, reduction, type, y, outer, reduced, rows, 1, tiles, tasksTiles);
            WorkerPool.Shared.For(checked((int)((tiles + tasksTiles - 1) / tasksTiles)), body);
            return;
        }

        var blocks = (reduced + FoldTile - 1) / FoldTile;
        using var leaves = Workspace.Rent<byte>(outer * blocks * type.Bytes() + BoundGroup.Slot);
        var all = outer * blocks;
        var cut = new AlongBody(source, reduction, type, leaves.As<byte>(), outer, reduced, 1, blocks, all, tasksTiles);
        WorkerPool.Shared.For(checked((int)((all + tasksTiles - 1) / tasksTiles)), cut);
        Reduce(reduction, type, leaves.As<byte>(), y, outer, blocks, 1);
    }

    private static void FoldAcross(Source source, Reduction reduction, DType type, byte* y, long outer, long reduced, long inner)
    {
        var width = (int)Math.Min(inner, FoldTile);
        var across = (inner + width - 1) / width;
        var rows = Math.Max(4, 4 * FoldTile / width);
        var rowsOfTask = (long)rows * FoldTilesAcross;
        var parts = (reduced + rowsOfTask - 1) / rowsOfTask;
        var tasks = checked((int)(outer * parts * across));
        if (parts == 1)
        {
            WorkerPool.Shared.For(tasks, new AcrossBody(source, reduction, type, y, reduced, inner, width, across, rows, parts));
            return;
        }

        using var totals = Workspace.Rent<byte>(outer * parts * inner * type.Bytes() + BoundGroup.Slot);
        WorkerPool.Shared.For(tasks, new AcrossBody(source, reduction, type, totals.As<byte>(), reduced, inner, width, across, rows, parts));
        Reduce(reduction, type, totals.As<byte>(), y, outer, parts, inner);
    }

    // Computes any run of the group's elements.
    private readonly struct Source(FusedGroup owner, FusedLoop? loop, byte* constants, StridedReader[] readers, byte* slots, ulong uniform)
    {
        private const int Room = Tile * sizeof(double) + 3 * BoundGroup.Slot;

        public FusedGroup Owner => owner;

        /// <summary>Bytes of scratch for the inputs that are not dense.</summary>
        public long Scratch => (long)readers.Length * Room;

        public void Compute(long start, long count, byte* scratch, byte* to)
        {
            if (loop is null)
            {
                owner.interpreter.Value.RunSpan(constants, readers, start, count, to);
                return;
            }

            var group = owner.group;
            byte** from = stackalloc byte*[readers.Length + 1];
            for (var end = start + count; start < end; start += Tile)
            {
                var size = (int)Math.Min(Tile, end - start);
                for (var i = 0; i < readers.Length; i++)
                {
                    if ((uniform >> i & 1) != 0)
                    {
                        from[i] = slots + BoundGroup.Slot * i;
                    }
                    else if (readers[i].IsDense)
                    {
                        from[i] = readers[i].Origin + start * group.Inputs[i].Bytes();
                    }
                    else
                    {
                        from[i] = scratch + (long)i * Room;
                        readers[i].Read(start, size, from[i]);
                    }
                }

                owner.Exactly(loop, from, &to, constants, uniform, size);
                to += size * group.TypeOf(group.Outputs[0]).Bytes();
            }
        }
    }

    // A tile is some whole rows, or one of the blocks of a long row.
    private readonly struct AlongBody(Source source, Reduction reduction, DType type, byte* y, long outer, long reduced, long rows, long blocks, long tiles, long perTask)
        : IParallelBody
    {
        public void Invoke(int index)
        {
            using var workspace = Workspace.Rent<byte>(source.Scratch + FoldTile * sizeof(double) + 2 * BoundGroup.Slot);
            var tile = workspace.As<byte>();
            var scratch = tile + FoldTile * sizeof(double) + 2 * BoundGroup.Slot;
            for (var t = index * perTask; t < Math.Min(tiles, (index + 1) * perTask); t++)
            {
                if (blocks == 1)
                {
                    var first = t * rows;
                    var some = Math.Min(rows, outer - first);
                    source.Compute(first * reduced, some * reduced, scratch, tile);
                    Reduce(reduction, type, tile, y + first * type.Bytes(), some, reduced, 1);
                    continue;
                }

                var (row, block) = Math.DivRem(t, blocks);
                var size = Math.Min(FoldTile, reduced - block * FoldTile);
                source.Compute(row * reduced + block * FoldTile, size, scratch, tile);
                Reduce(reduction, type, tile, y + t * type.Bytes(), 1, size, 1);
            }
        }
    }

    // Row 0 of the tile is the total so far.
    private readonly struct AcrossBody(Source source, Reduction reduction, DType type, byte* y, long reduced, long inner, int width, long across, int rows, long parts)
        : IParallelBody
    {
        public void Invoke(int index)
        {
            var bytes = type.Bytes();
            var tileBytes = (long)(rows + 2) * width * bytes + 2 * BoundGroup.Slot;
            using var workspace = Workspace.Rent<byte>(source.Scratch + tileBytes);
            byte* tile = workspace.As<byte>(), total = tile + (long)(rows + 1) * width * bytes, scratch = tile + tileBytes;
            var (rest, column) = Math.DivRem(index, across);
            var (o, part) = Math.DivRem(rest, parts);
            var first = column * width;
            var some = (int)Math.Min(width, inner - first);
            var begin = part * rows * FoldTilesAcross;
            var end = Math.Min(reduced, begin + (long)rows * FoldTilesAcross);
            for (var r = begin; r < end; r += rows)
            {
                var height = (int)Math.Min(rows, end - r);
                var held = 0;
                if (r > begin)
                {
                    Unsafe.CopyBlockUnaligned(tile, total, (uint)(some * bytes));
                    held = 1;
                }

                var to = tile + (long)held * some * bytes;
                var start = (o * reduced + r) * inner + first;
                if (some == inner)
                    source.Compute(start, height * inner, scratch, to);
                else
                    for (var h = 0; h < height; h++) source.Compute(start + h * inner, some, scratch, to + (long)h * some * bytes);
                Reduce(reduction, type, tile, total, 1, held + height, some);
            }

            Unsafe.CopyBlockUnaligned(y + ((o * parts + part) * inner + first) * bytes, total, (uint)(some * bytes));
        }
    }
}
