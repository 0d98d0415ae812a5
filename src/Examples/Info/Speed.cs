using System.Diagnostics;

namespace Noether.Examples.Info;

/// <summary>What a device reaches through the public API: sizes double until one run takes long enough to be timed.</summary>
internal sealed class Speed(Device device, bool isQuick)
{
    private const int Rounds = 3; // the fastest counts: others were disturbed

    private readonly double enough = isQuick ? 0.005 : 0.05; // seconds

    /// <summary>Bytes read and written a nanosecond by <c>x + 1</c> on float32.</summary>
    public double Copy()
    {
        for (var count = 1 << 16; ; count *= 4)
        {
            using var x = Tensor.Ones([count], device: device).Evaluate();
            var seconds = Fastest(() => x + 1);
            if (seconds >= enough || count >= 1 << 28) return 2.0 * sizeof(float) * count / seconds / 1e9;
        }
    }

    /// <summary>Floating-point operations a nanosecond of a square float32 product, a multiply-add counting as two.</summary>
    public double Product()
    {
        var (left, right) = RandomKey.From(1).Split();
        for (var n = 64; ; n *= 2)
        {
            using var a = left.Normal([n, n]).To(device).Evaluate();
            using var b = right.Normal([n, n]).To(device).Evaluate();
            var seconds = Fastest(() => a.MatMul(b));
            if (seconds >= enough || n >= 8192) return 2.0 * n * n * n / seconds / 1e9;
        }
    }

    private static double Fastest(Func<Tensor> work)
    {
        Once(work); // plans, and compiles kernels
        return Enumerable.Range(0, Rounds).Min(_ => Once(work));
    }

    // Reading one element waits for all that was queued before it.
    private static double Once(Func<Tensor> work)
    {
        var started = Stopwatch.GetTimestamp();
        using var result = work().Evaluate();
        _ = result.Flatten()[0].Item();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
