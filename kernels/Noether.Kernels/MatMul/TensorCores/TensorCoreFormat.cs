namespace Noether.Kernels.MatMul;

/// <summary>How tensor cores read factors.</summary>
public enum TensorCoreFormat
{
    /// <summary><see cref="Tf32Number"/>.</summary>
    Tf32,

    /// <summary><see cref="BFloat16Number"/>.</summary>
    BFloat16,
}
