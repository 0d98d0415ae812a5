using System.Numerics;
using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>
/// loss = (1 - ε)·(l - x[t]) + ε·(l - mean x) and l = log Σ eˣ of each row of logits x with class t; loss 0 where t is the class to ignore.
/// </summary>
/// <remarks>Reads the logits once and stores two numbers a row: the probabilities are made again by the gradient, which is cheaper than to keep them.</remarks>
internal readonly unsafe struct CrossEntropyRows<T>(T* x, long* classes, T* losses, T* sums, double smoothing, long ignored) : IRowKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke<TWay, V>(RowSize row, long at, long index)
        where TWay : struct, IRowWay
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    {
        var log = RowPowers.LogOfSum<TWay, V, T>(row, x + at, out var shift);
        TWay.Store(row, log + shift, sums + index);
        var mean = smoothing == 0 ? V.Constant(0) : TWay.Sum<Below, V, T>(row, x + at, x + at, shift, shift) * V.Constant(1.0 / row.Length);
        Losses(row, at, index, log, shift, mean);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Losses<V>(RowSize row, long at, long index, V log, V shift, V mean)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    {
        T* logs = (T*)Unsafe.AsPointer(ref log), shifts = (T*)Unsafe.AsPointer(ref shift), means = (T*)Unsafe.AsPointer(ref mean);
        T uniform = T.CreateTruncating(smoothing), own = T.CreateTruncating(1 - smoothing);
        for (var lane = 0; lane < row.Lanes; lane++)
        {
            var target = classes[index + lane];
            var loss = T.Zero;
            if (target != ignored)
            {
                loss = logs[lane] - (x[at + lane + target * row.Stride] - shifts[lane]);
                if (smoothing != 0) loss = own * loss + uniform * (logs[lane] - means[lane]);
            }

            losses[index + lane] = loss;
        }
    }
}

/// <summary>dx = c·(e^(x - l) - ε/n - (1 - ε)·[j = t]) for the cotangent c of each row's loss; 0 where the class is the one to ignore.</summary>
internal readonly unsafe struct CrossEntropyGradientRows<T>(T* x, long* classes, T* sums, T* c, T* dx, double smoothing, long ignored) : IRowKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke<TWay, V>(RowSize row, long at, long index)
        where TWay : struct, IRowWay
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    {
        var factor = TWay.Load<V, T>(c + index);
        TWay.Map<ScaledPowersBelow, V, T>(row, x + at, x + at, dx + at, TWay.Load<V, T>(sums + index), factor);
        if (smoothing != 0) TWay.Map<Below, V, T>(row, dx + at, dx + at, dx + at, factor * V.Constant(smoothing / row.Length), factor);
        var own = T.CreateTruncating(1 - smoothing);
        for (var lane = 0; lane < row.Lanes; lane++)
        {
            var target = classes[index + lane];
            if (target != ignored) dx[at + lane + target * row.Stride] -= own * c[index + lane];
            else for (var j = 0L; j < row.Length; j++) dx[at + lane + j * row.Stride] = T.Zero;
        }
    }
}
