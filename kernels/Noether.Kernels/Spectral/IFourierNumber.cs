namespace Noether.Kernels.Spectral;

/// <summary>What a transform in shared memory asks of an element type.</summary>
public interface IFourierNumber
{
    /// <summary>Complex numbers that a group holds, twice: 32 KB in all.</summary>
    static abstract int Capacity { get; }
}
