namespace Noether;

public abstract partial class Device
{
    /// <summary>
    /// y[outer, r, inner] = the i with index[i] = r whose x[outer, i, inner] is extreme (the first of equals or of NaN), or -1. All contiguous.
    /// </summary>
    internal virtual void ScatterExtremumIndex(bool largest, Devices.View x, Devices.View index, Devices.View y, long outer, long n, long inner) =>
        throw new DeviceException($"ScatterExtremumIndex: {this} has no kernel for it");
}
