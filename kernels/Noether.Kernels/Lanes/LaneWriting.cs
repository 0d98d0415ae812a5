using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Noether.Kernels.Lanes;

/// <summary>A register written to memory that holds another type: see <see cref="LaneConversion.Store"/>.</summary>
internal static class LaneWriting
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TFrom, TTo>(Vector512<TFrom> x, ref TTo destination)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TTo) == typeof(ushort) && typeof(TFrom) == typeof(float) && Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector256UInt16(BFloat16Rounding.Bits(x.AsSingle())).StoreUnsafe(ref Unsafe.As<TTo, ushort>(ref destination));
        }
        else if (typeof(TTo) == typeof(ushort) && Unsafe.SizeOf<TFrom>() == 4 && typeof(TFrom) != typeof(float))
        {
            Store(LaneResizing.Same<TFrom, float>(x), ref destination);
        }
        else if (typeof(TTo) == typeof(ushort) && Unsafe.SizeOf<TFrom>() == 8)
        {
            Store(LaneResizing.Narrow<TFrom, float>(x), ref destination);
        }
        else if (Unsafe.SizeOf<TFrom>() == 8 && Unsafe.SizeOf<TTo>() == 4)
        {
            LaneResizing.Narrow<TFrom, TTo>(x).StoreUnsafe(ref destination);
        }
        else if (Unsafe.SizeOf<TFrom>() == Unsafe.SizeOf<TTo>())
        {
            LaneResizing.Same<TFrom, TTo>(x).StoreUnsafe(ref destination);
        }
        else
        {
            Store(x.GetLower(), ref destination);
            Store(x.GetUpper(), ref Unsafe.Add(ref destination, Vector256<TFrom>.Count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TFrom, TTo>(Vector256<TFrom> x, ref TTo destination)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (Unsafe.SizeOf<TFrom>() == 4 && Unsafe.SizeOf<TTo>() == 8 && Avx512F.IsSupported)
        {
            LaneResizing.Widen<TFrom, TTo>(x).StoreUnsafe(ref destination);
        }
        else if (typeof(TTo) == typeof(ushort) && Unsafe.SizeOf<TFrom>() == 8)
        {
            Store(LaneResizing.Narrow<TFrom, float>(x), ref destination);
        }
        else if (Unsafe.SizeOf<TFrom>() == 8 && Unsafe.SizeOf<TTo>() == 4)
        {
            LaneResizing.Narrow<TFrom, TTo>(x).StoreUnsafe(ref destination);
        }
        else if (Unsafe.SizeOf<TFrom>() == Unsafe.SizeOf<TTo>())
        {
            LaneResizing.Same<TFrom, TTo>(x).StoreUnsafe(ref destination);
        }
        else
        {
            Store(x.GetLower(), ref destination);
            Store(x.GetUpper(), ref Unsafe.Add(ref destination, Vector128<TFrom>.Count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TFrom, TTo>(Vector128<TFrom> x, ref TTo destination)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (Unsafe.SizeOf<TFrom>() == 8 && Unsafe.SizeOf<TTo>() < 8)
        {
            destination = ScalarConversion.Convert<TFrom, TTo>(x.GetElement(0));
            Unsafe.Add(ref destination, 1) = ScalarConversion.Convert<TFrom, TTo>(x.GetElement(1));
        }
        else if (typeof(TTo) == typeof(ushort) && typeof(TFrom) == typeof(float))
        {
            var bits = BFloat16Rounding.Bits(x.AsSingle());
            Unsafe.WriteUnaligned(ref Unsafe.As<TTo, byte>(ref destination), Vector128.Narrow(bits, bits).AsUInt64().ToScalar());
        }
        else if (typeof(TTo) == typeof(ushort))
        {
            Store(LaneResizing.Same<TFrom, float>(x), ref destination);
        }
        else if (Unsafe.SizeOf<TFrom>() == Unsafe.SizeOf<TTo>())
        {
            LaneResizing.Same<TFrom, TTo>(x).StoreUnsafe(ref destination);
        }
        else
        {
            LaneResizing.Widen<TFrom, TTo>(x).StoreUnsafe(ref destination);
        }
    }
}
