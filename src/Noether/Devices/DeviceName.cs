using System.Globalization;

namespace Noether.Devices;

/// <summary>What a device may be called.</summary>
/// <param name="Kind">host, cuda, opencl or simulator.</param>
/// <param name="Index">The number behind the colon, if there is one.</param>
internal readonly record struct DeviceName(DeviceKind Kind, int? Index)
{
    /// <summary>Reads <c>host</c> (or <c>cpu</c>), <c>cuda</c>, <c>cuda:1</c>, <c>opencl</c>, <c>opencl:1</c>, <c>simulator</c>; any case.</summary>
    /// <exception cref="DeviceException">It is none of these.</exception>
    public static DeviceName Parse(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var parts = name.Trim().ToLowerInvariant().Split(':');
        DeviceKind? kind = parts[0] switch
        {
            "host" or "cpu" => DeviceKind.Host,
            "cuda" => DeviceKind.Cuda,
            "opencl" => DeviceKind.OpenCL,
            "simulator" => DeviceKind.Simulator,
            _ => null,
        };
        if (kind is { } known)
        {
            if (parts.Length == 1) return new(known, null);
            var isNumbered = known is DeviceKind.Cuda or DeviceKind.OpenCL;
            if (isNumbered && parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                return new(known, index);
        }

        throw new DeviceException($"Device: '{name}' is not a device's name; names are host, cuda, cuda:N, opencl, opencl:N, simulator");
    }
}
