using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace Noether.Kernels.Tests;

/// <summary>A kernel's parameters as bytes, in the order of its signature, each at a multiple of its own alignment: what ILGPU hands to the driver.</summary>
public sealed class PtxArguments
{
    private static readonly MethodInfo AppendBytes = typeof(PtxArguments).GetMethod(nameof(Bytes))!;

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

    /// <summary>Appends an argument of a kernel as ILGPU lays it out: views, numbers, and structures of these, each field at a multiple of its own alignment.</summary>
    public PtxArguments Value(object value)
    {
        var type = value.GetType();
        if (value is IContiguousArrayView view) return View(view.IsValid ? view.Buffer.NativePtr + (nint)view.IndexInBytes : 0, view.Length);
        if (type.IsEnum) return Value(Convert.ChangeType(value, Enum.GetUnderlyingType(type), CultureInfo.InvariantCulture));
        if (type.IsPrimitive) return (PtxArguments)AppendBytes.MakeGenericMethod(type).Invoke(this, [value])!;
        Align(AlignmentOf(type));
        foreach (var field in FieldsOf(type)) Value(field.GetValue(value)!);
        return Align(AlignmentOf(type));
    }

    private static int AlignmentOf(Type type)
    {
        if (typeof(IContiguousArrayView).IsAssignableFrom(type)) return sizeof(long);
        if (type.IsEnum) type = Enum.GetUnderlyingType(type);
        if (type == typeof(bool)) return 1;
        return type.IsPrimitive ? Marshal.SizeOf(type) : FieldsOf(type).Select(field => AlignmentOf(field.FieldType)).DefaultIfEmpty(1).Max();
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(field => field.MetadataToken);
}
