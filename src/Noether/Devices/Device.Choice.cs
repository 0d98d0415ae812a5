namespace Noether;

public abstract partial class Device
{
    /// <summary>The device of a name: <c>host</c>, <c>cuda</c>, <c>cuda:1</c>, <c>opencl</c>, <c>opencl:1</c>.</summary>
    /// <exception cref="DeviceException">No such device; the message lists those present.</exception>
    public static Device Open(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name.Equals("host", StringComparison.OrdinalIgnoreCase) || name.Equals("cpu", StringComparison.OrdinalIgnoreCase)
            ? Host
            : throw new DeviceException($"Device: '{name}' is not here; present: host");
    }

    private static Device Choose()
    {
        var named = Environment.GetEnvironmentVariable("NOETHER_DEVICE");
        var device = string.IsNullOrWhiteSpace(named) ? Host : Open(named);
        return Interlocked.CompareExchange(ref Chosen, device, null) ?? device;
    }
}
