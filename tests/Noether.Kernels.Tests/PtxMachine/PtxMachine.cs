namespace Noether.Kernels.Tests;

/// <summary>A machine that executes PTX, one kernel a module, as its specification says: what only CUDA runs can be tested without a GPU.</summary>
public sealed class PtxMachine
{
    private PtxMachine()
    {
    }

    /// <summary>Reads a module of one kernel.</summary>
    public static PtxMachine Load(string ptx) => throw new NotImplementedException(ptx);

    /// <summary>Takes global memory, full of bytes 0xFF, at a multiple of 256.</summary>
    public long Allocate(int bytes) => throw new NotImplementedException($"{this} {bytes}");

    /// <summary>Global memory as the host sees it, until the next <see cref="Allocate"/>.</summary>
    public Span<byte> Memory(long address, int bytes) => throw new NotImplementedException($"{this} {address} {bytes}");

    /// <summary>Runs the kernel to its end.</summary>
    public void Launch((int X, int Y, int Z) grid, (int X, int Y, int Z) group, int dynamicSharedBytes, ReadOnlySpan<byte> parameters) =>
        throw new NotImplementedException($"{this} {grid} {group} {dynamicSharedBytes} {parameters.Length}");
}
