using ILGPU;

namespace Noether.Kernels.Sorting;

/// <summary>The keys of float64: the bits, of negative numbers all of them turned, else the sign.</summary>
public readonly struct Float64SortKey : ISortKey<double>
{
    /// <inheritdoc/>
    public static int Bytes => 8;

    /// <inheritdoc/>
    public static ulong Of(double x)
    {
        // By the bits, as for float32.
        var bits = Interop.FloatAsInt(x);
        var size = bits & 0x7FFF_FFFF_FFFF_FFFFul;
        if (size > 0x7FF0_0000_0000_0000ul) return ulong.MaxValue;
        return bits != size && size != 0 ? ~bits : size | 0x8000_0000_0000_0000ul;
    }
}
