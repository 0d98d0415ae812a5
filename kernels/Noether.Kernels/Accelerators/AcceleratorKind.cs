namespace Noether.Kernels;

/// <summary>The makers of accelerators that ILGPU can drive.</summary>
public enum AcceleratorKind
{
    /// <summary>NVIDIA GPUs, by their driver's library <c>libcuda</c>.</summary>
    Cuda,

    /// <summary>Any device with an OpenCL 2 driver: AMD and Intel GPUs, PoCL.</summary>
    OpenCL,
}
