using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>A factor of a product where it lies: element [i, j] at <c>i · row + j · column</c>, a <typeparamref name="T"/> or a bfloat16 that stands for a float.</summary>
/// <param name="start">Element [0, 0].</param>
/// <param name="row">From row to row, in elements.</param>
/// <param name="column">From column to column.</param>
/// <param name="isNarrow">Elements are bfloat16; <typeparamref name="T"/> is float.</param>
internal readonly unsafe struct GemmFactor<T>(void* start, long row, long column, bool isNarrow = false)
    where T : unmanaged, INumber<T>
{
    public long Row => row;

    public long Column => column;

    public bool IsNarrow => isNarrow;

    /// <summary>Element [0, 0] of a factor that is not narrow.</summary>
    public T* Start => (T*)start;

    /// <summary>Element [0, 0] of a narrow one.</summary>
    public ushort* Narrow => (ushort*)start;

    /// <summary>The same factor seen from [i, j] on.</summary>
    public GemmFactor<T> From(long i, long j) => Shifted(i * row + j * column);

    /// <summary>Its transpose.</summary>
    public GemmFactor<T> Transposed => new(start, column, row, isNarrow);

    /// <summary>Seen from so many elements on.</summary>
    public GemmFactor<T> Shifted(long elements) => new((byte*)start + elements * (isNarrow ? sizeof(ushort) : sizeof(T)), row, column, isNarrow);

    /// <summary>
    /// The first <paramref name="rows"/> rows and <paramref name="columns"/> columns as they are, or widened into <paramref name="to"/>, as many
    /// elements: along rows, or along columns where those lie together.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public GemmFactor<T> Widened(T* to, int rows, int columns)
    {
        if (!isNarrow) return this;
        if (row == 1 && column != 1)
        {
            BFloat16Rows.Widen(Narrow, column, (float*)to, rows, columns, rows);
            return new(to, 1, rows);
        }

        if (column == 1)
        {
            BFloat16Rows.Widen(Narrow, row, (float*)to, columns, rows, columns);
        }
        else
        {
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                    ((float*)to)[(long)i * columns + j] = BFloat16Rows.Widen(Narrow[i * row + j * column]);
        }

        return new(to, columns, 1);
    }
}
