namespace Noether.Kernels.Tests;

/// <summary>
/// A group: its threads run one after the other, each until it waits. Lanes go on when all that an instruction names have come to it, the group when
/// all have come to one barrier; if that cannot happen any more the program diverges, which is an error.
/// </summary>
internal sealed class PtxGroup
{
    private const int Lanes = 32;

    private readonly PtxProgram program;
    private readonly (int X, int Y, int Z) size, grid;
    private readonly PtxThread[] threads;
    private readonly int sharedBytes;
    private readonly bool watchesRaces;
    private (int X, int Y, int Z) place;

    public PtxGroup(PtxProgram program, PtxMemory memory, byte[] parameters, (int X, int Y, int Z) grid, (int X, int Y, int Z) size, int sharedBytes, bool watchesRaces)
    {
        (this.program, this.grid, this.size, this.sharedBytes, this.watchesRaces) = (program, grid, size, sharedBytes, watchesRaces);
        (Memory, Parameters, Shared) = (memory, parameters, new(0, watchesRaces: false));
        threads = [.. Enumerable.Range(0, size.X * size.Y * size.Z).Select(index => new PtxThread(program, this, index))];
    }

    /// <summary>Global memory.</summary>
    public PtxMemory Memory { get; }

    /// <summary>Shared memory.</summary>
    public PtxShared Shared { get; private set; }

    /// <summary>The kernel's parameters.</summary>
    public byte[] Parameters { get; }

    /// <summary>Runs all threads of one group to their end.</summary>
    public void Run((int X, int Y, int Z) place)
    {
        this.place = place;
        Shared = new(sharedBytes, watchesRaces);
        foreach (var thread in threads) thread.Start();
        while (true)
        {
            for (var first = 0; first < threads.Length; first += Lanes) RunWarp(threads.AsSpan(first, Math.Min(Lanes, threads.Length - first)));
            if (Array.TrueForAll(threads, static thread => thread.HasEnded)) return;
            PassBarrier();
        }
    }

    /// <summary>What a special register holds in a thread.</summary>
    /// <exception cref="PtxException">There is no such register.</exception>
    public ulong Special(string name, int thread)
    {
        var lane = thread % Lanes;
        return name switch
        {
            "%tid.x" => (ulong)(thread % size.X),
            "%tid.y" => (ulong)(thread / size.X % size.Y),
            "%tid.z" => (ulong)(thread / size.X / size.Y),
            "%ntid.x" => (ulong)size.X,
            "%ntid.y" => (ulong)size.Y,
            "%ntid.z" => (ulong)size.Z,
            "%ctaid.x" => (ulong)place.X,
            "%ctaid.y" => (ulong)place.Y,
            "%ctaid.z" => (ulong)place.Z,
            "%nctaid.x" => (ulong)grid.X,
            "%nctaid.y" => (ulong)grid.Y,
            "%nctaid.z" => (ulong)grid.Z,
            "%laneid" => (ulong)lane,
            "%warpid" => (ulong)(thread / Lanes),
            "%lanemask_eq" => 1UL << lane,
            "%lanemask_lt" => (1UL << lane) - 1,
            "%lanemask_le" => (2UL << lane) - 1,
            "%lanemask_gt" => (uint)-(2L << lane),
            "%lanemask_ge" => (uint)-(1L << lane),
            "%dynamic_smem_size" => (ulong)(sharedBytes - program.DynamicShared),
            "WARP_SZ" => Lanes,
            _ => throw new PtxException($"{name} is not known to this machine"),
        };
    }

    /// <summary>An error with the place of its thread.</summary>
    public PtxException Failure(PtxThread thread, Exception error) =>
        new($"{program.Name}, group {place}, thread {thread.Index}, at \"{thread.Instruction.Text}\" ({thread.Place}): {error.Message}", error);

    private void RunWarp(Span<PtxThread> lanes)
    {
        do
        {
            foreach (var lane in lanes)
            {
                if (!lane.HasEnded) lane.Run();
            }
        }
        while (GoOnTogether(lanes));

        foreach (var lane in lanes)
        {
            if (IsWithLanes(lane)) throw Failure(lane, new PtxException($"divergence: not all lanes that it names come here; {Whereabouts(lanes, lane)}"));
        }
    }

    private static bool IsWithLanes(PtxThread thread) => !thread.HasEnded && thread.Instruction.Kind > PtxKind.Barrier;

    // Executes the first instruction to which all the lanes that it names have come.
    private bool GoOnTogether(Span<PtxThread> lanes)
    {
        foreach (var lane in lanes)
        {
            if (!IsWithLanes(lane)) continue;
            var x = lane.Instruction;
            var mask = (uint)lane.Registers[x.Mask];
            if ((mask >> lane.Index % Lanes & 1) == 0) throw Failure(lane, new PtxException($"the lane is not in its own mask, 0x{mask:X}"));
            if (!AreHere(lanes, lane.Place, mask)) continue;
            try
            {
                PtxWarp.Execute(x, lanes, mask, Shared);
            }
            catch (PtxException error)
            {
                throw Failure(lane, error);
            }

            for (var i = 0; i < lanes.Length; i++)
            {
                if ((mask >> i & 1) != 0) lanes[i].Place++;
            }

            return true;
        }

        return false;
    }

    private static bool AreHere(Span<PtxThread> lanes, int place, uint mask)
    {
        for (var i = 0; i < lanes.Length; i++)
        {
            if ((mask >> i & 1) != 0 && (lanes[i].HasEnded || lanes[i].Place != place)) return false;
        }

        return true;
    }

    private void PassBarrier()
    {
        var first = threads[0];
        foreach (var thread in threads)
        {
            if (thread.HasEnded != first.HasEnded || thread.Place != first.Place)
                throw Failure(first.HasEnded ? thread : first, new PtxException($"divergence: not all threads come to this barrier; {Whereabouts(threads, first.HasEnded ? thread : first)}"));
        }

        foreach (var thread in threads) thread.Place++;
        Shared.PassBarrier();
    }

    private static string Whereabouts(Span<PtxThread> threads, PtxThread here)
    {
        foreach (var thread in threads)
        {
            if (thread.HasEnded) return $"thread {thread.Index} has ended";
            if (thread.Place != here.Place) return $"thread {thread.Index} is at \"{thread.Instruction.Text}\" ({thread.Place})";
        }

        return "the lanes name each other differently";
    }
}
