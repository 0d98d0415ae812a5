using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Noether.Kernels.Lanes;

/// <summary>Masks of 1-, 4- or 8-byte lanes to and from bytes of 0 and 1.</summary>
internal static class MaskBytes
{
    private const ulong Ones = 0x0101_0101_0101_0101;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector512<T> mask, ref byte destination)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 1)
        {
            (mask.AsByte() & Vector512<byte>.One).StoreUnsafe(ref destination);
        }
        else if (Unsafe.SizeOf<T>() == 4)
        {
            var bytes = Avx512F.IsSupported
                ? Avx512F.ConvertToVector128Byte(mask.AsUInt32())
                : Narrow(mask.GetLower().AsUInt32(), mask.GetUpper().AsUInt32());
            (bytes & Vector128<byte>.One).StoreUnsafe(ref destination);
        }
        else if (Avx512F.IsSupported)
        {
            Write(Avx512F.ConvertToVector128Byte(mask.AsUInt64()).AsUInt64().ToScalar(), ref destination);
        }
        else
        {
            Store(mask.GetLower(), ref destination);
            Store(mask.GetUpper(), ref Unsafe.Add(ref destination, 4));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector256<T> mask, ref byte destination)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 1)
            (mask.AsByte() & Vector256<byte>.One).StoreUnsafe(ref destination);
        else if (Unsafe.SizeOf<T>() == 4)
            Write(Narrow(mask.AsUInt32(), mask.AsUInt32()).AsUInt64().ToScalar(), ref destination);
        else
            Store(Vector128.Narrow(mask.GetLower().AsUInt64(), mask.GetUpper().AsUInt64()), ref destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector128<T> mask, ref byte destination)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 1)
        {
            (mask.AsByte() & Vector128<byte>.One).StoreUnsafe(ref destination);
        }
        else if (Unsafe.SizeOf<T>() == 4)
        {
            var halves = Vector128.Narrow(mask.AsUInt32(), mask.AsUInt32());
            var bytes = Vector128.Narrow(halves, halves).AsUInt32().ToScalar() & (uint)(Ones >> 32);
            Unsafe.WriteUnaligned(ref destination, bytes);
        }
        else
        {
            destination = (byte)(mask.AsUInt64().GetElement(0) & 1);
            Unsafe.Add(ref destination, 1) = (byte)(mask.AsUInt64().GetElement(1) & 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load512<T>(ref readonly byte source)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 1)
            return ~Vector512.Equals(Vector512.LoadUnsafe(in source), Vector512<byte>.Zero).As<byte, T>();
        if (Unsafe.SizeOf<T>() == 4 && Avx512F.IsSupported)
            return ~Vector512.Equals(Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(in source)), Vector512<int>.Zero).As<int, T>();
        if (Unsafe.SizeOf<T>() == 8 && Avx512F.IsSupported)
            return ~Vector512.Equals(Avx512F.ConvertToVector512Int64(Read(in source)), Vector512<long>.Zero).As<long, T>();
        var half = 32 / Unsafe.SizeOf<T>();
        return Vector512.Create(Load256<T>(in source), Load256<T>(in Unsafe.Add(ref Unsafe.AsRef(in source), half)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Load256<T>(ref readonly byte source)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 1)
            return ~Vector256.Equals(Vector256.LoadUnsafe(in source), Vector256<byte>.Zero).As<byte, T>();
        if (Unsafe.SizeOf<T>() == 4)
        {
            var halves = Vector128.WidenLower(Read(in source));
            var words = Vector256.Create(Vector128.WidenLower(halves), Vector128.WidenUpper(halves));
            return ~Vector256.Equals(words, Vector256<uint>.Zero).As<uint, T>();
        }

        return Vector256.Create(Load128<T>(in source), Load128<T>(in Unsafe.Add(ref Unsafe.AsRef(in source), 2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load128<T>(ref readonly byte source)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 1)
            return ~Vector128.Equals(Vector128.LoadUnsafe(in source), Vector128<byte>.Zero).As<byte, T>();
        if (Unsafe.SizeOf<T>() == 4)
        {
            var bytes = Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(in source)).AsByte();
            var words = Vector128.WidenLower(Vector128.WidenLower(bytes));
            return ~Vector128.Equals(words, Vector128<uint>.Zero).As<uint, T>();
        }

        var pair = Vector128.Create((ulong)source, Unsafe.Add(ref Unsafe.AsRef(in source), 1));
        return ~Vector128.Equals(pair, Vector128<ulong>.Zero).As<ulong, T>();
    }

    // The low byte of each of 4 + 4 lanes (128-bit halves), twice over where both arguments are the same.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(Vector256<uint> lower, Vector256<uint> upper) =>
        Vector128.Narrow(
            Vector128.Narrow(lower.GetLower(), lower.GetUpper()),
            Vector128.Narrow(upper.GetLower(), upper.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Read(ref readonly byte source) =>
        Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(in source)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ulong mask, ref byte destination) =>
        Unsafe.WriteUnaligned(ref destination, mask & Ones);
}
