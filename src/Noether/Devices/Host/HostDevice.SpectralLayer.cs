using System.Numerics;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void SpectralConvolution(View x, ReadOnlySpan<View> weights, View y, bool adjoint)
    {
        if (x.Type == DType.Float32)
            Convolve<float>(x, weights, y, adjoint);
        else
            Convolve<double>(x, weights, y, adjoint);

        static void Convolve<T>(View x, ReadOnlySpan<View> weights, View y, bool adjoint)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (x.Size == 0 || weights[0].Size == 0)
            {
                Host.Zero(y);
                return;
            }

            var (re, im) = Parts<T>(weights);
            var w = weights[0].Shape;
            SpectralLayer.Apply(Address<T>(x), re, im, Address<T>(y), x.Shape[0], w[0], w[1], x.Shape[2..], w[2..], adjoint);
        }
    }

    internal override void SpectralOuter(View x, View g, ReadOnlySpan<View> weights)
    {
        if (x.Type == DType.Float32)
            Multiply<float>(x, g, weights);
        else
            Multiply<double>(x, g, weights);

        static void Multiply<T>(View x, View g, ReadOnlySpan<View> weights)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (x.Size == 0 || g.Size == 0)
            {
                foreach (var part in weights) Host.Zero(part);
                return;
            }

            var (re, im) = Parts<T>(weights);
            SpectralLayer.Outer(Address<T>(x), Address<T>(g), re, im, x.Shape[0], x.Shape[1], g.Shape[1], x.Shape[2..], weights[0].Shape[2..]);
        }
    }

    // Real and imaginary part of each block in turn.
    private static (T*[] Re, T*[] Im) Parts<T>(ReadOnlySpan<View> weights)
        where T : unmanaged
    {
        T*[] re = new T*[weights.Length / 2], im = new T*[weights.Length / 2];
        for (var block = 0; block < re.Length; block++)
        {
            re[block] = Address<T>(weights[2 * block]);
            im[block] = Address<T>(weights[2 * block + 1]);
        }

        return (re, im);
    }
}
