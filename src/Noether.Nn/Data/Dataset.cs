namespace Noether.Nn;

/// <summary>Examples in host memory: columns of equal length, or a choice of their rows.</summary>
public sealed class Dataset
{
    private readonly Column[] columns;
    private readonly int[]? rows; // null: all, in order

    /// <summary>A data set of columns, one entry of each an example: usually inputs and targets.</summary>
    /// <exception cref="ShapeException">The columns have different lengths, or there is none.</exception>
    public Dataset(params Column[] columns)
    {
        if (columns.Length == 0) throw new ShapeException("Dataset: no columns");
        if (Array.Exists(columns, column => column.Count != columns[0].Count))
            throw new ShapeException($"Dataset: columns have {string.Join(", ", columns.Select(column => column.Count))} examples");
        this.columns = [.. columns];
    }

    private Dataset(Column[] columns, int[] rows)
    {
        this.columns = columns;
        this.rows = rows;
    }

    /// <summary>How many examples there are.</summary>
    public int Count => rows?.Length ?? columns[0].Count;

    /// <summary>The shapes of one example, column by column.</summary>
    public IReadOnlyList<Shape> Rows => Array.ConvertAll(columns, static column => column.Row);

    /// <summary>A data set of tensors [examples, …].</summary>
    public static Dataset Of(params Tensor[] columns) => new(Array.ConvertAll(columns, Column.Of));

    /// <summary>
    /// Images and labels from two IDX files (MNIST and its kin), gzipped or not: images as float32 [1, height, width] in [0, 1], labels as int64.
    /// </summary>
    /// <exception cref="FileFormatException">A file is missing, broken, or not images or labels.</exception>
    /// <exception cref="ShapeException">There are not as many labels as images.</exception>
    public static Dataset FromIdx(string images, string labels)
    {
        var pictures = IdxFile.ReadBytes(images);
        var classes = IdxFile.ReadBytes(labels);
        if (pictures.Shape.Rank != 3) throw new FileFormatException($"{images}: holds {pictures.Shape}, not images [count, height, width]");
        if (classes.Shape.Rank != 1) throw new FileFormatException($"{labels}: holds {classes.Shape}, not labels [count]");
        return new(Column.OfBytes(pictures.Bytes, [1, .. pictures.Shape[1..]]), Column.OfLabels(classes.Bytes));
    }

    /// <summary>Chosen examples, in this order; they share memory with this set.</summary>
    /// <exception cref="AxisException">An index is outside.</exception>
    public Dataset Take(ReadOnlySpan<int> indices)
    {
        var chosen = new int[indices.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Count) throw new AxisException($"Dataset: no example {indices[i]} among {Count}");
            chosen[i] = rows is null ? indices[i] : rows[indices[i]];
        }

        return new(columns, chosen);
    }

    /// <summary>The examples of a range.</summary>
    public Dataset this[Range range]
    {
        get
        {
            var (start, count) = range.GetOffsetAndLength(Count);
            return Take(Order(null).AsSpan(start, count));
        }
    }

    /// <summary>Two disjoint parts, chosen by the key: <paramref name="first"/> examples and the rest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer examples.</exception>
    public (Dataset First, Dataset Others) Split(RandomKey key, int first)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count);
        var order = Order(key);
        return (Take(order.AsSpan(0, first)), Take(order.AsSpan(first)));
    }

    /// <summary>All examples as one batch.</summary>
    public Batch All(Device? device = null) => Gather(Order(null), device);

    /// <summary>How many batches <see cref="Batches"/> gives.</summary>
    public int BatchCount(int size, bool dropLast = false) => dropLast ? Count / size : (Count + size - 1) / size;

    /// <summary>The examples in batches, once through.</summary>
    /// <param name="size">Examples a batch; the last may be smaller.</param>
    /// <param name="shuffle">The order's key, one for each pass (<c>key.Fold(epoch)</c>); null: the order of the data.</param>
    /// <param name="dropLast">Leaves out a smaller last batch, so that a compiled step sees one shape.</param>
    /// <param name="skip">Batches left out at the beginning: where a resumed pass goes on.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    public IEnumerable<Batch> Batches(int size, RandomKey? shuffle = null, bool dropLast = false, int skip = 0, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        return Enumerate();

        IEnumerable<Batch> Enumerate()
        {
            var order = Order(shuffle);
            var count = BatchCount(size, dropLast);
            for (var i = skip; i < count; i++)
                yield return Gather(order.AsSpan(i * size, Math.Min(size, order.Length - i * size)), device);
        }
    }

    private Batch Gather(ReadOnlySpan<int> positions, Device? device)
    {
        var chosen = positions.ToArray();
        if (rows is not null)
        {
            for (var i = 0; i < chosen.Length; i++) chosen[i] = rows[chosen[i]];
        }

        return new(Array.ConvertAll(columns, column => column.Gather(chosen, device)));
    }

    // Fisher and Yates' shuffle from the key's bits; a position's bias is below count / 2³².
    private int[] Order(RandomKey? key)
    {
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        if (key is null) return order;
        var bits = key.Bits([Count]).ToArray<int>();
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = (int)(((ulong)(uint)bits[i] * (ulong)(i + 1)) >> 32);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
