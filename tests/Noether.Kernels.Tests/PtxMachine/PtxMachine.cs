namespace Noether.Kernels.Tests;

/// <summary>A machine that executes PTX, one kernel a module, as its specification says: what only CUDA runs can be tested without a GPU.</summary>
/// <remarks>
/// Groups run one after the other and so do threads, each until it waits (<see cref="PtxGroup"/>). Memory is bounded, aligned and full of bytes 0xFF at
/// first. Not known: warps that synchronise by any but the instructions of <see cref="PtxKind"/>, named barriers, textures, calls, half precision.
/// </remarks>
public sealed class PtxMachine
{
    private const int MaxThreads = 1024, MaxShared = 227 << 10; // of a group on Hopper

    private readonly PtxProgram program;
    private readonly PtxMemory memory;

    private PtxMachine(PtxProgram program, PtxMemory memory)
    {
        this.program = program;
        this.memory = memory;
    }

    /// <summary>Reports races in shared memory as errors: <see cref="PtxShared"/>.</summary>
    public bool WatchesRaces { get; set; }

    /// <summary>Reads a module of one kernel.</summary>
    /// <exception cref="PtxException">The machine does not know what is in it.</exception>
    public static PtxMachine Load(string ptx) => Load(ptx, new());

    /// <summary>Reads a module of one kernel, whose global memory is that of others too.</summary>
    public static PtxMachine Load(string ptx, PtxMemory memory) => new(PtxParser.Parse(ptx), memory);

    /// <summary>Takes global memory, full of bytes 0xFF, at a multiple of 256.</summary>
    public long Allocate(int bytes) => memory.Allocate(bytes);

    /// <summary>Global memory as the host sees it, until the next <see cref="Allocate"/>.</summary>
    public Span<byte> Memory(long address, int bytes) => memory.At(address, bytes);

    /// <summary>Runs the kernel to its end.</summary>
    /// <exception cref="PtxException">A driver would refuse the launch, or a thread does what it must not.</exception>
    public void Launch((int X, int Y, int Z) grid, (int X, int Y, int Z) group, int dynamicSharedBytes, ReadOnlySpan<byte> parameters)
    {
        var threads = group.X * group.Y * group.Z;
        if (threads < 1 || threads > Math.Min(MaxThreads, program.MaxThreads)) throw new PtxException($"{program.Name}: a group of {threads} threads, which may have {program.MaxThreads}");
        var shared = dynamicSharedBytes > 0 ? program.DynamicShared + dynamicSharedBytes : program.SharedBytes;
        if (shared > MaxShared) throw new PtxException($"{program.Name}: {shared} bytes of shared memory");
        if (parameters.Length != program.ParameterBytes) throw new PtxException($"{program.Name}: {parameters.Length} bytes of parameters; it takes {program.ParameterBytes}");
        var runner = new PtxGroup(program, memory, parameters.ToArray(), grid, group, shared, WatchesRaces);
        for (var z = 0; z < grid.Z; z++)
        {
            for (var y = 0; y < grid.Y; y++)
            {
                for (var x = 0; x < grid.X; x++) runner.Run((x, y, z));
            }
        }
    }
}
