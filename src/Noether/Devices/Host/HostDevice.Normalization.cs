using Noether.Primitives;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void BatchNormalization(BatchNormalization norm, View[] x, View[] y)
    {
        if (x[0].Type == DType.Float32) Normalize<float>(norm, x, y);
        else Normalize<double>(norm, x, y);
    }

    internal override void BatchNormalizationGradient(BatchNormalizationGradient gradient, View[] x, View[] y)
    {
        if (x[0].Type == DType.Float32) NormalizeGradient<float>(gradient, x, y);
        else NormalizeGradient<double>(gradient, x, y);
    }

    private static void Normalize<T>(BatchNormalization norm, View[] x, View[] y)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var shape = x[0].Shape;
        ChannelNorm.Run(
            Address<T>(x[0]), Address<T>(x[1]), Address<T>(x[2]), Address<T>(y[0]), Address<T>(y[1]), Address<T>(y[2]),
            norm.Epsilon, shape[0], shape[1], shape[2..].Size);
    }

    private static void NormalizeGradient<T>(BatchNormalizationGradient gradient, View[] x, View[] y)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var shape = x[0].Shape;
        ChannelNorm.RunGradient(
            Address<T>(x[0]), Address<T>(x[1]), Address<T>(x[2]), Address<T>(x[3]), Address<T>(x[4]), Address<T>(y[0]), Address<T>(y[1]), Address<T>(y[2]),
            gradient.Epsilon, shape[0], shape[1], shape[2..].Size);
    }
}
