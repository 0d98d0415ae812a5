using System.Runtime.CompilerServices;
using Noether.Graphs;

namespace Noether.Devices.Host;

/// <summary>
/// Runs a fused group tile by tile: every instruction is one vector loop over a tile that stays in the first-level cache.
/// </summary>
/// <remarks>
/// A tile of 1,024 float32 is 4 KiB, so the dozen registers of a usual group fit L1 (32 to 48 KiB) or at worst L2, and one instruction's call
/// costs about 1 % of its loop. Dense inputs are read in place and the outputs written in place; other inputs are gathered first.
/// </remarks>
internal sealed unsafe class TileProgram
{
    private const int Tile = 1024;
    private const int Slot = Tile * sizeof(double) + 64; // room for a last whole vector

    private readonly ElementwiseGroup group;
    private readonly TileOperation?[] operations; // null for a constant
    private readonly int[] slots; // of each register, a scratch tile; -1 where an output's own memory serves
    private readonly int slotCount;

    public TileProgram(ElementwiseGroup group)
    {
        this.group = group;
        operations = new TileOperation?[group.Instructions.Length];
        for (var i = 0; i < operations.Length; i++)
            operations[i] = TileCompiler.Compile(group.Instructions[i], Array.ConvertAll(group.Instructions[i].Arguments, group.TypeOf));
        slots = AssignSlots(group, out slotCount);
    }

    public void Run(byte* constants, View[] x, View[] y)
    {
        var count = y[0].Size;
        if (count == 0) return;
        var readers = new StridedReader[x.Length];
        for (var i = 0; i < x.Length; i++) readers[i] = new((byte*)x[i].Storage.Handle, x[i].Layout, x[i].Type.Bytes());
        var outputs = Array.ConvertAll(y, static v => v.Storage.Handle + (nint)(v.Layout.Offset * v.Type.Bytes()));

        // Several tiles a task: a task should cost tens of microseconds.
        var tiles = (int)((count + Tile - 1) / Tile);
        var perTask = Math.Max(1, 32 / Math.Max(1, operations.Length));
        WorkerPool.Shared.For((tiles + perTask - 1) / perTask, new Body(this, constants, readers, outputs, count, (long)perTask * Tile));
    }

    /// <summary>Elements start … start+count-1 of a group of one output, to memory of their own.</summary>
    public void RunSpan(byte* constants, StridedReader[] readers, long start, long count, byte* to) =>
        RunTiles(constants, readers, [(nint)to - (nint)(start * group.TypeOf(group.Outputs[0]).Bytes())], start, start + count);

    private void RunTiles(byte* constants, StridedReader[] readers, nint[] outputs, long begin, long end)
    {
        using var workspace = Workspace.Rent<byte>(slotCount * (long)Slot);
        var scratch = workspace.As<byte>();
        var registers = group.Inputs.Length + operations.Length;
        var addresses = stackalloc byte*[registers];
        var arguments = stackalloc byte*[8];
        for (var start = begin; start < end; start += Tile)
        {
            var size = (int)Math.Min(Tile, end - start);
            for (var i = 0; i < readers.Length; i++)
            {
                if (readers[i].IsDense && !readers[i].IsUniform)
                {
                    addresses[i] = readers[i].Origin + start * group.Inputs[i].Bytes();
                    continue;
                }

                addresses[i] = scratch + (long)slots[i] * Slot;
                readers[i].ReadTile(start, begin, end, Tile, addresses[i]);
            }

            var constant = constants;
            for (var i = 0; i < operations.Length; i++)
            {
                var register = group.Inputs.Length + i;
                var instruction = group.Instructions[i];
                addresses[register] = slots[register] >= 0
                    ? scratch + (long)slots[register] * Slot
                    : (byte*)outputs[-1 - slots[register]] + start * instruction.Type.Bytes();
                if (operations[i] is not { } operation)
                {
                    // A constant in a slot of its own stays there.
                    if (start == begin || slots[register] < 0) Repeat(constant, addresses[register], (slots[register] >= 0 ? Tile : size) * instruction.Type.Bytes());
                    constant += BoundGroup.Slot;
                    continue;
                }

                for (var a = 0; a < instruction.Arguments.Length; a++) arguments[a] = addresses[instruction.Arguments[a]];
                operation.Run(arguments, addresses[register], size);
            }

            Store(addresses, outputs, start, size);
        }
    }

    private static void Repeat(byte* slot, byte* to, int bytes)
    {
        for (var i = 0; i < bytes; i += BoundGroup.Slot)
            Unsafe.CopyBlockUnaligned(to + i, slot, (uint)Math.Min(BoundGroup.Slot, bytes - i));
    }

    // Only the last instruction's output was computed in place: an earlier one might have overwritten an input that is still to be read.
    private void Store(byte** addresses, nint[] outputs, long start, int size)
    {
        for (var o = 0; o < outputs.Length; o++)
        {
            var register = group.Outputs[o];
            if (slots[register] == -1 - o) continue;
            var bytes = group.TypeOf(register).Bytes();
            var to = (byte*)outputs[o] + start * bytes;
            new ReadOnlySpan<byte>(addresses[register], size * bytes).CopyTo(new(to, size * bytes));
        }
    }

    // Inputs and constants keep a slot for themselves; other registers share slots once their last reader has run.
    private static int[] AssignSlots(ElementwiseGroup group, out int count)
    {
        var inputs = group.Inputs.Length;
        var registers = inputs + group.Instructions.Length;
        var last = new int[registers];
        for (var i = 0; i < group.Instructions.Length; i++)
        {
            foreach (var argument in group.Instructions[i].Arguments) last[argument] = i;
        }

        foreach (var output in group.Outputs) last[output] = int.MaxValue;
        var result = new int[registers];
        count = inputs;
        for (var i = 0; i < inputs; i++) result[i] = i;

        var free = new Stack<int>();
        for (var i = 0; i < group.Instructions.Length; i++)
        {
            var register = inputs + i;
            var output = Array.IndexOf(group.Outputs, register);
            if (output >= 0 && i == group.Instructions.Length - 1) result[register] = -1 - output;
            else result[register] = group.Instructions[i].Arguments.Length > 0 && free.TryPop(out var slot) ? slot : count++;

            foreach (var argument in group.Instructions[i].Arguments.Distinct())
            {
                var isPinned = argument < inputs || group.Instructions[argument - inputs].Arguments.Length == 0;
                if (last[argument] == i && !isPinned && result[argument] >= 0) free.Push(result[argument]);
            }
        }

        return result;
    }

    private readonly struct Body(TileProgram program, byte* constants, StridedReader[] readers, nint[] outputs, long count, long perTask) : IParallelBody
    {
        public void Invoke(int index) =>
            program.RunTiles(constants, readers, outputs, index * perTask, Math.Min(count, (index + 1) * perTask));
    }
}
