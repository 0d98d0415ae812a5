using Noether.Kernels.Lanes;

namespace Noether.Kernels.Elementwise;

/// <summary>The C# types behind <see cref="ElementType"/>.</summary>
internal static class ElementTypes
{
    /// <summary>The lane that holds a register.</summary>
    public static Type Lane(ElementType type) => type switch
    {
        ElementType.Bool => typeof(BoolLane),
        ElementType.Int32 => typeof(Int32Lane),
        ElementType.Int64 => typeof(Int64Lane),
        ElementType.Float64 => typeof(Float64Lane),
        _ => typeof(Float32Lane),
    };

    /// <summary>The element in memory.</summary>
    public static Type Memory(ElementType type) => type switch
    {
        ElementType.Bool => typeof(byte),
        ElementType.Int32 => typeof(int),
        ElementType.Int64 => typeof(long),
        ElementType.BFloat16 => typeof(ushort),
        ElementType.Float32 => typeof(float),
        _ => typeof(double),
    };

    /// <summary>The bytes of an element in memory.</summary>
    public static int Bytes(ElementType type) => type switch
    {
        ElementType.Bool => 1,
        ElementType.BFloat16 => 2,
        ElementType.Int32 or ElementType.Float32 => 4,
        _ => 8,
    };
}
