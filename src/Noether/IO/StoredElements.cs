using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Noether;

/// <summary>Brings elements from a file's type and byte order to a <see cref="DType"/> of this little-endian machine.</summary>
/// <remarks>
/// float16 widens to float32; int8, uint8, int16 and uint16 to int32; uint32 and uint64 to int64. Every conversion is exact: a uint64 above
/// the range of int64 is an error, and so is a boolean other than 0 and 1.
/// </remarks>
internal static class StoredElements
{
    private const int Chunk = 1 << 18;

    public static int Bytes(this StoredType type) => type switch
    {
        StoredType.Bool or StoredType.UInt8 or StoredType.Int8 => 1,
        StoredType.UInt16 or StoredType.Int16 or StoredType.Float16 or StoredType.BFloat16 => 2,
        StoredType.UInt32 or StoredType.Int32 or StoredType.Float32 => 4,
        _ => 8,
    };

    /// <summary>The type the elements have in memory.</summary>
    public static DType Loaded(this StoredType type) => type switch
    {
        StoredType.Bool => DType.Bool,
        StoredType.UInt8 or StoredType.Int8 or StoredType.UInt16 or StoredType.Int16 or StoredType.Int32 => DType.Int32,
        StoredType.UInt32 or StoredType.UInt64 or StoredType.Int64 => DType.Int64,
        StoredType.BFloat16 => DType.BFloat16,
        StoredType.Float16 or StoredType.Float32 => DType.Float32,
        _ => DType.Float64,
    };

    /// <summary>True if the file's little-endian bytes are the elements as they are.</summary>
    public static bool IsDirect(this StoredType type) =>
        type is StoredType.Bool or StoredType.Int32 or StoredType.Int64 or StoredType.BFloat16 or StoredType.Float32 or StoredType.Float64;

    /// <summary>
    /// Checks sizes that a file declares: not negative, no more than a <see cref="Shape"/> takes, and a byte count that does not overflow.
    /// Allocates nothing of that size.
    /// </summary>
    /// <param name="file">Begins the error message.</param>
    /// <param name="sizes">As declared.</param>
    /// <param name="elementBytes">Bytes of one element.</param>
    /// <returns>The shape and its bytes in the file.</returns>
    public static (Shape Shape, long Bytes) CheckSizes(string file, IReadOnlyList<long> sizes, int elementBytes)
    {
        const int mostAxes = 64; // NumPy's own limit
        if (sizes.Count > mostAxes) throw FileErrors.Broken(file, $"{sizes.Count} axes are more than {mostAxes}");
        var narrow = new int[sizes.Count];
        var bytes = (long)elementBytes;
        var shape = string.Join(", ", sizes);
        for (var axis = 0; axis < narrow.Length; axis++)
        {
            var size = sizes[axis];
            if (size < 0) throw FileErrors.Broken(file, $"negative size in shape [{shape}]");
            if (size > int.MaxValue) throw FileErrors.Broken(file, $"size {size} in shape [{shape}] is beyond {int.MaxValue}");
            narrow[axis] = (int)size;
            if (Math.BigMul(bytes, size, out var low) != 0 || low < 0) throw FileErrors.Broken(file, $"shape [{shape}] overflows 2^63 bytes");
            bytes = low;
        }

        return (Shape.Create(narrow), bytes);
    }

    /// <summary>Reads all elements of a shape from a stream.</summary>
    /// <param name="stream">At the first element.</param>
    /// <param name="file">Begins the error message.</param>
    /// <param name="type">The type in the file.</param>
    /// <param name="bigEndian">The byte order in the file.</param>
    /// <param name="shape">Checked against the file's length by the caller: it is allocated here.</param>
    public static HostArray Read(Stream stream, string file, StoredType type, bool bigEndian, Shape shape)
    {
        var array = HostArray.Allocate(type.Loaded(), shape);
        var (from, to) = (type.Bytes(), array.DType.Bytes());
        var direct = type.IsDirect();
        var staging = direct ? [] : ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            for (long element = 0; element < shape.Size; element += Chunk / from)
            {
                var count = (int)Math.Min(Chunk / from, shape.Size - element);
                var target = array.Writable(element * to, count * to);
                var source = direct ? target : staging.AsSpan(0, count * from);
                stream.ReadExactly(source);
                if (bigEndian) Swap(source, from);
                if (Convert(type, source, target) is { } reason) throw FileErrors.Broken(file, reason);
            }
        }
        finally
        {
            if (!direct) ArrayPool<byte>.Shared.Return(staging);
        }

