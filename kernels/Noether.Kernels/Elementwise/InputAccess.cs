namespace Noether.Kernels.Elementwise;

/// <summary>How an input's elements lie to the traversal.</summary>
public enum InputAccess
{
    /// <summary>Element i at i.</summary>
    Contiguous,

    /// <summary>One element for all: the view's first.</summary>
    Single,

    /// <summary>By an index map that is given at the launch.</summary>
    Strided,

    /// <summary>By an index map under which each four neighbours lie behind one another, aligned: a row for all rows of a matrix.</summary>
    Runs,

    /// <summary>By an index map under which each four neighbours are one element: a column for all columns of a matrix.</summary>
    Repeated,

    /// <summary>Given in registers by the product whose epilogue the program is: its result, rounded if the input is bfloat16.</summary>
    Product,

    /// <summary>The same, the result's tangent.</summary>
    Tangent,
}
