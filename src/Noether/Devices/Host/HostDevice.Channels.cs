using System.Numerics;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void AxisSums(View x, View rows, View columns)
    {
        long count = x.Shape[..^2].Size;
        if (x.Type == DType.Float32)
            MatrixSums.Run(Address<float>(x), Address<float>(rows), Address<float>(columns), count, x.Shape[^2], x.Shape[^1]);
        else
            MatrixSums.Run(Address<double>(x), Address<double>(rows), Address<double>(columns), count, x.Shape[^2], x.Shape[^1]);
    }

    internal override void ChannelMix(View w, View x, View rows, View columns, View y)
    {
        if (y.Type == DType.Float32)
            Mix<float>(w, x, rows, columns, y);
        else
            Mix<double>(w, x, rows, columns, y);

        static void Mix<T>(View w, View x, View rows, View columns, View y)
            where T : unmanaged, IFloatingPointIeee754<T> =>
            Channels.Mix(Address<T>(w), Address<T>(x), Address<T>(rows), Address<T>(columns), Address<T>(y), y.Shape[0], w.Shape[1], w.Shape[0], y.Shape[2], y.Shape[3]);
    }

    internal override void ChannelOuter(View g, View x, View w)
    {
        if (w.Type == DType.Float32)
            Multiply<float>(g, x, w);
        else
            Multiply<double>(g, x, w);

        static void Multiply<T>(View g, View x, View w)
            where T : unmanaged, IFloatingPointIeee754<T> =>
            Channels.Outer(Address<T>(g), Address<T>(x), Address<T>(w), g.Shape[0], g.Shape[1], x.Shape[1], g.Shape[2] * g.Shape[3]);
    }
}
