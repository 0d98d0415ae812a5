using ILGPU;

namespace Noether.Kernels.Sorting;

/// <summary>The keys of float32: the bits, of negative numbers all of them turned, else the sign.</summary>
public readonly struct Float32SortKey : ISortKey<float>
{
    /// <inheritdoc/>
    public static int Bytes => 4;

    /// <inheritdoc/>
    public static ulong Of(float x)
    {
        // By the bits: where ILGPU 1.5.3 inverts a comparison, its OpenCL code forgets that NaNs compare false.
        var bits = Interop.FloatAsInt(x);
        var size = bits & 0x7FFF_FFFFu;
        if (size > 0x7F80_0000u) return 0xFFFF_FFFFu;
        return bits != size && size != 0 ? ~bits : size | 0x8000_0000u;
    }
}
