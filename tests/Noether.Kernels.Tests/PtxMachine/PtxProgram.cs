namespace Noether.Kernels.Tests;

/// <summary>A kernel as the machine runs it.</summary>
internal sealed class PtxProgram
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its instructions; the last one ends the thread.</summary>
    public required PtxInstruction[] Code { get; init; }

    /// <summary>A thread's registers at its start: immediate values in their slots, bytes 0xFF elsewhere.</summary>
    public required ulong[] Registers { get; init; }

    /// <summary>The slots that differ from thread to thread from the start, by the special register's name.</summary>
    public required (string Name, int Slot)[] Specials { get; init; }

    /// <summary>Bytes of its parameters.</summary>
    public required int ParameterBytes { get; init; }

    /// <summary>Bytes of shared memory that it declares.</summary>
    public required int SharedBytes { get; init; }

    /// <summary>Where dynamic shared memory begins in it.</summary>
    public required int DynamicShared { get; init; }

    /// <summary>Bytes of a thread's local memory.</summary>
    public required int LocalBytes { get; init; }

    /// <summary>The most threads of a group, as it promises the driver.</summary>
    public required int MaxThreads { get; init; }
}
