using System.Globalization;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Noether.Kernels;

/// <summary>What an accelerator is and what it offers to kernels, as names and texts.</summary>
public static class AcceleratorDescription
{
    /// <summary>The driver: <c>CUDA 12.4</c>, <c>OpenCL 3.0 (Portable Computing Language)</c>.</summary>
    public static string Driver(Accelerator accelerator) => accelerator switch
    {
        CudaAccelerator cuda => $"CUDA {cuda.DriverVersion}",
        CLAccelerator { Device: CLDevice device } => $"OpenCL {device.DeviceVersion} ({device.PlatformName})",
        _ => "ILGPU",
    };

    /// <summary>True if the processor poses as an accelerator.</summary>
    public static bool IsProcessor(Accelerator accelerator) =>
        accelerator is CLAccelerator { Device: CLDevice device } && device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_CPU);

    /// <summary>Limits and capabilities, in the order in which they are best read.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Properties(Accelerator accelerator)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        var list = new List<KeyValuePair<string, string>>();
        if (accelerator is CudaAccelerator cuda)
        {
            Add("architecture", $"{cuda.Architecture}");
            Add("PTX", $"{cuda.InstructionSet}");
        }

        Add("multiprocessors", Text(accelerator.NumMultiprocessors));
        Add("threads a group", Text(accelerator.MaxNumThreadsPerGroup));
        Add("threads a warp", Text(accelerator.WarpSize));
        Add("shared memory a group", Bytes(accelerator.MaxSharedMemoryPerGroup));
        switch (accelerator)
        {
            case CudaAccelerator gpu:
                Add("shared memory a group at most", Bytes(Cuda.Driver.SharedMemoryLimit(gpu)));
                Add("registers a group", Text(gpu.TotalNumRegistersPerGroup));
                Add("second-level cache", Bytes(gpu.L2CacheSize));
                Add("memory bus", $"{Text(gpu.MemoryBusWidth)} bits");
                Add("copy engines", Text(gpu.NumConcurrentCopyEngines));
                break;
            case CLAccelerator { Device: CLDevice device }:
                Add("vendor", device.VendorName);
                Add("sub-groups", device.Capabilities.SubGroups ? "yes" : "no");
                Add("float64", device.Capabilities.Float64 ? "yes" : "no");
                break;
        }

        return list;

        void Add(string name, string value) => list.Add(new(name, value));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => bytes >= 1 << 20 ? $"{bytes / (double)(1 << 20):0.#} MiB" : $"{bytes / 1024.0:0.#} KiB";
}
