namespace Noether.Kernels.Tests;

/// <summary>The memory that an instruction names.</summary>
internal enum PtxSpace
{
    Generic,
    Global,
    Shared,
    Local,
    Parameter,
}
