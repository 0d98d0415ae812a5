namespace Noether;

/// <summary>Ways to measure a matrix.</summary>
public enum MatrixNorm
{
    /// <summary>√ of the sum of all squares.</summary>
    Frobenius,

    /// <summary>The sum of the singular values.</summary>
    Nuclear,

    /// <summary>The largest singular value.</summary>
    Spectral,

    /// <summary>The largest sum of sizes in a column.</summary>
    One,

    /// <summary>The largest sum of sizes in a row.</summary>
    Infinity,
}
