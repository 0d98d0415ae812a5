using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;
using Noether.Kernels.Rows;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void MapRows(RowFunction function, View x, View? z, View y, long outer, long n, long inner)
    {
        if (y.Size == 0) return;
        if (x.Type == DType.Float32) MapRows<Float32Lane>(function, x, z, y, outer * inner, n, inner);
        else MapRows<Float64Lane>(function, x, z, y, outer * inner, n, inner);
    }

    internal override void CrossEntropy(CrossEntropy loss, View x, View classes, View losses, View sums)
    {
        switch (x.Type == DType.Float32, Shuffles)
        {
            case (true, true): CrossEntropy<Float32Lane, ShuffleJoin>(loss, x, classes, losses, sums); break;
            case (true, false): CrossEntropy<Float32Lane, SharedJoin>(loss, x, classes, losses, sums); break;
            case (false, true): CrossEntropy<Float64Lane, ShuffleJoin>(loss, x, classes, losses, sums); break;
            default: CrossEntropy<Float64Lane, SharedJoin>(loss, x, classes, losses, sums); break;
        }
    }

    internal override void CrossEntropyGradient(CrossEntropyGradient gradient, View x, View classes, View sums, View cotangents, View dx)
    {
        switch (x.Type == DType.Float32, Shuffles)
        {
            case (true, true): CrossEntropyGradient<Float32Lane, ShuffleJoin>(gradient, x, classes, sums, cotangents, dx); break;
            case (true, false): CrossEntropyGradient<Float32Lane, SharedJoin>(gradient, x, classes, sums, cotangents, dx); break;
            case (false, true): CrossEntropyGradient<Float64Lane, ShuffleJoin>(gradient, x, classes, sums, cotangents, dx); break;
            default: CrossEntropyGradient<Float64Lane, SharedJoin>(gradient, x, classes, sums, cotangents, dx); break;
        }
    }

    private void MapRows<V>(RowFunction function, View x, View? z, View y, long rows, long n, long inner)
        where V : unmanaged, IFloatLanes<V>
    {
        if (Shuffles) MapRows<V, ShuffleJoin>(function, x, z, y, rows, n, inner);
        else MapRows<V, SharedJoin>(function, x, z, y, rows, n, inner);
    }

    private void MapRows<V, TJoin>(RowFunction function, View x, View? z, View y, long rows, long n, long inner)
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        var kernel = Kernels.Get(static accelerator => new RowKernel<V, TJoin>(accelerator));
        switch (function)
        {
            case RowFunction.Softmax: kernel.Softmax(Stream, Dense<V>(x), Dense<V>(y), rows, n, inner); break;
            case RowFunction.SoftmaxGradient: kernel.SoftmaxGradient(Stream, Dense<V>(x), Dense<V>(z!), Dense<V>(y), rows, n, inner); break;
            case RowFunction.LogSoftmax: kernel.LogSoftmax(Stream, Dense<V>(x), Dense<V>(y), rows, n, inner); break;
            case RowFunction.LogSoftmaxGradient: kernel.LogSoftmaxGradient(Stream, Dense<V>(x), Dense<V>(z!), Dense<V>(y), rows, n, inner); break;
            default: kernel.LogSumExp(Stream, Dense<V>(x), Dense<V>(y), rows, n, inner); break;
        }
    }

    private void CrossEntropy<V, TJoin>(CrossEntropy loss, View x, View classes, View losses, View sums)
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        var (_, n, inner) = Reductions.Sizes(x.Shape, loss.Axis);
        var (classes32, classes64) = ClassesOf(classes);
        CrossEntropyRule rule = new() { Smoothing = loss.Smoothing, Ignored = loss.Ignored };
        Kernels.Get(static accelerator => new CrossEntropyKernel<V, TJoin>(accelerator))
            .Losses(Stream, Dense<V>(x), classes32, classes64, Dense<V>(losses), Dense<V>(sums), rule, n, inner);
    }

    private void CrossEntropyGradient<V, TJoin>(CrossEntropyGradient gradient, View x, View classes, View sums, View cotangents, View dx)
        where V : unmanaged, IFloatLanes<V>
        where TJoin : struct, IGroupJoin
    {
        var (_, n, inner) = Reductions.Sizes(x.Shape, gradient.Axis);
        var (classes32, classes64) = ClassesOf(classes);
        CrossEntropyRule rule = new() { Smoothing = gradient.Smoothing, Ignored = gradient.Ignored };
        Kernels.Get(static accelerator => new CrossEntropyKernel<V, TJoin>(accelerator))
            .Gradient(Stream, Dense<V>(x), classes32, classes64, Dense<V>(sums), Dense<V>(cotangents), Dense<V>(dx), rule, n, inner);
    }

    private static (ArrayView<int> Narrow, ArrayView<long> Wide) ClassesOf(View classes) =>
        classes.Type == DType.Int32 ? (Dense<int>(classes), default) : (default, Dense<long>(classes));
}
