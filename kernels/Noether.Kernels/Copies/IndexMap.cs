using System.Runtime.CompilerServices;

namespace Noether.Kernels.Copies;

/// <summary>
/// Where element <c>i</c> of a row-major traversal lies in memory: an affine map of the traversal's coordinates, any strides (0 broadcasts,
/// negative ones reverse), up to rank <see cref="MaxRank"/>. A plain value that kernels take as an argument.
/// </summary>
/// <remarks>
/// <see cref="Create"/> drops axes of size 1 and joins axes that lie behind one another, so that a contiguous operand needs no division and
/// a transposed matrix one. Axes are numbered from the innermost; the outermost needs no size, for what is left of <c>i</c> is its coordinate.
/// </remarks>
public struct IndexMap
{
    /// <summary>The largest rank after joining.</summary>
    public const int MaxRank = 8;

    private long offset;
    private long outerStride;
    private long stride0, stride1, stride2, stride3, stride4, stride5, stride6;
    private int size0, size1, size2, size3, size4, size5, size6;
    private int divided; // axes below the outermost

    /// <summary>True if element <c>i</c> lies at <c>i</c>.</summary>
    public readonly bool IsIdentity => divided == 0 && outerStride == 1 && offset == 0;

    /// <summary>True if all elements lie at the same place.</summary>
    public readonly bool IsOnePlace => (outerStride | stride0 | stride1 | stride2 | stride3 | stride4 | stride5 | stride6) == 0;

    /// <summary>Neighbours whose number's quotient by four is the same lie behind one another, and the first at a multiple of four.</summary>
    public readonly bool HasRunsOfFour
    {
        get
        {
            if (divided == 0 || size0 % 4 != 0 || stride0 != 1) return false;
            return ((offset | outerStride | stride1 | stride2 | stride3 | stride4 | stride5 | stride6) & 3) == 0; // of axes that are not there: 0
        }
    }

    /// <summary>Neighbours whose number's quotient by four is the same lie at the same place.</summary>
    public readonly bool RepeatsFours => divided > 0 && size0 % 4 == 0 && stride0 == 0;

    /// <summary>True if every place that the map names is a multiple of <paramref name="n"/>.</summary>
    public readonly bool IsMultipleOf(int n) =>
        (offset % n | outerStride % n | stride0 % n | stride1 % n | stride2 % n | stride3 % n | stride4 % n | stride5 % n | stride6 % n) == 0;

    /// <summary>The map of elements that lie one behind the other from <paramref name="offset"/> on.</summary>
    public static IndexMap Contiguous(long offset = 0) => new() { offset = offset, outerStride = 1 };

    /// <summary>The map of a strided operand.</summary>
    /// <param name="sizes">The traversal's sizes, outermost first.</param>
    /// <param name="strides">Elements (not bytes) from one coordinate to the next, an entry an axis.</param>
    /// <param name="offset">Where coordinate 0 lies.</param>
    /// <exception cref="ArgumentException">Sizes and strides differ in number, or more than <see cref="MaxRank"/> axes remain after joining.</exception>
    public static IndexMap Create(ReadOnlySpan<int> sizes, ReadOnlySpan<long> strides, long offset = 0)
    {
        if (sizes.Length != strides.Length)
            throw new ArgumentException($"IndexMap: {sizes.Length} sizes but {strides.Length} strides");
        Span<long> joinedSizes = stackalloc long[sizes.Length + 1];
        Span<long> joinedStrides = stackalloc long[sizes.Length + 1];
        var rank = 0;
        for (var axis = sizes.Length - 1; axis >= 0; axis--)
        {
            if (sizes[axis] == 1) continue;
            var behind = rank > 0 && strides[axis] == joinedSizes[rank - 1] * joinedStrides[rank - 1];
            // Sizes stay below 2³¹ so that kernels may divide in 32 bits.
            if (behind && joinedSizes[rank - 1] * sizes[axis] <= int.MaxValue)
            {
                joinedSizes[rank - 1] *= sizes[axis];
                continue;
            }

            joinedSizes[rank] = sizes[axis];
            joinedStrides[rank++] = strides[axis];
        }

        if (rank > MaxRank)
            throw new ArgumentException($"IndexMap: [{string.Join(", ", sizes.ToArray())}] with strides [{string.Join(", ", strides.ToArray())}] has {rank} axes that cannot be joined; at most {MaxRank} are supported");
        var map = new IndexMap { offset = offset, divided = Math.Max(0, rank - 1), outerStride = rank == 0 ? 0 : joinedStrides[rank - 1] };
        map.SetAxes(joinedSizes[..map.divided], joinedStrides);
        // One element in all, or one axis that is not divided: any traversal index is the outer coordinate.
        return map;
    }

    /// <summary>The place of element <paramref name="index"/>. Runs on the host and inside kernels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long At(long index)
    {
        // Straight-line and nested: ILGPU unrolls no loop, and an array of strides would live in local memory. The branches are uniform.
        var rest = index;
        var place = offset;
        if (divided > 0)
        {
            Step(ref rest, ref place, size0, stride0);
            if (divided > 1)
            {
                Step(ref rest, ref place, size1, stride1);
                if (divided > 2)
                {
                    Step(ref rest, ref place, size2, stride2);
                    if (divided > 3)
                    {
                        Step(ref rest, ref place, size3, stride3);
                        if (divided > 4) Step(ref rest, ref place, size4, stride4);
                        if (divided > 5) Step(ref rest, ref place, size5, stride5);
                        if (divided > 6) Step(ref rest, ref place, size6, stride6);
                    }
                }
            }
        }

        return place + rest * outerStride;
    }

    /// <summary>The same map for traversals of <paramref name="count"/> elements without wide numbers; false if it does not fit in 32 bits.</summary>
    public readonly bool TryNarrow(long count, out NarrowIndexMap map)
    {
        map = default;
        if (count > int.MaxValue) return false;
        ReadOnlySpan<int> sizes = [size0, size1, size2, size3, size4, size5, size6];
        Span<long> strides = [stride0, stride1, stride2, stride3, stride4, stride5, stride6, 0];
        strides[divided] = outerStride;
        double span = 0, outer = count;
        for (var axis = 0; axis < divided; axis++)
        {
            span += Math.Abs((double)strides[axis]) * sizes[axis];
            outer /= sizes[axis];
        }

        if (span + Math.Abs((double)outerStride) * outer > int.MaxValue) return false;
        map = NarrowIndexMap.Of(sizes[..divided], strides, offset);
        return true;
    }

    // The quotient in 32 bits where it fits: a 64-bit division costs a GPU four times as much.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(ref long rest, ref long place, int size, long stride)
    {
        var quotient = rest <= uint.MaxValue ? (uint)rest / (uint)size : rest / size;
        place += (rest - quotient * size) * stride;
        rest = quotient;
    }

    private void SetAxes(ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides)
    {
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            var (size, stride) = ((int)sizes[axis], strides[axis]);
            switch (axis)
            {
                case 0: (size0, stride0) = (size, stride); break;
                case 1: (size1, stride1) = (size, stride); break;
                case 2: (size2, stride2) = (size, stride); break;
                case 3: (size3, stride3) = (size, stride); break;
                case 4: (size4, stride4) = (size, stride); break;
                case 5: (size5, stride5) = (size, stride); break;
                default: (size6, stride6) = (size, stride); break;
            }
        }
    }
}
