namespace Noether.Kernels.MatMul;

/// <summary>A number that tensor cores multiply: what the factors of a product are in memory, and how they are read.</summary>
public interface ITensorCoreNumber
{
    /// <summary>Bytes of an element: 2 or 4.</summary>
    static abstract int Bytes { get; }
}
