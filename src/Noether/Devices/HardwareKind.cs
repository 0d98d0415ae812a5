namespace Noether;

/// <summary>What a device computes with.</summary>
public enum HardwareKind
{
    /// <summary>The host's cores, by SIMD kernels.</summary>
    Processor,

    /// <summary>A graphics card or another accelerator.</summary>
    Accelerator,

    /// <summary>The host's cores posing as an accelerator (an OpenCL driver for processors, ILGPU's simulator): for tests, slower than <see cref="Processor"/>.</summary>
    ProcessorAsAccelerator,
}
