using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Noether.Graphs;

namespace Noether.Devices.Host;

/// <summary>The code of all groups of one structure: the interpreter at first, emitted loops once the group has proved worth the compilation.</summary>
/// <remarks>
/// A loop costs about 1 ms to compile, so the first calls are interpreted (<see cref="TileProgram"/>), and when calls or work pass a mark the loop
/// is compiled on another thread; both give the same bits. Where code may not be made at run time, the interpreter stays.
/// Access: inputs that are dense or the same everywhere feed one loop over all elements. With broadcasts along rows (strides 1 and 0 along
///         the last axis) it runs row by row. Everything else is gathered into a tile in L1 first.
/// </remarks>
internal sealed unsafe partial class FusedGroup
{
    private const int CallsInterpreted = 8;
    private const long WorkInterpreted = 1 << 21; // in instructions times elements
    private const int Tile = 2048;
    private const int ShortestRow = 128;
    private const int MostLoops = 16;

    // Outputs of more bytes do not stay in the caches: streaming them saves reading their lines first.
    private const long StreamedBytes = 12L << 20;

    // Work of a task that is worth handing to another thread.
    private const double TaskNanoseconds = 16_000;

    private static readonly ConcurrentDictionary<GroupStructure, FusedGroup> Known = [];

    private readonly ElementwiseGroup group;
    private readonly Lazy<TileProgram> interpreter;
    private readonly Lock gate = new();
    private readonly double nanoseconds; // of an element, roughly
    private readonly bool roundsUp; // no store passes the outputs' room at the last step
    private LoopVariant[] loops = [];
    private int calls;
    private long work;

    private FusedGroup(ElementwiseGroup group)
    {
        this.group = group;
        interpreter = new(() => new TileProgram(group));
        Step = LoopEmitter.StepOf(group, LoopEmitter.WidestRegister);
        roundsUp = true;
        for (var i = 0; i < group.Inputs.Length + group.Instructions.Length; i++)
        {
            var type = group.TypeOf(i);
            roundsUp &= Step * type.Bytes() <= BoundGroup.Slot;
            if (i < group.Inputs.Length || group.Outputs.Contains(i)) nanoseconds += 0.04 * type.Bytes();
            if (i >= group.Inputs.Length)
                nanoseconds += group.Instructions[i - group.Inputs.Length].Operation.Accept(FormOf.Visitor).Form is { } form && FormWeight.IsHeavy(form) ? 0.12 * type.Bytes() : 0.01 * type.Bytes();
        }
    }

    /// <summary>When loops are compiled unless a test asks for one or the other.</summary>
    public static LoopPolicy Policy { get; } = RuntimeFeature.IsDynamicCodeSupported ? LoopPolicy.WhenWorthIt : LoopPolicy.Never;

    private int Step { get; }

    /// <summary>The code of a group's structure.</summary>
    public static FusedGroup Of(ElementwiseGroup group) => Known.GetOrAdd(new(group), static (_, g) => new FusedGroup(g), group);

