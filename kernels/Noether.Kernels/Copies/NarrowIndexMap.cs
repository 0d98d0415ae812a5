using System.Runtime.CompilerServices;

namespace Noether.Kernels.Copies;

/// <summary>An <see cref="IndexMap"/> of fewer than 2³¹ elements that lie in a stretch of fewer than 2³¹: no division, no sum of 64 bits.</summary>
/// <remarks>
/// A quotient is a product and a shift (Granlund and Montgomery 1994, section 4): with 2^(l-1) &lt; d ≤ 2^l and m = ⌈2^(31+l) / d⌉, which fits in 32 bits,
/// ⌊n / d⌋ = ⌊n·m / 2^(31+l)⌋ for every n below 2³¹, since n·(m·d - 2^(31+l)) &lt; 2³¹·d ≤ 2^(31+l).
/// </remarks>
public struct NarrowIndexMap
{
    private long offset;
    private int outerStride;
    private int stride0, stride1, stride2, stride3, stride4, stride5, stride6;
    private int size0, size1, size2, size3, size4, size5, size6;
    private uint factor0, factor1, factor2, factor3, factor4, factor5, factor6;
    private int shift0, shift1, shift2, shift3, shift4, shift5, shift6;
    private int divided; // axes below the outermost

    /// <summary>Where the first element lies.</summary>
    internal readonly long Offset => offset;

    /// <summary>From an element to its right neighbour, while both are in one run of <see cref="RunLength"/>.</summary>
    internal readonly int InnerStride => divided > 0 ? stride0 : outerStride;

    /// <summary>How many neighbours have the same distance from one another: the innermost axis's size, or 0 if all of them.</summary>
    internal readonly int RunLength => size0;

    /// <summary>The place of element <paramref name="index"/>, which is below 2³¹. Runs on the host and inside kernels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long At(long index) => offset + Away((uint)index);

    /// <summary>How far the element lies from the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int Away(uint index)
    {
        // Straight-line and nested, as in IndexMap.
        var rest = index;
        var place = 0;
        if (divided > 0)
        {
            Step(ref rest, ref place, size0, factor0, shift0, stride0);
            if (divided > 1)
            {
                Step(ref rest, ref place, size1, factor1, shift1, stride1);
                if (divided > 2)
                {
                    Step(ref rest, ref place, size2, factor2, shift2, stride2);
                    if (divided > 3)
                    {
                        Step(ref rest, ref place, size3, factor3, shift3, stride3);
                        if (divided > 4) Step(ref rest, ref place, size4, factor4, shift4, stride4);
                        if (divided > 5) Step(ref rest, ref place, size5, factor5, shift5, stride5);
                        if (divided > 6) Step(ref rest, ref place, size6, factor6, shift6, stride6);
                    }
                }
            }
        }

        return place + (int)rest * outerStride;
    }

    /// <summary>The map of a place's affine form; sizes innermost first, a stride more than sizes.</summary>
    internal static NarrowIndexMap Of(ReadOnlySpan<int> sizes, ReadOnlySpan<long> strides, long offset)
    {
        var map = new NarrowIndexMap { offset = offset, divided = sizes.Length, outerStride = (int)strides[sizes.Length] };
        for (var axis = 0; axis < sizes.Length; axis++) map.SetAxis(axis, sizes[axis], (int)strides[axis]);
        return map;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(ref uint rest, ref int place, int size, uint factor, int shift, int stride)
    {
        var quotient = (uint)(((ulong)rest * factor) >> 32) >> shift;
        place += (int)(rest - quotient * (uint)size) * stride;
        rest = quotient;
    }

    private void SetAxis(int axis, int size, int stride)
    {
        var log = 32 - int.LeadingZeroCount(size - 1); // sizes are at least 2
        var (factor, shift) = ((uint)(((1UL << (31 + log)) + (uint)size - 1) / (uint)size), log - 1);
        switch (axis)
        {
            case 0: (size0, stride0, factor0, shift0) = (size, stride, factor, shift); break;
            case 1: (size1, stride1, factor1, shift1) = (size, stride, factor, shift); break;
            case 2: (size2, stride2, factor2, shift2) = (size, stride, factor, shift); break;
            case 3: (size3, stride3, factor3, shift3) = (size, stride, factor, shift); break;
            case 4: (size4, stride4, factor4, shift4) = (size, stride, factor, shift); break;
            case 5: (size5, stride5, factor5, shift5) = (size, stride, factor, shift); break;
            default: (size6, stride6, factor6, shift6) = (size, stride, factor, shift); break;
        }
    }
}
