namespace Noether.Devices;

/// <summary>The kinds of device that can be named.</summary>
internal enum DeviceKind
{
    Host,
    Cuda,
    OpenCL,
    Simulator,
}
