namespace Noether.Kernels.Tests;

/// <summary>What the machine does at an instruction. From <see cref="Barrier"/> on a thread waits there for others.</summary>
internal enum PtxKind
{
    Compute, // D = Function(A, B, C)
    Compare, // D = Function(A, B, C), and the opposite with the same third operand to the second destination
    Pack,
    Unpack,
    Load,
    Store,
    Atomic,
    Branch,
    Exit,
    Nothing,
    CopyAsync,
    CommitCopies,
    WaitCopies,
    Barrier,
    JoinWarp,
    Shuffle,
    Vote,
    LoadMatrix,
    Multiply,
}
