using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Noether.Bench.Comparing;

/// <summary>Names the machine, so that a table can be judged later.</summary>
internal static class Machine
{
    /// <summary>Processor, cores, vector width, runtime and system on one line.</summary>
    public static string Description { get; } =
        $"{Processor()}, {Environment.ProcessorCount} threads, {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)}-bit vectors, "
        + $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}";

    private static string Processor()
    {
        const string cpuInfo = "/proc/cpuinfo", key = "model name";
        var line = File.Exists(cpuInfo) ? File.ReadLines(cpuInfo).FirstOrDefault(static l => l.StartsWith(key, StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
