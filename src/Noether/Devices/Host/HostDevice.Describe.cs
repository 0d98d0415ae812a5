using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    /// <inheritdoc/>
    public override DeviceInfo Describe() => new(
        Name,
        HardwareKind.Processor,
        ProcessorName() ?? RuntimeInformation.ProcessArchitecture.ToString(),
        RuntimeInformation.FrameworkDescription,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        [
            new("threads", WorkerPool.Shared.Threads.ToString(CultureInfo.InvariantCulture)),
            new("vectors", Vector512.IsHardwareAccelerated ? "AVX-512" : AdvSimd.IsSupported ? "NEON" : Vector256.IsHardwareAccelerated ? "AVX2" : Vector128.IsHardwareAccelerated ? "128 bits" : "none"),
        ]);

    private static string? ProcessorName()
    {
        try
        {
            const string Key = "model name";
            return OperatingSystem.IsLinux()
                ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith(Key, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim()
                : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // a name is a courtesy
        }
    }
}
