namespace Noether.Kernels.Cuda;

/// <summary>A call of the CUDA driver that failed. The message names the call, the driver's code, and what it means.</summary>
/// <param name="call">The function.</param>
/// <param name="result">What it returned.</param>
public sealed class CudaDriverException(string call, CudaResult result) : Exception($"{call}: {CudaResults.Describe(result)}")
{
    /// <summary>What the driver returned.</summary>
    public CudaResult Result { get; } = result;
}
