namespace Noether.Kernels.MatMul;

/// <summary>bfloat16 in memory, read as it is.</summary>
public readonly struct BFloat16Number : ITensorCoreNumber
{
    /// <inheritdoc/>
    public static int Bytes => sizeof(ushort);
}
