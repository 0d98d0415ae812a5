namespace Noether.Kernels.MatMul;

/// <summary>Where the elements of one matrix of results stand in the row-major traversal of all results.</summary>
internal interface IResultOrder
{
    /// <summary>How many neighbours of a row, from a multiple of four on, stand behind one another: 4, or 1 if that is not sure.</summary>
    int Run { get; }

    /// <summary>Rows of the matrix.</summary>
    int Rows { get; }

    /// <summary>Its columns.</summary>
    int Columns { get; }

    /// <summary>The number of an element.</summary>
    long At(int row, int column);
}
