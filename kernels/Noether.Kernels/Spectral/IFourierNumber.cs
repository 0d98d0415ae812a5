namespace Noether.Kernels.Spectral;

/// <summary>What transforms ask of an element type.</summary>
public interface IFourierNumber
{
    /// <summary>Complex numbers that a group holds in shared memory, twice: 32 KB in all.</summary>
    static abstract int Capacity { get; }

    /// <summary>Complex numbers that a group holds in registers, sixteen a thread, and once in shared memory.</summary>
    static abstract int Registers { get; }

    /// <summary>A word of padding follows every 2^this words where lines lie across; at least 4.</summary>
    static abstract int Padding { get; }
}
