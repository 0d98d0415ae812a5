using Noether.Kernels.MatMul;

namespace Noether.Kernels.Channels;

/// <summary>
/// The sizes of <c>y[b, o, j, k] = Σ_c w[o, c] x[b, c, j, k] + r[b, o, j] + q[b, o, k]</c>, and where its operands, all dense, begin in their memories.
/// </summary>
public struct ChannelMixSizes
{
    /// <summary>Where w begins.</summary>
    public long WeightStart;

    /// <summary>Where x begins.</summary>
    public long InputStart;

    /// <summary>Where r begins.</summary>
    public long RowStart;

    /// <summary>Where q begins.</summary>
    public long ColumnStart;

    /// <summary>Where y begins.</summary>
    public long OutputStart;

    /// <summary>Matrices of each channel.</summary>
    public int Batch;

    /// <summary>Channels of x.</summary>
    public int Inputs;

    /// <summary>Channels of y.</summary>
    public int Outputs;

    /// <summary>Rows of a matrix.</summary>
    public int Rows;

    /// <summary>Columns of a matrix.</summary>
    public int Columns;

    /// <summary>The products that the mixing is: [outputs, inputs] by [inputs, positions] for each of the batch.</summary>
    public readonly ProductSizes Product => new()
    {
        Start = OutputStart,
        Rows = Outputs,
        Inner = Inputs,
        Columns = Rows * Columns,
        Batch = Batch,
        Chunk = Inputs > 0 ? Inputs : 1,
    };

    /// <summary>True if no bound needs to be checked with a tile.</summary>
    internal readonly bool AreWhole<TTile>()
        where TTile : struct, IProductTile => Product.AreWhole<TTile>() && HasQuads && WeightStart % 4 == 0;

    /// <summary>True if four neighbours of a row are one load or store in every operand.</summary>
    internal readonly bool HasQuads =>
        Columns % 4 == 0 && (InputStart | ColumnStart | OutputStart) % 4 == 0;
}
