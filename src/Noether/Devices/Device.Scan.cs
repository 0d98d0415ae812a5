using Noether.Devices;

namespace Noether;

public abstract partial class Device
{
    /// <summary>y[outer, r, inner] = x[outer, 0, inner] ∘ … ∘ x[outer, r, inner] for Sum, Product, Min or Max; from the other end if reverse.</summary>
    internal virtual void Scan(Reduction reduction, bool reverse, View x, View y, long outer, long n, long inner) =>
        throw new DeviceException($"Scan: {this} has no kernel for it");
}
