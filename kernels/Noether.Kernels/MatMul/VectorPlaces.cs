namespace Noether.Kernels.MatMul;

/// <summary>Where the operands and results of products of matrices with a few vectors lie in their memories.</summary>
public struct VectorPlaces
{
    /// <summary>Where the first matrix begins.</summary>
    public long MatrixStart;

    /// <summary>Where the first vector begins.</summary>
    public long VectorStart;

    /// <summary>From the vectors of one matrix to those of the next; 0 if all have the same.</summary>
    public long VectorBatchStride;

    /// <summary>Where the first result lies; those of a matrix lie behind those of the one before.</summary>
    public long ResultStart;

    /// <summary>From a line's results to the next's.</summary>
    public long LineStep;

    /// <summary>From a vector's results to the next's.</summary>
    public long VectorStep;

    /// <summary>Elements of a vector: from one of a matrix's vectors to the next. All of them are fewer than 2³¹.</summary>
    public int Depth;

    /// <summary>Lines of a matrix.</summary>
    public int Lines;

    /// <summary>Vectors of a matrix.</summary>
    public int Vectors;

    /// <summary>Which matrix a line of all of them is of.</summary>
    internal readonly uint MatrixOf(long line) => (uint)line / (uint)Lines; // a division of 64 bits is a call
}
