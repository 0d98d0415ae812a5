using Noether.Devices;

namespace Noether;

public abstract partial class Device
{
    /// <summary>y[o, k, i] = Σ_t x[o, t, i] e^(∓2πi kt/n): views are contiguous [outer, n, inner], real and imaginary parts apart.</summary>
    internal virtual void FourierTransform(View re, View im, View outRe, View outIm, long outer, int n, long inner, bool inverse) =>
        throw new DeviceException($"FourierTransform: {Name} has no kernel for it");

    /// <summary>The first n/2 + 1 coefficients: x is contiguous [outer, n, inner], the parts [outer, n/2 + 1, inner].</summary>
    internal virtual void RealFourierTransform(View x, View outRe, View outIm, long outer, int n, long inner) =>
        throw new DeviceException($"RealFourierTransform: {Name} has no kernel for it");

    /// <summary>n times the inverse of <see cref="RealFourierTransform"/>: y is contiguous [outer, n, inner].</summary>
    internal virtual void InverseRealFourierTransform(View re, View im, View y, long outer, int n, long inner) =>
        throw new DeviceException($"InverseRealFourierTransform: {Name} has no kernel for it");
}
