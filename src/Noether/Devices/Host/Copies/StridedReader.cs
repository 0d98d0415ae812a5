using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Reads elements of any layout in row-major order into dense memory, from any position on.</summary>
/// <remarks>Axes of size 1 are dropped and evenly strided neighbours merged first, so that rows are as long as they can be.</remarks>
internal readonly unsafe struct StridedReader
{
    private readonly byte* origin;
    private readonly long[] sizes;
    private readonly long[] strides;
    private readonly int width;

    public StridedReader(byte* storage, Layout layout, int width)
    {
        this.width = width;
        origin = storage + layout.Offset * width;
        var keptSizes = new List<long>(layout.Shape.Rank);
        var keptStrides = new List<long>(layout.Shape.Rank);
        for (var axis = 0; axis < layout.Shape.Rank; axis++)
        {
            var (size, stride) = (layout.Shape[axis], layout.Strides[axis]);
            if (size == 1) continue;
            if (keptSizes.Count > 0 && keptStrides[^1] == stride * size)
            {
                keptSizes[^1] *= size;
                keptStrides[^1] = stride;
                continue;
            }

            keptSizes.Add(size);
            keptStrides.Add(stride);
        }

        sizes = [.. keptSizes];
        strides = [.. keptStrides];
    }

    /// <summary>True if element i lies at origin + i: no copy is needed.</summary>
    public bool IsDense => sizes.Length == 0 || (sizes.Length == 1 && strides[0] == 1);

    /// <summary>True if every element is the same one.</summary>
    public bool IsUniform => sizes.Length == 0 || (sizes.Length == 1 && strides[0] == 0);

    /// <summary>The address of element 0.</summary>
    public byte* Origin => origin;

    /// <summary>Copies elements start … start+count-1 to <paramref name="to"/>.</summary>
    public void Read(long start, int count, byte* to)
    {
        switch (width)
        {
            case 1: Read<byte>(start, count, to); break;
            case 2: Read<ushort>(start, count, (ushort*)to); break;
            case 4: Read<uint>(start, count, (uint*)to); break;
            default: Read<ulong>(start, count, (ulong*)to); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read<T>(long start, int count, T* to)
        where T : unmanaged
    {
        var rank = sizes.Length;
        var from = (T*)origin;
        if (rank == 0)
        {
            new Span<T>(to, count).Fill(*from);
            return;
        }

        var index = stackalloc long[rank];
        long offset = 0, rest = start;
        for (var axis = rank - 1; axis >= 0; axis--)
        {
            index[axis] = rest % sizes[axis];
            rest /= sizes[axis];
            offset += index[axis] * strides[axis];
        }

        var stride = strides[rank - 1];
        while (true)
        {
            var run = (int)Math.Min(count, sizes[rank - 1] - index[rank - 1]);
            Row(from + offset, stride, to, run);
            count -= run;
            if (count == 0) return;
            to += run;

            // Carry into the outer axes.
            offset -= index[rank - 1] * stride;
            index[rank - 1] = 0;
            for (var axis = rank - 2; axis >= 0; axis--)
            {
                offset += strides[axis];
                if (++index[axis] < sizes[axis]) break;
                offset -= sizes[axis] * strides[axis];
                index[axis] = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<T>(T* from, long stride, T* to, int count)
        where T : unmanaged
    {
        if (stride == 1)
        {
            new ReadOnlySpan<T>(from, count).CopyTo(new(to, count));
        }
        else if (stride == 0)
        {
            new Span<T>(to, count).Fill(*from);
        }
        else
        {
            for (var i = 0; i < count; i++) to[i] = from[i * stride];
        }
    }
}
