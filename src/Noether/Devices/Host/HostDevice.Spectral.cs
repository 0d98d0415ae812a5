namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void FourierTransform(View re, View im, View outRe, View outIm, long outer, int n, long inner, bool inverse)
    {
        if (re.Type == DType.Float32)
            Fft.Transform(Address<float>(re), Address<float>(im), Address<float>(outRe), Address<float>(outIm), n, outer, inner, inverse);
        else
            Fft.Transform(Address<double>(re), Address<double>(im), Address<double>(outRe), Address<double>(outIm), n, outer, inner, inverse);
    }

    internal override void RealFourierTransform(View x, View outRe, View outIm, long outer, int n, long inner)
    {
        if (x.Type == DType.Float32)
            RealFft.Forward(Address<float>(x), Address<float>(outRe), Address<float>(outIm), n, outer, inner);
        else
            RealFft.Forward(Address<double>(x), Address<double>(outRe), Address<double>(outIm), n, outer, inner);
    }

    internal override void InverseRealFourierTransform(View re, View im, View y, long outer, int n, long inner)
    {
        if (y.Type == DType.Float32)
            RealFft.Inverse(Address<float>(re), Address<float>(im), Address<float>(y), n, outer, inner);
        else
            RealFft.Inverse(Address<double>(re), Address<double>(im), Address<double>(y), n, outer, inner);
    }
}
