namespace Noether.Kernels.Tests;

/// <summary>An instruction, its operands resolved to slots of a thread's registers; immediate values have slots too.</summary>
internal sealed class PtxInstruction
{
    /// <summary>As it was written.</summary>
    public required string Text { get; init; }

    /// <summary>What to do.</summary>
    public PtxKind Kind { get; set; }

    /// <summary>The predicate that guards it, or -1.</summary>
    public int Guard { get; set; } = -1;

    /// <summary>What that predicate must be.</summary>
    public bool GuardedBy { get; set; } = true;

    /// <summary>The first destination; 0, which nobody reads, if there is none.</summary>
    public int D { get; set; }

    /// <summary>The first source; for memory the base of the address.</summary>
    public int A { get; set; }

    /// <summary>The second source.</summary>
    public int B { get; set; }

    /// <summary>The third source.</summary>
    public int C { get; set; }

    /// <summary>What is computed; of loads and atomics what extends a value to the register, or joins two.</summary>
    public PtxFunction? Function { get; set; }

    /// <summary>What is computed for the second destination of a comparison.</summary>
    public PtxFunction? Opposite { get; set; }

    /// <summary>All destinations, of instructions with several.</summary>
    public int[] Destinations { get; set; } = [];

    /// <summary>All sources, of instructions with many; those of a tensor core in the order A, B, C.</summary>
    public int[] Sources { get; set; } = [];

    /// <summary>Which memory.</summary>
    public PtxSpace Space { get; set; }

    /// <summary>What is added to the address.</summary>
    public long Offset { get; set; }

    /// <summary>What is added to the address that an asynchronous copy reads.</summary>
    public long FromOffset { get; set; }

    /// <summary>The slot that says which lanes of the warp do this together.</summary>
    public int Mask { get; set; }

    /// <summary>Bytes of an element.</summary>
    public int Size { get; set; }

    /// <summary>Where a branch goes.</summary>
    public int Target { get; set; }

    /// <summary>A modifier that the kind explains: how to shuffle or vote, what a tensor core multiplies.</summary>
    public string Mode { get; set; } = "";
}
