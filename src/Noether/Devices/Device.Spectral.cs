using Noether.Devices;

namespace Noether;

public abstract partial class Device
{
    /// <summary>y[o, k, i] = scale Σ_t x[o, t, i] e^(∓2πi kt/n): views are contiguous [outer, n, inner], real and imaginary parts apart.</summary>
    internal virtual void FourierTransform(View re, View im, View outRe, View outIm, long outer, int n, long inner, bool inverse, double scale) =>
        throw new DeviceException($"FourierTransform: {Name} has no kernel for it");

    /// <summary>
    /// Scale times the transform along the given axes: x is contiguous [outer, sizes…, inner], the parts have n/2 + 1 instead of n for the last size.
    /// </summary>
    internal virtual void RealFourierTransform(View x, View outRe, View outIm, long outer, ReadOnlySpan<int> sizes, long inner, double scale) =>
        throw new DeviceException($"RealFourierTransform: {Name} has no kernel for it");

    /// <summary>Scale times as many as there are points times the inverse of <see cref="RealFourierTransform"/>: y is contiguous [outer, sizes…, inner].</summary>
    internal virtual void InverseRealFourierTransform(View re, View im, View y, long outer, ReadOnlySpan<int> sizes, long inner, double scale) =>
        throw new DeviceException($"InverseRealFourierTransform: {Name} has no kernel for it");

    /// <summary>
    /// The convolution that <see cref="Primitives.SpectralConvolution"/> defines: x is [batch, in, space…], y [batch, out, space…] (adjoint: exchanged), the
    /// weights are [in, out, modes…], real and imaginary part of each block in turn. All contiguous.
    /// </summary>
    internal virtual void SpectralConvolution(View x, ReadOnlySpan<View> weights, View y, bool adjoint) =>
        throw new DeviceException($"SpectralConvolution: {Name} has no kernel for it");

    /// <summary>Its derivative by the weights, which are written: x is [batch, in, space…], g [batch, out, space…].</summary>
    internal virtual void SpectralOuter(View x, View g, ReadOnlySpan<View> weights) =>
        throw new DeviceException($"SpectralOuter: {Name} has no kernel for it");
}
