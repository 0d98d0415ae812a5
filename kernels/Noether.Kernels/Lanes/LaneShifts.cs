using System.Runtime.CompilerServices;

namespace Noether.Kernels.Lanes;

/// <summary>Shifts of every lane by its own count, for widths and types without an instruction for it.</summary>
internal static class LaneShifts
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Left<T>(ref T x, ref T count, int lanes)
        where T : unmanaged
    {
        for (var i = 0; i < lanes; i++)
        {
            ref var lane = ref Unsafe.Add(ref x, i);
            var n = Count(Unsafe.Add(ref count, i));
            if (typeof(T) == typeof(int))
                Unsafe.As<T, int>(ref lane) <<= n;
            else if (typeof(T) == typeof(long))
                Unsafe.As<T, long>(ref lane) <<= n;
            else
                Unsafe.As<T, byte>(ref lane) <<= n;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Right<T>(ref T x, ref T count, int lanes)
        where T : unmanaged
    {
        for (var i = 0; i < lanes; i++)
        {
            ref var lane = ref Unsafe.Add(ref x, i);
            var n = Count(Unsafe.Add(ref count, i));
            if (typeof(T) == typeof(int))
                Unsafe.As<T, int>(ref lane) >>= n;
            else if (typeof(T) == typeof(long))
                Unsafe.As<T, long>(ref lane) >>= n;
            else
                Unsafe.As<T, sbyte>(ref lane) >>= n;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void RightLogical<T>(ref T x, ref T count, int lanes)
        where T : unmanaged
    {
        for (var i = 0; i < lanes; i++)
        {
            ref var lane = ref Unsafe.Add(ref x, i);
            var n = Count(Unsafe.Add(ref count, i));
            if (typeof(T) == typeof(int))
                Unsafe.As<T, int>(ref lane) >>>= n;
            else if (typeof(T) == typeof(long))
                Unsafe.As<T, long>(ref lane) >>>= n;
            else
                Unsafe.As<T, byte>(ref lane) >>>= n;
        }
    }

    private static int Count<T>(T count)
        where T : unmanaged
    {
        if (typeof(T) == typeof(int))
            return Unsafe.As<T, int>(ref count);
        return typeof(T) == typeof(long) ? (int)Unsafe.As<T, long>(ref count) : Unsafe.As<T, byte>(ref count);
    }
}
