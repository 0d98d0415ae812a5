using Noether.Devices.Ilgpu;
using Noether.Kernels;

namespace Noether.Tests.Devices.Ilgpu;

/// <summary>The devices that device tests run on: the simulator always; CUDA and OpenCL where they are, else skipped with the reason.</summary>
internal static class DeviceLane
{
    public static IEnumerable<TestFixtureData> Lanes
    {
        get
        {
            foreach (var lane in new[] { "Simulator", "OpenCL", "Cuda" })
            {
                var data = new TestFixtureData(lane);
                data.Properties.Add("Category", lane);
                yield return data;
            }
        }
    }

    private static bool WantsProcessor => Environment.GetEnvironmentVariable("NOETHER_LANES")?.Contains("opencl", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The lane's device; ends the test as skipped where there is none.</summary>
    public static Device Open(string lane)
    {
        var entries = Accelerators.Present.Where(entry => entry.Kind == AcceleratorKind.OpenCL).ToArray();
        if (lane == "OpenCL" && entries.Length > 0 && entries.All(entry => entry.IsProcessor) && !WantsProcessor)
            Assert.Ignore($"{entries[0]} is the processor, and compiling for it takes minutes: set NOETHER_LANES=opencl");
        try
        {
            return Device.Open(lane.ToLowerInvariant());
        }
        catch (DeviceException absent)
        {
            Assert.Ignore(absent.Message);
            throw;
        }
    }
}
