namespace Noether;

/// <summary>Orthonormal vectors, one added after the other.</summary>
/// <remarks>
/// Layout: blocks of a few rows, so that a new vector copies few others, a block is still in cache when it is read again, and every step has the shapes of those before:
///         plans are found again.
/// Cost:   an orthogonalisation reads each block once from memory, and once more from cache, for each of its two rounds.
/// </remarks>
internal sealed class OrthonormalRows
{
    private const int BlockRows = 8;

    private readonly List<Tensor> blocks = []; // [rows, size], all but the last of BlockRows or whatever they were given with

    /// <summary>The rows of a matrix [count, size].</summary>
    public OrthonormalRows(Tensor rows)
    {
        Count = rows.Shape[0];
        for (var start = 0; start < Count; start += BlockRows) blocks.Add(rows.Narrow(0, start, Math.Min(BlockRows, Count - start)));
    }

    /// <summary>How many.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a vector [size] that is orthogonal to all and of length 1.</summary>
    public void Add(Tensor x)
    {
        var row = x.Unsqueeze(0);
        if (blocks[^1].Shape[0] < BlockRows) blocks[^1] = Tensor.Concatenate(0, blocks[^1], row).Evaluate();
        else blocks.Add(row);
        Count++;
    }

    /// <summary>What is left of a vector without its parts along the rows: Gram-Schmidt, block after block, twice: orthogonal to rounding.</summary>
    public Tensor Remainder(Tensor x)
    {
        for (var round = 0; round < 2; round++)
        {
            foreach (var block in blocks) x = (x - block.MatMul(x).MatMul(block)).Evaluate();
        }

        return x;
    }

    /// <summary>Sums of the rows by weights [sums, count].</summary>
    public Tensor Combine(Tensor weights)
    {
        var start = 0;
        Tensor? sums = null;
        foreach (var block in blocks)
        {
            var part = weights.Narrow(1, start, block.Shape[0]).MatMul(block);
            sums = (sums is null ? part : sums + part).Evaluate();
            start += block.Shape[0];
        }

        return sums!;
    }

    /// <summary>All rows [count, size].</summary>
    public Tensor Joined() => Tensor.Concatenate(0, [.. blocks]).Evaluate();
}
