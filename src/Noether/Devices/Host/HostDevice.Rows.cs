using System.Numerics;
using Noether.Primitives;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void MapRows(RowFunction function, View x, View? z, View y, long outer, long n, long inner)
    {
        if (x.Type == DType.Float32) MapRows<float>(function, x, z, y, outer, n, inner);
        else MapRows<double>(function, x, z, y, outer, n, inner);
    }

    internal override void CrossEntropy(CrossEntropy loss, View x, View classes, View losses, View sums)
    {
        if (x.Type == DType.Float32) CrossEntropy<float>(loss, x, classes, losses, sums);
        else CrossEntropy<double>(loss, x, classes, losses, sums);
    }

    internal override void CrossEntropyGradient(CrossEntropyGradient gradient, View x, View classes, View sums, View cotangents, View dx)
    {
        if (x.Type == DType.Float32) CrossEntropyGradient<float>(gradient, x, classes, sums, cotangents, dx);
        else CrossEntropyGradient<double>(gradient, x, classes, sums, cotangents, dx);
    }

    internal override void LayerNorm(LayerNorm norm, View[] x, View[] y)
    {
        if (x[0].Type == DType.Float32) LayerNorm<float>(norm, x, y);
        else LayerNorm<double>(norm, x, y);
    }

    internal override void LayerNormGradient(LayerNormGradient gradient, View[] x, View[] y)
    {
        if (x[0].Type == DType.Float32) LayerNormGradient<float>(gradient, x, y);
        else LayerNormGradient<double>(gradient, x, y);
    }

    internal override void Variance(Variance variance, View x, View y)
    {
        var (outer, n, inner) = Reductions.Sizes(x.Shape, variance.Axis, variance.Count);
        var divisor = variance.Divisor(x.Shape);
        if (x.Type == DType.Float32) Moments.Variance(Address<float>(x), Address<float>(y), outer, n, inner, divisor);
        else Moments.Variance(Address<double>(x), Address<double>(y), outer, n, inner, divisor);
    }

    private static void MapRows<T>(RowFunction function, View x, View? z, View y, long outer, long n, long inner)
        where T : unmanaged
    {
        T* from = Address<T>(x), with = z is null ? null : Address<T>(z), to = Address<T>(y);
        switch (function)
        {
            case RowFunction.Softmax: RowLoop.Run<SoftmaxRows<T>, T>(new(from, to), outer, n, inner); break;
            case RowFunction.SoftmaxGradient: RowLoop.Run<SoftmaxGradientRows<T>, T>(new(from, with, to), outer, n, inner); break;
            case RowFunction.LogSoftmax: RowLoop.Run<LogSoftmaxRows<T>, T>(new(from, to), outer, n, inner); break;
            case RowFunction.LogSoftmaxGradient: RowLoop.Run<LogSoftmaxGradientRows<T>, T>(new(from, with, to), outer, n, inner); break;
            default: RowLoop.Run<LogSumExpRows<T>, T>(new(from, to), outer, n, inner); break;
        }
    }

    private static void CrossEntropy<T>(CrossEntropy loss, View x, View classes, View losses, View sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (outer, n, inner) = Reductions.Sizes(x.Shape, loss.Axis);
        var targets = Positions(classes, out var scratch);
        using (scratch)
        {
            CheckClasses(loss.Name, targets, classes.Size, n, loss.Ignored);
            RowLoop.Run<CrossEntropyRows<T>, T>(new(Address<T>(x), targets, Address<T>(losses), Address<T>(sums), loss.Smoothing, loss.Ignored), outer, n, inner);
        }
    }

    private static void CrossEntropyGradient<T>(CrossEntropyGradient gradient, View x, View classes, View sums, View cotangents, View dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (outer, n, inner) = Reductions.Sizes(x.Shape, gradient.Axis);
        var targets = Positions(classes, out var scratch);
        using (scratch)
        {
            CheckClasses(gradient.Name, targets, classes.Size, n, gradient.Ignored);
            CrossEntropyGradientRows<T> kernel = new(
                Address<T>(x), targets, Address<T>(sums), Address<T>(cotangents), Address<T>(dx), gradient.Smoothing, gradient.Ignored);
            RowLoop.Run<CrossEntropyGradientRows<T>, T>(kernel, outer, n, inner);
        }
    }

    private static void LayerNorm<T>(LayerNorm norm, View[] x, View[] y)
        where T : unmanaged
    {
        long rows = y[1].Size, n = Reductions.Sizes(x[0].Shape, x[0].Shape.Rank - norm.Count, norm.Count).N;
        T* w = x.Length > 1 ? Address<T>(x[1]) : null, b = x.Length > 1 ? Address<T>(x[2]) : null, to = Address<T>(y[0]);
        NormRows<T> kernel = new(Address<T>(x[0]), w, b, to, Address<T>(y[1]), Address<T>(y[2]), norm.Epsilon, Streaming.Suits(to, rows, n));
        RowLoop.Run<NormRows<T>, T>(kernel, rows, n, 1);
    }

    private static void LayerNormGradient<T>(LayerNormGradient gradient, View[] x, View[] y)
        where T : unmanaged, INumber<T>
    {
        T* w = x.Length > 4 ? Address<T>(x[4]) : null, dw = y.Length > 1 ? Address<T>(y[1]) : null, db = y.Length > 1 ? Address<T>(y[2]) : null;
        NormGradient.Run(
            Address<T>(x[0]), Address<T>(x[1]), Address<T>(x[2]), w, Address<T>(x[3]), Address<T>(y[0]), dw, db, x[1].Size, Reductions.Sizes(x[0].Shape, x[0].Shape.Rank - gradient.Count, gradient.Count).N);
    }

    private static void CheckClasses(string operation, long* classes, long count, long n, long ignored)
    {
        for (long i = 0; i < count; i++)
        {
            if ((ulong)classes[i] >= (ulong)n && classes[i] != ignored)
                throw new AxisException($"{operation}: class {classes[i]} at position {i} is outside an axis of {n}");
        }
    }
}
