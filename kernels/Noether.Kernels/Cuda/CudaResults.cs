namespace Noether.Kernels.Cuda;

/// <summary>What the driver's codes mean and what to do about them.</summary>
public static class CudaResults
{
    /// <summary>True if the driver's context is lost with it: every later call returns the same, and only a new process helps.</summary>
    public static bool IsFatal(CudaResult result) => result is CudaResult.IllegalAddress or CudaResult.LaunchTimeout or CudaResult.Assert
        or CudaResult.MisalignedAddress or CudaResult.LaunchFailed;

    /// <summary>Name, number and advice: <c>NoDevice (CUDA code 100): the driver sees no GPU; …</c>.</summary>
    public static string Describe(CudaResult result) => $"{(Enum.IsDefined(result) ? $"{result} (CUDA code {(int)result})" : $"CUDA code {(int)result}")}{(Advice(result) is { } advice ? $": {advice}" : "")}";

    private static string? Advice(CudaResult result) => result switch
    {
        CudaResult.InvalidValue => "an argument out of range, such as more threads in a group or more shared memory than the GPU has",
        CudaResult.OutOfMemory => "the GPU's memory is full; another process may hold it (nvidia-smi shows)",
        CudaResult.StubLibrary => "libcuda is the toolkit's stub; put the driver's own library first in LD_LIBRARY_PATH",
        CudaResult.NoDevice => "the driver sees no GPU; look at CUDA_VISIBLE_DEVICES, and whether the container was started with GPUs",
        CudaResult.InvalidDevice => "there is no GPU of this number",
        CudaResult.NoBinaryForGpu => "the code is for another architecture",
        CudaResult.InvalidPtx => "the driver's assembler refuses the kernel",
        CudaResult.UnsupportedPtxVersion => "the driver is older than the kernel's PTX; install a newer one",
        CudaResult.IllegalAddress => "a kernel read or wrote outside its memory; compute-sanitizer shows where",
        CudaResult.LaunchOutOfResources => "the launch asks for more threads, registers or shared memory than the GPU has",
        CudaResult.LaunchTimeout => "a kernel ran longer than the system lets a GPU with a display run",
        CudaResult.MisalignedAddress => "a kernel read or wrote at an address that its width does not divide",
        CudaResult.LaunchFailed => "a kernel faulted; compute-sanitizer shows where",
        CudaResult.SystemNotReady => "the system's GPU services are not running (nvidia-fabricmanager on machines with NVSwitch)",
        CudaResult.SystemDriverMismatch => "libcuda and the kernel's driver are of different versions; restart, or mount the host's library in the container",
        _ => null,
    };
}