    /// <summary>Runs the group: inputs in any layout, outputs contiguous.</summary>
    public void Run(byte* constants, View[] x, View[] y, LoopPolicy policy)
    {
        var count = y[0].Size;
        if (count == 0) return;
        ulong uniform = 0;
        var isFlat = true;
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i].Layout.IsContiguous && count > 1) continue;
            if (IsUniform(x[i].Layout)) uniform |= 1UL << i;
            else isFlat = false;
        }

        byte** inputs = stackalloc byte*[x.Length + 1], outputs = stackalloc byte*[y.Length];
        for (var i = 0; i < x.Length; i++) inputs[i] = Origin(x[i]);
        for (var i = 0; i < y.Length; i++) outputs[i] = Origin(y[i]);
        Note(count);
        if (isFlat) RunFlat(constants, inputs, outputs, x, y, uniform, count, policy);
        else RunNested(constants, inputs, outputs, x, y, count, policy);
    }

    private static byte* Origin(View view) => (byte*)view.Storage.Handle + view.Layout.Offset * view.Type.Bytes();

    private static bool IsUniform(Layout layout)
    {
        for (var axis = 0; axis < layout.Shape.Rank; axis++)
        {
            if (layout.Shape[axis] != 1 && layout.Strides[axis] != 0) return false;
        }

        return true;
    }

    private void Note(long count)
    {
        if (calls < CallsInterpreted) calls++; // a lost count does no harm
        if (work < WorkInterpreted) work += count * group.Instructions.Length;
    }

    private FusedLoop? Loop(ulong uniform, bool streams, LoopPolicy policy)
    {
        foreach (var known in Volatile.Read(ref loops))
        {
            if (known.Uniform == uniform && known.Streams == streams)
                return policy == LoopPolicy.Never ? null : policy == LoopPolicy.AtOnce ? known.Compile() : known.Ready;
        }

        if (policy == LoopPolicy.Never || (policy == LoopPolicy.WhenWorthIt && calls < CallsInterpreted && work < WorkInterpreted)) return null;
        LoopVariant made;
        lock (gate)
        {
            if (loops.Length >= MostLoops || loops.Any(l => l.Uniform == uniform && l.Streams == streams)) return null;
            made = new(group, uniform, streams);
            Volatile.Write(ref loops, [.. loops, made]);
        }

        if (policy == LoopPolicy.AtOnce) return made.Compile();
        ThreadPool.UnsafeQueueUserWorkItem(static loop => loop.Compile(), made, preferLocal: false);
        return null;
    }

    private void RunFlat(byte* constants, byte** inputs, byte** outputs, View[] x, View[] y, ulong uniform, long count, LoopPolicy policy)
    {
        if (Loop(uniform, Streams(inputs, x.Length, outputs, y, count), policy) is not { } loop)
        {
            interpreter.Value.Run(constants, x, y);
            return;
        }

        var slots = stackalloc byte[BoundGroup.Slot * x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            if ((uniform >> i & 1) == 0) continue;
            BoundGroup.Repeat(inputs[i], x[i].Type.Bytes(), slots + BoundGroup.Slot * i);
            inputs[i] = slots + BoundGroup.Slot * i;
        }

        var chunk = ChunkOf(count);
        var body = new FlatBody(this, loop, constants, inputs, outputs, uniform, count, chunk);
        if (chunk >= count) body.Invoke(0);
        else WorkerPool.Shared.For(checked((int)((count + chunk - 1) / chunk)), body);
    }

    // Large outputs that are no input's memory, whose steps begin at whole cache lines.
    private static bool Streams(byte** inputs, int inputCount, byte** outputs, View[] y, long count)
    {
        long bytes = 0;
        for (var i = 0; i < y.Length; i++)
        {
            if (y[i].Type is DType.Bool or DType.BFloat16 || (nint)outputs[i] % BoundGroup.Slot != 0) return false;
            bytes += count * y[i].Type.Bytes();
            for (var j = 0; j < inputCount; j++)
            {
                if (inputs[j] == outputs[i]) return false;
            }
        }

        return bytes >= StreamedBytes;
    }

    // Whole cache lines of every type; one chunk where a second thread would not pay.
    private long ChunkOf(long count)
    {
        var least = (long)(TaskNanoseconds / nanoseconds) & ~63L;
        var chunk = Math.Clamp(least, 1024, 1 << 16);
        return count < 2 * chunk ? count : chunk;
    }

    /// <summary>Runs a loop over exactly <paramref name="count"/> elements; what does not fill a step goes through scratch memory.</summary>
    private void Exactly(FusedLoop loop, byte** inputs, byte** outputs, byte* constants, ulong uniform, long count)
    {
        var whole = count & -Step; // a step is a power of two
        if (whole > 0) loop(inputs, outputs, constants, whole);
        if (whole == count) return;
        int inputCount = group.Inputs.Length, outputCount = group.Outputs.Length, rest = (int)(count - whole);
        const int Room = 2 * BoundGroup.Slot + BoundGroup.Slot; // a step of the widest type, and the over-read of bfloat16
        var unaligned = stackalloc byte[(inputCount + outputCount + 1) * Room];
        var scratch = (byte*)(((nint)unaligned + BoundGroup.Slot - 1) & -BoundGroup.Slot); // streaming stores take aligned addresses alone
        byte** from = stackalloc byte*[inputCount + 1], to = stackalloc byte*[outputCount];
        for (var i = 0; i < inputCount; i++)
        {
            from[i] = inputs[i];
            if ((uniform >> i & 1) != 0) continue;
            var bytes = group.Inputs[i].Bytes();
            from[i] = scratch + i * Room;
            Unsafe.CopyBlockUnaligned(from[i], inputs[i] + whole * bytes, (uint)(rest * bytes));
        }

        for (var i = 0; i < outputCount; i++) to[i] = scratch + (inputCount + i) * Room;
        loop(from, to, constants, rest);
        for (var i = 0; i < outputCount; i++)
        {
            var bytes = group.TypeOf(group.Outputs[i]).Bytes();
            Unsafe.CopyBlockUnaligned(outputs[i] + whole * bytes, to[i], (uint)(rest * bytes));
        }
    }

    private void RunNested(byte* constants, byte** inputs, byte** outputs, View[] x, View[] y, long count, LoopPolicy policy)
    {
        // Axes merged where every input allows, outermost first.
        var rank = y[0].Shape.Rank;
        var sizes = stackalloc long[rank];
        var strides = stackalloc long[rank * x.Length];
        var axes = 0;
        for (var axis = 0; axis < rank; axis++)
        {
            var size = y[0].Shape[axis];
            if (size == 1) continue;
            var merges = axes > 0;
            for (var i = 0; i < x.Length && merges; i++) merges = strides[(axes - 1) * x.Length + i] == x[i].Layout.Strides[axis] * size;
            if (merges) sizes[axes - 1] *= size;
            else sizes[axes++] = size;
            for (var i = 0; i < x.Length; i++) strides[(axes - 1) * x.Length + i] = x[i].Layout.Strides[axis];
        }

        ulong rowUniform = 0;
        var inner = strides + (axes - 1) * x.Length;
        var byRows = sizes[axes - 1] >= ShortestRow;
        for (var i = 0; i < x.Length; i++)
        {
            byRows &= inner[i] is 0 or 1;
            if (inner[i] == 0) rowUniform |= 1UL << i;
        }

        // Rows of whole lines keep every row's steps aligned.
        var streams = byRows && sizes[axes - 1] % BoundGroup.Slot == 0 && Streams(inputs, x.Length, outputs, y, count);
        var loop = Loop(byRows ? rowUniform : 0, streams, policy);
        if (loop is null)
        {
            interpreter.Value.Run(constants, x, y);
        }
        else if (byRows)
        {
            var length = sizes[axes - 1];
            var pieces = (length + ChunkOf(length) - 1) / ChunkOf(length);
            var units = count / length * pieces;
            var perTask = Math.Max(1, (long)(TaskNanoseconds / (nanoseconds * length / pieces)));
            var body = new RowBody(this, loop, constants, inputs, outputs, rowUniform, sizes, strides, axes, pieces, units, perTask);
            WorkerPool.Shared.For(checked((int)((units + perTask - 1) / perTask)), body);
        }
        else
        {
            var readers = new StridedReader[x.Length];
            for (var i = 0; i < x.Length; i++) readers[i] = new((byte*)x[i].Storage.Handle, x[i].Layout, x[i].Type.Bytes());
            var tiles = (count + Tile - 1) / Tile;
            var perTask = Math.Max(1, (long)(TaskNanoseconds / (nanoseconds * Tile)));
            WorkerPool.Shared.For(checked((int)((tiles + perTask - 1) / perTask)), new TileBody(this, loop, constants, readers, outputs, count, perTask));
        }
    }

    private readonly struct FlatBody(FusedGroup owner, FusedLoop loop, byte* constants, byte** inputs, byte** outputs, ulong uniform, long count, long chunk)
        : IParallelBody
    {
        public void Invoke(int index)
        {
            var start = index * chunk;
            var size = Math.Min(chunk, count - start);
            var group = owner.group;
            byte** from = inputs, to = outputs;
            if (start > 0)
            {
                byte** ownFrom = stackalloc byte*[group.Inputs.Length + 1], ownTo = stackalloc byte*[group.Outputs.Length];
                for (var i = 0; i < group.Inputs.Length; i++) ownFrom[i] = inputs[i] + ((uniform >> i & 1) != 0 ? 0 : start * group.Inputs[i].Bytes());
                for (var i = 0; i < group.Outputs.Length; i++) ownTo[i] = outputs[i] + start * group.TypeOf(group.Outputs[i]).Bytes();
                from = ownFrom;
                to = ownTo;
            }

            if (owner.roundsUp) loop(from, to, constants, size);
            else owner.Exactly(loop, from, to, constants, uniform, size);
        }
    }

    // A unit is a piece of a row; a task is some neighbouring units.
    private readonly struct RowBody(
        FusedGroup owner, FusedLoop loop, byte* constants, byte** inputs, byte** outputs, ulong uniform, long* sizes, long* strides, int axes, long pieces, long units, long perTask)
        : IParallelBody
    {
        public void Invoke(int index)
        {
            var group = owner.group;
            int inputCount = group.Inputs.Length, outputCount = group.Outputs.Length;
            byte** from = stackalloc byte*[inputCount + 1], to = stackalloc byte*[outputCount];
            var slots = stackalloc byte[BoundGroup.Slot * inputCount];
            var length = sizes[axes - 1];
            var piece = ((length + pieces - 1) / pieces + 63) & ~63L;
            var end = Math.Min(units, (index + 1) * perTask);
            for (var unit = index * perTask; unit < end; unit++)
            {
                var (row, part) = Math.DivRem(unit, pieces);
                var start = part * piece;
                var size = Math.Min(piece, length - start);
                if (size <= 0) continue;
                for (var i = 0; i < inputCount; i++)
                {
                    long rest = row, offset = 0;
                    for (var axis = axes - 2; axis >= 0; axis--)
                    {
                        (rest, var place) = Math.DivRem(rest, sizes[axis]);
                        offset += place * strides[axis * inputCount + i];
                    }

                    var bytes = group.Inputs[i].Bytes();
                    if ((uniform >> i & 1) == 0)
                    {
                        from[i] = inputs[i] + (offset + start) * bytes;
                        continue;
                    }

                    from[i] = slots + BoundGroup.Slot * i;
                    BoundGroup.Repeat(inputs[i] + offset * bytes, bytes, from[i]);
                }

                for (var i = 0; i < outputCount; i++) to[i] = outputs[i] + (row * length + start) * group.TypeOf(group.Outputs[i]).Bytes();
                owner.Exactly(loop, from, to, constants, uniform, size);
            }
        }
    }

    private readonly struct TileBody(FusedGroup owner, FusedLoop loop, byte* constants, StridedReader[] readers, byte** outputs, long count, long perTask)
        : IParallelBody
    {
        private const int Room = Tile * sizeof(double) + 3 * BoundGroup.Slot;

        public void Invoke(int index)
        {
            var group = owner.group;
            int inputCount = group.Inputs.Length, outputCount = group.Outputs.Length;
            using var workspace = Workspace.Rent<byte>((long)inputCount * Room);
            byte** from = stackalloc byte*[inputCount + 1], to = stackalloc byte*[outputCount];
            var first = index * perTask * Tile;
            var end = Math.Min(count, first + perTask * Tile);
            for (var start = first; start < end; start += Tile)
            {
                var size = (int)Math.Min(Tile, end - start);
                for (var i = 0; i < inputCount; i++)
                {
                    if (readers[i].IsDense && !readers[i].IsUniform)
                    {
                        from[i] = readers[i].Origin + start * group.Inputs[i].Bytes();
                        continue;
                    }

                    from[i] = workspace.As<byte>() + (long)i * Room;
                    readers[i].ReadTile(start, first, end, Tile, from[i]);
                }

                for (var i = 0; i < outputCount; i++) to[i] = outputs[i] + start * group.TypeOf(group.Outputs[i]).Bytes();
                owner.Exactly(loop, from, to, constants, 0, size);
            }
        }
    }
}
