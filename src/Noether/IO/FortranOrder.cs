namespace Noether;

/// <summary>Brings arrays whose first axis varies fastest to row-major order.</summary>
internal static unsafe class FortranOrder
{
    // A tile of float64 is 8 KB: source and target tile lie in the first-level cache together.
    private const int Tile = 32;

    /// <summary>A row-major copy, or the array itself where both orders are the same.</summary>
    /// <param name="array">Its shape is right, its elements are in Fortran order.</param>
    public static HostArray ToRowMajor(HostArray array)
    {
        var wide = 0; // with at most one axis longer than 1 there is only one order
        foreach (var size in array.Shape) wide += size == 1 ? 0 : 1;
        if (wide < 2 || array.Shape.Size == 0) return array;

        var target = HostArray.Allocate(array.DType, array.Shape);
        switch (array.DType.Bytes())
        {
            case 1:
                Transpose(array.Pointer, target.Pointer, array.Shape);
                break;
            case 2:
                Transpose((ushort*)array.Pointer, (ushort*)target.Pointer, array.Shape);
                break;
            case 4:
                Transpose((uint*)array.Pointer, (uint*)target.Pointer, array.Shape);
                break;
            default:
                Transpose((ulong*)array.Pointer, (ulong*)target.Pointer, array.Shape);
                break;
        }

        GC.KeepAlive(array);
        return target;
    }

    // The first axis is contiguous in the source, the last one in the target: for each place on the axes between, a matrix is transposed.
    private static void Transpose<T>(T* source, T* target, Shape shape)
        where T : unmanaged
    {
        var rank = shape.Rank;
        var to = shape.Strides();
        var from = new long[rank];
        long stride = 1;
        for (var axis = 0; axis < rank; stride *= shape[axis++]) from[axis] = stride;

        var place = new int[rank];
        while (true)
        {
            TransposeMatrix(source, target, shape[0], shape[^1], from[rank - 1], to[0]);
            var axis = rank - 2;
            for (; axis > 0; axis--)
            {
                source += from[axis];
                target += to[axis];
                if (++place[axis] < shape[axis]) break;
                source -= from[axis] * shape[axis];
                target -= to[axis] * shape[axis];
                place[axis] = 0;
            }

            if (axis <= 0) return;
        }
    }

    private static void TransposeMatrix<T>(T* source, T* target, int rows, int columns, long sourceStride, long targetStride)
        where T : unmanaged
    {
        for (var top = 0; top < rows; top += Tile)
        {
            var bottom = Math.Min(top + Tile, rows);
            for (var left = 0; left < columns; left += Tile)
            {
                var right = Math.Min(left + Tile, columns);
                for (var row = top; row < bottom; row++)
                {
                    for (var column = left; column < right; column++)
                        target[(row * targetStride) + column] = source[row + (column * sourceStride)];
                }
            }
        }
    }
}