        return array;
    }

    /// <summary>Converts little-endian elements in memory into an array of its own.</summary>
    public static unsafe HostArray Copy(byte* source, string file, StoredType type, Shape shape)
    {
        var array = HostArray.Allocate(type.Loaded(), shape);
        var (from, to) = (type.Bytes(), array.DType.Bytes());
        for (long element = 0; element < shape.Size; element += Chunk / from)
        {
            var count = (int)Math.Min(Chunk / from, shape.Size - element);
            var part = new ReadOnlySpan<byte>(source + (element * from), count * from);
            var target = array.Writable(element * to, count * to);
            if (type.IsDirect()) part.CopyTo(target);
            if (Convert(type, part, target) is { } reason) throw FileErrors.Broken(file, reason);
        }

        return array;
    }

    /// <summary>What is wrong with bytes that are to be booleans, or null.</summary>
    public static string? CheckBooleans(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOfAnyExceptInRange((byte)0, (byte)1) is var at && at >= 0 ? $"boolean {bytes[at]} is neither 0 nor 1" : null;

    /// <summary>Widens bfloat16 to float32, the only type of ours that NumPy lacks.</summary>
    public static void Widen(ReadOnlySpan<BFloat16> source, Span<float> target)
    {
        for (var i = 0; i < source.Length; i++) target[i] = source[i];
    }

    // Direct types are in place already. The result is the reason for a refusal.
    private static string? Convert(StoredType type, ReadOnlySpan<byte> source, Span<byte> target)
    {
        switch (type)
        {
            case StoredType.Bool:
                return CheckBooleans(source);
            case StoredType.UInt8:
                Widen<byte, int>(source, target);
                break;
            case StoredType.Int8:
                Widen<sbyte, int>(source, target);
                break;
            case StoredType.UInt16:
                Widen<ushort, int>(source, target);
                break;
            case StoredType.Int16:
                Widen<short, int>(source, target);
                break;
            case StoredType.UInt32:
                Widen<uint, long>(source, target);
                break;
            case StoredType.UInt64:
                source.CopyTo(target);
                foreach (var value in MemoryMarshal.Cast<byte, ulong>(source))
                {
                    if (value > long.MaxValue) return $"uint64 {value} is beyond the range of int64";
                }

                break;
            case StoredType.Float16:
                WidenHalves(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<byte, float>(target));
                break;
        }

        return null;
    }

    private static void Widen<TFrom, TTo>(ReadOnlySpan<byte> source, Span<byte> target)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        var from = MemoryMarshal.Cast<byte, TFrom>(source);
        var to = MemoryMarshal.Cast<byte, TTo>(target);
        for (var i = 0; i < from.Length; i++) to[i] = TTo.CreateTruncating(from[i]);
    }

    // The conversion of the runtime is a long scalar sequence. Here: shift exponent and fraction into place, then multiply by 2^112 to move
    // the bias from 15 to 127, which is exact and normalises subnormals too. Infinity and NaN get the exponent of all ones instead.
    private static void WidenHalves(ReadOnlySpan<ushort> source, Span<float> target)
    {
        var rebias = Vector256.Create(5.192296858534828e33f); // 2^112
        var i = 0;
        for (; i <= source.Length - 8; i += 8)
        {
            var bits = Vector256.WidenLower(Vector128.Create(source.Slice(i, 8)).ToVector256());
            var magnitude = bits & Vector256.Create(0x7FFFu);
            var finite = ((magnitude << 13).AsSingle() * rebias).AsUInt32();
            var special = (magnitude << 13) | Vector256.Create(0x7F800000u);
            var joined = Vector256.ConditionalSelect(Vector256.GreaterThan(magnitude, Vector256.Create(0x7BFFu)), special, finite);
            (joined | ((bits & Vector256.Create(0x8000u)) << 16)).AsSingle().CopyTo(target[i..]);
        }

        for (; i < source.Length; i++) target[i] = (float)BitConverter.UInt16BitsToHalf(source[i]);
    }

    private static void Swap(Span<byte> bytes, int elementBytes)
    {
        switch (elementBytes)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var words = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
