using System.Runtime.CompilerServices;
using Noether.Kernels;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>y = e^(x - max x) / Σ e^(x - max x) over each row; NaN where all are -∞ or one is +∞.</summary>
/// <remarks>
/// Three passes, the second with the one exponential an element; the row is in the first-level cache after the first pass (in the second up
/// to some 100,000 elements), so memory sees one read and one write. Limit: the exponential, some 14 cycles a register.
/// </remarks>
internal readonly unsafe struct SoftmaxRows<T>(T* x, T* y) : IRowKernel<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke<TWay, V>(RowSize row, long at, long index)
        where TWay : struct, IRowWay
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    {
        var top = TWay.Max<V, T>(row, x + at);
        var sum = TWay.MapSum<PowersBelow, V, T>(row, x + at, x + at, y + at, top, top);
        TWay.Map<Scaled, V, T>(row, y + at, y + at, y + at, V.Constant(1) / sum, sum);
    }
}

/// <summary>dx = y·(g - Σ g·y) over each row: the gradient of softmax, and its derivative along a tangent g.</summary>
internal readonly unsafe struct SoftmaxGradientRows<T>(T* y, T* g, T* dx) : IRowKernel<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke<TWay, V>(RowSize row, long at, long index)
        where TWay : struct, IRowWay
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    {
        var sum = TWay.Sum<Products, V, T>(row, y + at, g + at, V.Constant(0), V.Constant(0));
        TWay.Map<ProductsBelow, V, T>(row, y + at, g + at, dx + at, sum, sum);
    }
}

/// <summary>y = x - log Σ eˣ over each row.</summary>
/// <remarks>The largest is taken off first and the logarithm second: both differences lose no more than their rounding.</remarks>
internal readonly unsafe struct LogSoftmaxRows<T>(T* x, T* y) : IRowKernel<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke<TWay, V>(RowSize row, long at, long index)
        where TWay : struct, IRowWay
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    {
        var top = TWay.Max<V, T>(row, x + at);
        var sum = TWay.SumLong<PowersBelow, V, T>(row, x + at, x + at, top, top);
        TWay.Map<BelowTwice, V, T>(row, x + at, x + at, y + at, top, RowPowers.Log(sum));
    }
}

/// <summary>dx = g - e^y·Σ g over each row: the gradient of log-softmax.</summary>
internal readonly unsafe struct LogSoftmaxGradientRows<T>(T* y, T* g, T* dx) : IRowKernel<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke<TWay, V>(RowSize row, long at, long index)
        where TWay : struct, IRowWay
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    {
        var sum = TWay.Sum<Itself, V, T>(row, g + at, g + at, V.Constant(0), V.Constant(0));
        TWay.Map<LessPowers, V, T>(row, y + at, g + at, dx + at, sum, sum);
    }
}

/// <summary>y = log Σ eˣ of each row: -∞ of nothing or of -∞ alone, +∞ if an element is, NaN if one is.</summary>
internal readonly unsafe struct LogSumExpRows<T>(T* x, T* y) : IRowKernel<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke<TWay, V>(RowSize row, long at, long index)
        where TWay : struct, IRowWay
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    {
        var sum = RowPowers.LogOfSum<TWay, V, T>(row, x + at, out var shift);
        TWay.Store(row, sum + shift, y + index);
    }
}

/// <summary>What kernels with sums of powers share.</summary>
internal static unsafe class RowPowers
{
    /// <summary>log Σ e^(x - shift) of each row, shift its largest element where that is finite, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogOfSum<TWay, V, T>(RowSize row, T* x, out V shift)
        where TWay : struct, IRowWay
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        var top = TWay.Max<V, T>(row, x);
        var finite = V.Less(V.Abs(top), V.Constant(double.PositiveInfinity));
        shift = V.Select(finite, top, V.Constant(0));
        var sum = TWay.SumLong<PowersBelow, V, T>(row, x, x, shift, shift);
        var infinite = V.Equal(top, V.Constant(double.PositiveInfinity));
        if (V.Any(infinite)) sum = V.Select(infinite, Unshifted<TWay, V, T>(row, x), sum);
        return Log(sum);
    }

    /// <summary>The logarithm as a call: one a row, beside which it is nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static V Log<V>(V x)
        where V : struct, IFloatLanes<V> => Elementary.Log(x);

    // ∞, or NaN if an element is.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static V Unshifted<TWay, V, T>(RowSize row, T* x)
        where TWay : struct, IRowWay
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged => TWay.SumLong<Powers, V, T>(row, x, x, V.Constant(0), V.Constant(0));
}
