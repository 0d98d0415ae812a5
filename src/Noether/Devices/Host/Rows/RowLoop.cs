using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>A kernel that treats each row of a dense [outer, n, inner] by itself.</summary>
internal interface IRowKernel<T>
    where T : unmanaged
{
    /// <summary>Treats one row, or a register's lanes of neighbouring rows.</summary>
    /// <param name="row">The sizes.</param>
    /// <param name="at">Where the first element lies.</param>
    /// <param name="index">The number of the first row: where its own numbers lie.</param>
    void Invoke<TWay, V>(RowSize row, long at, long index)
        where TWay : struct, IRowWay
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>;
}

/// <summary>Runs a kernel over all rows of a dense [outer, n, inner], shared out among threads; a row's result does not depend on how.</summary>
internal static class RowLoop
{
    // Elements for one task: some 4 µs of a softmax from the cache, against 1 µs to share it.
    private const long TaskElements = 8 << 10;

    public static void Run<TKernel, T>(TKernel kernel, long outer, long n, long inner)
        where TKernel : struct, IRowKernel<T>
        where T : unmanaged
    {
        if (outer <= 0 || inner <= 0) return;
        if (Vector512.IsHardwareAccelerated) Run<TKernel, FloatLanes512<T>, T>(kernel, outer, n, inner);
        else if (Vector256.IsHardwareAccelerated) Run<TKernel, FloatLanes256<T>, T>(kernel, outer, n, inner);
        else Run<TKernel, FloatLanes128<T>, T>(kernel, outer, n, inner);
    }

    /// <summary>The same on registers of a given width.</summary>
    internal static void Run<TKernel, V, T>(TKernel kernel, long outer, long n, long inner)
        where TKernel : struct, IRowKernel<T>
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        // A step is one row, or one register of neighbouring rows.
        var across = (inner + V.Count - 1) / V.Count;
        var steps = inner == 1 ? outer : outer * across;
        var size = Math.Max(1, inner == 1 ? n : n * V.Count);
        var each = Math.Max(Math.Max(1, TaskElements / size), steps / int.MaxValue + 1);
        var tasks = checked((int)((steps + each - 1) / each));
        if (inner == 1) WorkerPool.Shared.For(tasks, new Rows<TKernel, V, T>(kernel, outer, n, each));
        else WorkerPool.Shared.For(tasks, new Columns<TKernel, V, T>(kernel, steps, n, inner, across, each));
    }

    private readonly struct Rows<TKernel, V, T>(TKernel kernel, long outer, long n, long each) : IParallelBody
        where TKernel : struct, IRowKernel<T>
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var end = Math.Min(outer, (index + 1) * each);
            for (var r = index * each; r < end; r++) kernel.Invoke<AlongRow, V>(new(n, 1, 1), r * n, r);
        }
    }

    private readonly struct Columns<TKernel, V, T>(TKernel kernel, long steps, long n, long inner, long across, long each) : IParallelBody
        where TKernel : struct, IRowKernel<T>
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var end = Math.Min(steps, (index + 1) * each);
            for (var step = index * each; step < end; step++)
            {
                var (o, block) = Math.DivRem(step, across);
                var i = block * V.Count;
                kernel.Invoke<AcrossRows, V>(new(n, inner, (int)Math.Min(V.Count, inner - i)), o * n * inner + i, o * inner + i);
            }
        }
    }
}
