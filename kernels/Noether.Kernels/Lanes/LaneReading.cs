using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Noether.Kernels.Lanes;

/// <summary>A register filled from memory that holds another type: see <see cref="LaneConversion.Load"/>.</summary>
internal static class LaneReading
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TTo> Load512<TFrom, TTo>(ref readonly TFrom source)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(TTo)) return Vector512.LoadUnsafe(in source).As<TFrom, TTo>();
        if (typeof(TTo) != typeof(int) && typeof(TFrom) == typeof(byte) && Unsafe.SizeOf<TTo>() == 4)
            return LaneResizing.Same<int, TTo>(Load512<byte, int>(in Unsafe.As<TFrom, byte>(ref Unsafe.AsRef(in source))));
        if (typeof(TFrom) == typeof(byte) && typeof(TTo) == typeof(int) && Avx512F.IsSupported)
            return Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(in Bytes(in source))).As<int, TTo>();
        if (typeof(TFrom) == typeof(ushort) && typeof(TTo) == typeof(float) && Avx512F.IsSupported)
            return (Avx512F.ConvertToVector512Int32(Vector256.LoadUnsafe(in Words(in source))) << 16).As<int, TTo>();
        if (typeof(TFrom) == typeof(ushort) && typeof(TTo) == typeof(int))
            return LaneResizing.Same<float, TTo>(Load512<TFrom, float>(in source));
        if (Unsafe.SizeOf<TFrom>() == Unsafe.SizeOf<TTo>())
            return LaneResizing.Same<TFrom, TTo>(Vector512.LoadUnsafe(in source));
        if (Unsafe.SizeOf<TTo>() == 8)
        {
            return Unsafe.SizeOf<TFrom>() == 4
                ? LaneResizing.Widen<TFrom, TTo>(Vector256.LoadUnsafe(in source))
                : typeof(TFrom) == typeof(byte)
                    ? LaneResizing.Widen<int, TTo>(Load256<TFrom, int>(in source))
                    : LaneResizing.Widen<float, TTo>(Load256<TFrom, float>(in source));
        }

        var half = Vector256<TTo>.Count;
        return Vector512.Create(Load256<TFrom, TTo>(in source), Load256<TFrom, TTo>(in At(in source, half)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TTo> Load256<TFrom, TTo>(ref readonly TFrom source)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(TTo)) return Vector256.LoadUnsafe(in source).As<TFrom, TTo>();
        if (typeof(TFrom) == typeof(byte) && typeof(TTo) == typeof(float))
            return LaneResizing.Same<int, TTo>(Load256<TFrom, int>(in source));
        if (typeof(TFrom) == typeof(byte) && typeof(TTo) == typeof(int) && Avx2.IsSupported)
            return Avx2.ConvertToVector256Int32(Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(in Bytes(in source))).AsByte()).As<int, TTo>();
        if (typeof(TFrom) == typeof(ushort) && typeof(TTo) == typeof(float) && Avx2.IsSupported)
            return (Avx2.ConvertToVector256Int32(Vector128.LoadUnsafe(in Words(in source))) << 16).As<int, TTo>();
        if (typeof(TFrom) == typeof(ushort) && typeof(TTo) == typeof(int))
            return LaneResizing.Same<float, TTo>(Load256<TFrom, float>(in source));
        if (Unsafe.SizeOf<TFrom>() == Unsafe.SizeOf<TTo>())
            return LaneResizing.Same<TFrom, TTo>(Vector256.LoadUnsafe(in source));
        if (Unsafe.SizeOf<TTo>() == 8)
        {
            return Unsafe.SizeOf<TFrom>() == 4
                ? LaneResizing.Widen<TFrom, TTo>(Vector128.LoadUnsafe(in source))
                : typeof(TFrom) == typeof(byte)
                    ? LaneResizing.Widen<int, TTo>(Load128<TFrom, int>(in source))
                    : LaneResizing.Widen<float, TTo>(Load128<TFrom, float>(in source));
        }

        if (Unsafe.SizeOf<TFrom>() == 8 && Avx512F.IsSupported)
            return LaneResizing.Narrow<TFrom, TTo>(Vector512.LoadUnsafe(in source));
        var half = Vector128<TTo>.Count;
        return Vector256.Create(Load128<TFrom, TTo>(in source), Load128<TFrom, TTo>(in At(in source, half)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TTo> Load128<TFrom, TTo>(ref readonly TFrom source)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(TTo)) return Vector128.LoadUnsafe(in source).As<TFrom, TTo>();
        if (typeof(TFrom) == typeof(byte) && Unsafe.SizeOf<TTo>() == 4)
        {
            var bytes = Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(in Bytes(in source))).AsByte();
            var words = Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32();
            return typeof(TTo) == typeof(int) ? words.As<int, TTo>() : LaneResizing.Same<int, TTo>(words);
        }

        if (typeof(TFrom) == typeof(ushort) && Unsafe.SizeOf<TTo>() == 4)
        {
            var halves = Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(in Unsafe.As<ushort, byte>(ref Unsafe.AsRef(in Words(in source))))).AsUInt16();
            var singles = (Vector128.WidenLower(halves) << 16).AsSingle();
            return typeof(TTo) == typeof(float) ? singles.As<float, TTo>() : LaneResizing.Same<float, TTo>(singles);
        }

        if (Unsafe.SizeOf<TTo>() == 8 && Unsafe.SizeOf<TFrom>() < 4)
        {
            // two elements, not the four that a register of int32 would read
            var next = At(in source, 1);
            return Vector128.CreateScalar(ScalarConversion.Convert<TFrom, TTo>(source)).WithElement(1, ScalarConversion.Convert<TFrom, TTo>(next));
        }

        if (Unsafe.SizeOf<TFrom>() == Unsafe.SizeOf<TTo>())
            return LaneResizing.Same<TFrom, TTo>(Vector128.LoadUnsafe(in source));
        if (Unsafe.SizeOf<TTo>() == 8)
        {
            var pair = Unsafe.ReadUnaligned<ulong>(in Unsafe.As<TFrom, byte>(ref Unsafe.AsRef(in source)));
            return LaneResizing.WidenLower<TFrom, TTo>(Vector128.CreateScalar(pair).As<ulong, TFrom>());
        }

        if (Avx.IsSupported) return LaneResizing.Narrow<TFrom, TTo>(Vector256.LoadUnsafe(in source));
        return LaneResizing.Narrow<TFrom, TTo>(Vector128.LoadUnsafe(in source), Vector128.LoadUnsafe(in At(in source, 2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref T At<T>(ref readonly T source, int i) => ref Unsafe.Add(ref Unsafe.AsRef(in source), i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Bytes<T>(ref readonly T source) => ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ushort Words<T>(ref readonly T source) => ref Unsafe.As<T, ushort>(ref Unsafe.AsRef(in source));
}
