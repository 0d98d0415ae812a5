using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Reads elements of any layout in row-major order into dense memory, from any position on.</summary>
/// <remarks>
/// Axes of size 1 are dropped and evenly strided neighbours merged first, so that rows are as long as they can be. A row that is broadcast along the
/// axis before it (a bias of a few channels) is read once and doubled where it lies, so that short ones do not cost a copy each.
/// </remarks>
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
        var rank = layout.Shape.Rank;
        Span<long> keptSizes = stackalloc long[rank], keptStrides = stackalloc long[rank];
        var kept = 0;
        for (var axis = 0; axis < rank; axis++)
        {
            var (size, stride) = (layout.Shape[axis], layout.Strides[axis]);
            if (size == 1) continue;
            if (kept > 0 && keptStrides[kept - 1] == stride * size)
            {
                keptSizes[kept - 1] *= size;
                keptStrides[kept - 1] = stride;
                continue;
            }

            (keptSizes[kept], keptStrides[kept]) = (size, stride);
            kept++;
        }

        sizes = keptSizes[..kept].ToArray();
        strides = keptStrides[..kept].ToArray();
    }

    /// <summary>True if element i lies at origin + i: no copy is needed.</summary>
    public bool IsDense => sizes.Length == 0 || (sizes.Length == 1 && strides[0] == 1);

    /// <summary>True if every element is the same one.</summary>
    public bool IsUniform => sizes.Length == 0 || (sizes.Length == 1 && strides[0] == 0);

    /// <summary>The address of element 0.</summary>
    public byte* Origin => origin;

    /// <summary>
    /// Copies the tile that begins at <paramref name="start"/>, of those from <paramref name="begin"/> to <paramref name="end"/>. Where all tiles are
    /// the same, the first one is copied and stays.
    /// </summary>
    public void ReadTile(long start, long begin, long end, int tile, byte* to)
    {
        var repeats = IsUniform || (sizes.Length == 2 && strides[0] == 0 && tile % sizes[1] == 0);
        if (repeats && start > begin) return;
        Read(start, (int)Math.Min(tile, end - start), to);
    }

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
            if (rank > 1 && strides[rank - 2] == 0 && run == sizes[rank - 1])
            {
                // The rows that follow are the one just written.
                var repeated = Math.Min(count / run, sizes[rank - 2] - 1 - index[rank - 2]);
                Repeat(to, run, (repeated + 1) * run);
                index[rank - 2] += repeated;
                count -= (int)(repeated * run);
                if (count == 0) return;
                to += repeated * run;
            }

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

    // Of size elements the first known ones are there: they are copied behind themselves, twice as many each time.
    private static void Repeat<T>(T* to, long known, long size)
        where T : unmanaged
    {
        while (known < size)
        {
            var more = Math.Min(known, size - known);
            Unsafe.CopyBlockUnaligned(to + known, to, (uint)(more * sizeof(T)));
            known += more;
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
