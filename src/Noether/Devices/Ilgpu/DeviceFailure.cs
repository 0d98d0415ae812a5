using ILGPU;
using ILGPU.Backends;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using Noether.Kernels.Cuda;

namespace Noether.Devices.Ilgpu;

/// <summary>What a driver's or compiler's error means, in words that say what to do.</summary>
internal static class DeviceFailure
{
    /// <summary>True for errors of drivers and of ILGPU's compiler; others are ours or the user's and pass as they are.</summary>
    public static bool Is(Exception error) => error is AcceleratorException or CudaDriverException or InternalCompilerException
        or CapabilityNotSupportedException or NotSupportedIntrinsicException or InvalidCodeGenerationException;

    /// <summary>The driver's code where the error has one.</summary>
    public static CudaResult? ResultOf(Exception error) => error switch
    {
        CudaDriverException driver => driver.Result,
        CudaException cuda when Enum.TryParse<CudaError>(cuda.Error, out var code) => (CudaResult)(int)code,
        _ => null,
    };

    /// <summary>The message of the error, with advice.</summary>
    /// <param name="what">What failed.</param>
    /// <param name="error">The cause.</param>
    /// <param name="accelerator">Whose limits a launch may have passed; null if unknown.</param>
    public static string Describe(string what, Exception error, Accelerator? accelerator)
    {
        var result = ResultOf(error);
        var cause = error switch
        {
            CLException openCL => $"OpenCL says {openCL.Error}",
            CapabilityNotSupportedException => $"the device lacks what the kernel needs: {error.Message}",
            _ when result is { } code => CudaResults.Describe(code),
            _ => error.Message,
        };
        var limits = IsRefusal(error, result) && accelerator is not null
            ? $"; the device has {accelerator.MaxNumThreadsPerGroup} threads and {MemoryPool.Text(accelerator.MaxSharedMemoryPerGroup)} of shared memory a group"
            : "";
        var end = result is { } known && CudaResults.IsFatal(known) ? "; the driver has given this process's context up: start it again" : "";
        return $"{what} failed: {cause}{limits}{end}";
    }

    private static bool IsRefusal(Exception error, CudaResult? result) => result is CudaResult.InvalidValue or CudaResult.LaunchOutOfResources
        || error is CLException { Error: CLError.CL_INVALID_WORK_GROUP_SIZE or CLError.CL_OUT_OF_RESOURCES or CLError.CL_INVALID_WORK_ITEM_SIZE };
}
