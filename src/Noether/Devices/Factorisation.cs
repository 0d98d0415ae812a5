namespace Noether.Devices;

/// <summary>How a device takes a matrix apart, and which outputs it fills.</summary>
internal enum Factorisation
{
    /// <summary>L of A = L Lᵀ; reads the lower triangle.</summary>
    Cholesky,

    /// <summary>L and U packed in one matrix, the order of rows (int64), and its sign.</summary>
    Lu,

    /// <summary>Q [m, n] and R [n, n].</summary>
    Qr,

    /// <summary>U [m, n], singular values [n] descending, Vᵀ [n, n].</summary>
    Svd,

    /// <summary>Singular values alone.</summary>
    SingularValues,

    /// <summary>Eigenvalues [n] ascending and eigenvectors in columns; reads the lower triangle.</summary>
    SymmetricEigen,

    /// <summary>Eigenvalues alone.</summary>
    SymmetricEigenvalues,
}
