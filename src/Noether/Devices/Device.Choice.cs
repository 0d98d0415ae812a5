using Noether.Devices;
using Noether.Devices.Ilgpu;
using Noether.Kernels;

namespace Noether;

public abstract partial class Device
{
    /// <summary>The devices of this machine: the host, then GPUs, best first. They start when first used; looking for drivers may take a moment.</summary>
    public static IReadOnlyList<Device> All => [Host, .. Accelerators.Present.Select(entry => Accelerators.Of(entry.Kind, entry.Index))];

    /// <summary>
    /// The device of a name: <c>host</c>, <c>cuda</c>, <c>cuda:1</c>, <c>opencl</c>, <c>opencl:1</c>; and <c>simulator</c>, which runs GPU kernels on the
    /// processor, some hundred times slower than <c>host</c>, to find errors in them.
    /// </summary>
    /// <exception cref="DeviceException">No such name or no such device; the message lists those present.</exception>
    public static Device Open(string name)
    {
        var (kind, index) = DeviceName.Parse(name);
        return kind switch
        {
            DeviceKind.Host => Host,
            DeviceKind.Simulator => Accelerators.Simulator.Value,
            DeviceKind.Cuda => Accelerators.Open(AcceleratorKind.Cuda, index),
            _ => Accelerators.Open(AcceleratorKind.OpenCL, index),
        };
    }

    /// <summary>The default device where <c>NOETHER_DEVICE</c> is <paramref name="named"/>.</summary>
    internal static Device Choose(string? named)
    {
        if (string.IsNullOrWhiteSpace(named)) return Accelerators.Best ?? Host;
        try
        {
            return Open(named);
        }
        catch (DeviceException error)
        {
            throw new DeviceException($"NOETHER_DEVICE={named}: {error.Message}", error);
        }
    }

    private static Device Choose()
    {
        var device = Choose(Environment.GetEnvironmentVariable("NOETHER_DEVICE"));
        return Interlocked.CompareExchange(ref Chosen, device, null) ?? device;
    }
}
