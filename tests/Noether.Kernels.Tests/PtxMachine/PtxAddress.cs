namespace Noether.Kernels.Tests;

/// <summary>Where the spaces lie. No address of any space is 0, and those of one mean nothing in another.</summary>
internal static class PtxAddress
{
    /// <summary>The first address of global memory.</summary>
    public const long Global = 0x10_0000_0000;

    /// <summary>The first address of a group's shared memory; the places below belong to the system, as on Hopper.</summary>
    public const int Shared = 0x400;

    /// <summary>The first address of a thread's local memory.</summary>
    public const int Local = 0x100;

    /// <summary>What a generic address has in it that means shared memory.</summary>
    public const ulong SharedWindow = 1UL << 60;

    /// <summary>What a generic address has in it that means local memory.</summary>
    public const ulong LocalWindow = 1UL << 61;
}
