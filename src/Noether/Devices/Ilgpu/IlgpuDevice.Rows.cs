using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;
using Noether.Kernels.Rows;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void MapRows(RowFunction function, View x, View? z, View y, long outer, long n, long inner)
    {
        if (y.Size == 0) return;
        if (x.Type == DType.Float32) MapRows<Float32Lane>(function, x, z, y, outer * inner, n, inner);
        else MapRows<Float64Lane>(function, x, z, y, outer * inner, n, inner);
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
}
