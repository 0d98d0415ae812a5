namespace Noether.Kernels.MatMul;

/// <summary>float32 in memory, rounded to TF32 (11 significant bits, ties away from zero) on its way into the tensor cores.</summary>
public readonly struct Tf32Number : ITensorCoreNumber
{
    /// <inheritdoc/>
    public static int Bytes => sizeof(float);
}
