namespace Noether.Kernels.MatMul;

/// <summary>The sizes of a batch of products [Rows, Inner] x [Inner, Columns], and how their work is shared out.</summary>
public struct ProductSizes
{
    /// <summary>Where the results begin in their memory.</summary>
    public long Start;

    /// <summary>Rows of the left matrices.</summary>
    public int Rows;

    /// <summary>Columns of the left matrices, rows of the right.</summary>
    public int Inner;

    /// <summary>Columns of the right matrices.</summary>
    public int Columns;

    /// <summary>How many products.</summary>
    public int Batch;

    /// <summary>
    /// How much of the inner size one group sums: a multiple of 4, or at least <see cref="Inner"/>. Less than that makes several partial products
    /// [parts, batch, rows, columns] that the caller adds up in order ("split-K").
    /// </summary>
    public int Chunk;

    /// <summary>1 if the products are added to what the results' memory holds, 0 if they overwrite it.</summary>
    public int Adds;

    /// <summary>The sizes of products whose groups sum over the whole inner size.</summary>
    public static ProductSizes Of(int rows, int inner, int columns, int batch = 1) =>
        new() { Rows = rows, Inner = inner, Columns = columns, Batch = batch, Chunk = Math.Max(inner, 1) };

    /// <summary>The number of partial products: 1 unless the inner size is split.</summary>
    public readonly int Parts => Inner <= Chunk ? 1 : (Inner + Chunk - 1) / Chunk;

    /// <summary>True if tiles cover the results without a rest, each part of the inner size takes whole steps, and rows of results allow stores of four.</summary>
    internal readonly bool AreWhole<TTile>()
        where TTile : struct, IProductTile
    {
        var lines = 4 * TTile.Side * TTile.Quads;
        return Inner > 0 && Rows % lines == 0 && Columns % lines == 0 && Inner % TTile.Step == 0 && (Parts == 1 || Chunk % TTile.Step == 0) && Start % 4 == 0;
    }
}
