using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>Rows of one operand of attention: where the matrix of each batch entry and head begins, and how far its rows lie apart.</summary>
internal sealed unsafe class AttentionRows<T>
    where T : unmanaged
{
    private readonly nint[] starts;

    /// <summary>Matrices over the last two axes of a view.</summary>
    public AttentionRows(View x)
    {
        var strides = x.Layout.Strides;
        Row = strides[^2];
        Column = strides[^1];
        starts = new nint[checked((int)x.Shape[..^2].Size)];
        for (var i = 0; i < starts.Length; i++)
        {
            var offset = x.Layout.Offset;
            var rest = i;
            for (var axis = x.Shape.Rank - 3; axis >= 0; axis--)
            {
                offset += rest % x.Shape[axis] * strides[axis];
                rest /= x.Shape[axis];
            }

            starts[i] = x.Storage.Handle + (nint)(offset * sizeof(T));
        }
    }

    /// <summary>From a row to the next, in elements.</summary>
    public long Row { get; }

    /// <summary>From a column to the next: 1 but for masks.</summary>
    public long Column { get; }

    /// <summary>The matrix of one batch entry and head.</summary>
    public T* this[int matrix] => (T*)starts[matrix];
}

/// <summary>What attention's reverse pass reads beside the forward pass's operands; the numbers of a row are dense [matrices, m].</summary>
internal sealed unsafe class AttentionCotangents<T>
    where T : unmanaged
{
    public required AttentionRows<T> Output { get; init; }

    public required T* Sums { get; init; }

    public required AttentionRows<T> OutputCotangent { get; init; }

    public required T* SumsCotangent { get; init; }
}

/// <summary>What attention reads, forward and backward, and its sizes.</summary>
internal sealed unsafe class AttentionOperands<T>
    where T : unmanaged, INumber<T>
{
    public required AttentionRows<T> Query { get; init; }

    public required AttentionRows<T> Key { get; init; }

    public required AttentionRows<T> Value { get; init; }

    public required AttentionMask<T> Mask { get; init; }

    /// <summary>Batch entries times heads.</summary>
    public required int Matrices { get; init; }

    public required int Queries { get; init; }

    public required int Keys { get; init; }

    /// <summary>Columns of queries and keys.</summary>
    public required int Depth { get; init; }

    /// <summary>Columns of values.</summary>
    public required int Width { get; init; }

    public required T Scale { get; init; }

    public bool IsCausal => Mask.IsCausal;

    /// <summary>How many keys the queries before <paramref name="endQuery"/> may see.</summary>
    public int Visible(int endQuery) => IsCausal ? Math.Min(Keys, endQuery) : Keys;

    /// <summary>Queries [first, first + count) as columns: to[p · 2V + i], zero beyond the last.</summary>
    public static void Pack(T* from, long row, int count, int depth, T factor, T* to, int columns)
    {
        if (count < columns) new Span<T>(to, depth * columns).Clear();
        Transposition.Run(from, row, to, columns, count, depth);
        if (factor == T.One) return;
        var wide = new Vector<T>(factor);
        for (var i = 0; i < depth * columns; i += Vector<T>.Count) (Vector.Load(to + i) * wide).Store(to + i); // columns are whole registers
    }
}
