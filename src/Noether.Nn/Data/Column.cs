namespace Noether.Nn;

/// <summary>One tensor of every example of a data set, held in host memory; examples are gathered into batches.</summary>
public abstract class Column
{
    private protected Column(int count, Shape row)
    {
        Count = count;
        Row = row;
    }

    /// <summary>How many examples there are.</summary>
    public int Count { get; }

    /// <summary>The shape of one example.</summary>
    public Shape Row { get; }

    /// <summary>Values as they are; decides the element type.</summary>
    /// <typeparam name="T">bool, int, long, BFloat16, float or double.</typeparam>
    /// <param name="values">All examples, row-major; not copied, not to be changed.</param>
    /// <param name="row">The shape of one example; default: a number.</param>
    /// <exception cref="ShapeException">The values are not a whole number of rows.</exception>
    public static Column Of<T>(T[] values, Shape? row = null)
        where T : unmanaged => new ValueColumn<T>(values, row ?? Shape.Scalar);

    /// <summary>The rows of a tensor [examples, …].</summary>
    public static Column Of(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Rank == 0) throw new ShapeException("Column: a tensor without axes has no examples");
        var row = tensor.Shape.Without(0);
        return tensor.DType switch
        {
            DType.Bool => Of(tensor.ToArray<bool>(), row),
            DType.Int32 => Of(tensor.ToArray<int>(), row),
            DType.Int64 => Of(tensor.ToArray<long>(), row),
            DType.BFloat16 => Of(tensor.ToArray<BFloat16>(), row),
            DType.Float32 => Of(tensor.ToArray<float>(), row),
            _ => Of(tensor.ToArray<double>(), row),
        };
    }

    /// <summary>Bytes that become float32 <c>byte·scale + offset</c> when they are gathered: images take a quarter of the memory.</summary>
    /// <param name="bytes">All examples, row-major; not copied, not to be changed.</param>
    /// <param name="row">The shape of one example.</param>
    /// <param name="scale">Default: 255 becomes 1.</param>
    /// <param name="offset">Added after scaling.</param>
    public static Column OfBytes(byte[] bytes, Shape row, float scale = 1 / 255f, float offset = 0)
    {
        var table = new float[256];
        for (var i = 0; i < table.Length; i++) table[i] = i * scale + offset;
        return new ByteColumn<float>(bytes, row, table);
    }

    /// <summary>Bytes that become int64 class numbers.</summary>
    /// <param name="bytes">One an example; not copied, not to be changed.</param>
    public static Column OfLabels(byte[] bytes)
    {
        var table = new long[256];
        for (var i = 0; i < table.Length; i++) table[i] = i;
        return new ByteColumn<long>(bytes, Shape.Scalar, table);
    }

    /// <summary>The tensor [indices, row…] of chosen examples.</summary>
    public abstract Tensor Gather(ReadOnlySpan<int> indices, Device? device = null);

    private protected static int CountRows(long values, Shape row) =>
        row.Size > 0 && values % row.Size == 0
            ? checked((int)(values / row.Size))
            : throw new ShapeException($"Column: {values} values are not a whole number of rows {row}");
}
