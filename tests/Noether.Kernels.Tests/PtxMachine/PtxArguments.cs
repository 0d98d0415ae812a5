using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Noether.Kernels.Tests;

/// <summary>A kernel's parameters as bytes, in the order of its signature, each at a multiple of its own alignment: what ILGPU hands to the driver.</summary>
public sealed class PtxArguments
{
    private readonly List<byte> bytes = [];

    /// <summary>Appends a view: a 64-bit address and a 64-bit count of elements.</summary>
    public PtxArguments View(long address, long length) => Int64(address).Int64(length);

    /// <summary>Appends a 32-bit integer.</summary>
    public PtxArguments Int32(int value) => Bytes(value);

    /// <summary>Appends a 64-bit integer.</summary>
    public PtxArguments Int64(long value) => Bytes(value);

    /// <summary>Appends a float32.</summary>
    public PtxArguments Float32(float value) => Bytes(value);

    /// <summary>Appends a float64.</summary>
    public PtxArguments Float64(double value) => Bytes(value);

    /// <summary>Appends a blittable structure as it lies in memory, aligned to its widest field.</summary>
    public PtxArguments Bytes<T>(T value)
        where T : unmanaged
    {
        Align(AlignmentOf(typeof(T)));
        bytes.AddRange(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
        return this;
    }

    /// <summary>Appends nothing but what brings the next parameter to a multiple of some bytes.</summary>
    public PtxArguments Align(int alignment)
    {
        while (bytes.Count % alignment != 0) bytes.Add(0);
        return this;
    }

    /// <summary>What was appended.</summary>
    public ReadOnlySpan<byte> ToArray() => bytes.ToArray();

    internal static int AlignmentOf(Type type)
    {
        if (type.IsEnum) type = Enum.GetUnderlyingType(type);
        if (type.IsPrimitive) return type == typeof(bool) ? 1 : (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
        return type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(field => AlignmentOf(field.FieldType)).DefaultIfEmpty(1).Max();
    }
}
