using System.Numerics;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>What is done to each lane, written over registers.</summary>
/// <typeparam name="T">The element type.</typeparam>
internal interface ILaneLoop<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Does it for lanes <paramref name="first"/> to <paramref name="end"/>, a whole number of registers.</summary>
    void Run<V>(long first, long end)
        where V : struct, ISimd<V, T>;
}

/// <summary>Runs an <see cref="ILaneLoop{T}"/>: the widest registers as long as they fit, then narrower ones, at last single numbers.</summary>
internal static class LaneLoop
{
    public static void Over<TLoop, T>(in TLoop loop, long lanes)
        where TLoop : struct, ILaneLoop<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = Next<Simd512<T>, TLoop, T>(loop, done, lanes);
        if (Vector256.IsHardwareAccelerated)
            done = Next<Simd256<T>, TLoop, T>(loop, done, lanes);
        done = Next<Simd128<T>, TLoop, T>(loop, done, lanes);
        Next<SimdScalar<T>, TLoop, T>(loop, done, lanes);
    }

    private static long Next<V, TLoop, T>(in TLoop loop, long first, long lanes)
        where V : struct, ISimd<V, T>
        where TLoop : struct, ILaneLoop<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var end = first + (lanes - first) / V.Count * V.Count;
        if (end > first)
            loop.Run<V>(first, end);
        return end;
    }
}
