namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void FourierTransform(View re, View im, View outRe, View outIm, long outer, int n, long inner, bool inverse, double scale)
    {
        if (re.Type == DType.Float32)
            Fft.Transform(Address<float>(re), Address<float>(im), Address<float>(outRe), Address<float>(outIm), n, outer, inner, inverse, (float)scale);
        else
            Fft.Transform(Address<double>(re), Address<double>(im), Address<double>(outRe), Address<double>(outIm), n, outer, inner, inverse, scale);
    }

    internal override void RealFourierTransform(View x, View outRe, View outIm, long outer, ReadOnlySpan<int> sizes, long inner, double scale)
    {
        if (x.Type == DType.Float32)
            RealFftMany.Forward(Address<float>(x), Address<float>(outRe), Address<float>(outIm), outer, sizes, inner, (float)scale);
        else
            RealFftMany.Forward(Address<double>(x), Address<double>(outRe), Address<double>(outIm), outer, sizes, inner, scale);
    }

    internal override void InverseRealFourierTransform(View re, View im, View y, long outer, ReadOnlySpan<int> sizes, long inner, double scale)
    {
        if (y.Type == DType.Float32)
            RealFftMany.Inverse(Address<float>(re), Address<float>(im), Address<float>(y), outer, sizes, inner, (float)scale);
        else
            RealFftMany.Inverse(Address<double>(re), Address<double>(im), Address<double>(y), outer, sizes, inner, scale);
    }
}
