using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>Folds the lanes of one register into one number, halves onto halves: the order is fixed by the width alone.</summary>
internal static class LaneFold
{
    /// <summary>The sum of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum<V, T>(V x)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        if (Unsafe.SizeOf<V>() == 64)
        {
            var wide = Unsafe.BitCast<V, Vector512<T>>(x);
            return Sum(wide.GetLower() + wide.GetUpper());
        }

        if (Unsafe.SizeOf<V>() == 32) return Sum(Unsafe.BitCast<V, Vector256<T>>(x));
        return Unsafe.SizeOf<V>() == 16 ? Sum(Unsafe.BitCast<V, Vector128<T>>(x)) : Unsafe.BitCast<V, T>(x);
    }

    /// <summary>The largest lane; a NaN among numbers may be missed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Max<V, T>(V x)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        if (Unsafe.SizeOf<V>() == 64)
        {
            var wide = Unsafe.BitCast<V, Vector512<T>>(x);
            return Max(Vector256.MaxNative(wide.GetLower(), wide.GetUpper()));
        }

        if (Unsafe.SizeOf<V>() == 32) return Max(Unsafe.BitCast<V, Vector256<T>>(x));
        return Unsafe.SizeOf<V>() == 16 ? Max(Unsafe.BitCast<V, Vector128<T>>(x)) : Unsafe.BitCast<V, T>(x);
    }

    /// <summary>The number in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Broadcast<V, T>(T x)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        if (Unsafe.SizeOf<V>() == 64) return Unsafe.BitCast<Vector512<T>, V>(Vector512.Create(x));
        if (Unsafe.SizeOf<V>() == 32) return Unsafe.BitCast<Vector256<T>, V>(Vector256.Create(x));
        return Unsafe.SizeOf<V>() == 16 ? Unsafe.BitCast<Vector128<T>, V>(Vector128.Create(x)) : Unsafe.BitCast<T, V>(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum<T>(Vector256<T> x)
        where T : unmanaged => Sum(x.GetLower() + x.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum<T>(Vector128<T> x)
        where T : unmanaged
    {
        x += SwapHalves(x);
        return (typeof(T) == typeof(float) ? x + SwapNeighbours(x) : x).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Max<T>(Vector256<T> x)
        where T : unmanaged => Max(Vector128.MaxNative(x.GetLower(), x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Max<T>(Vector128<T> x)
        where T : unmanaged
    {
        x = Vector128.MaxNative(x, SwapHalves(x));
        return (typeof(T) == typeof(float) ? Vector128.MaxNative(x, SwapNeighbours(x)) : x).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> SwapHalves<T>(Vector128<T> x)
        where T : unmanaged => Vector128.Shuffle(x.AsInt64(), Vector128.Create(1L, 0)).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> SwapNeighbours<T>(Vector128<T> x)
        where T : unmanaged => Vector128.Shuffle(x.AsInt32(), Vector128.Create(1, 0, 3, 2)).As<int, T>();
}
