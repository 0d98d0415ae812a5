using System.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Noether.Devices.Host;

/// <summary>QR, singular values and symmetric eigenvalues through Math.NET Numerics, in float64 for either type, with signs made definite.</summary>
/// <remarks>A matrix with an entry that is not finite gives NaN throughout, as in NumPy's eigh: the iterations would not end.</remarks>
internal static unsafe class OrthogonalFactors
{
    /// <summary>Q [m, n] and R [n, n] with a diagonal that is not negative; m ≥ n.</summary>
    public static void Qr<T>(T* a, int m, int n, T* q, T* r)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n == 0) return;
        if (!IsFinite(a, (long)m * n))
        {
            Fill(q, (long)m * n);
            Fill(r, (long)n * n);
            return;
        }

        var factors = Read(a, m, n).QR(QRMethod.Thin);
        for (var i = 0; i < n; i++)
        {
            var sign = factors.R[i, i] < 0 ? -1 : 1;
            for (var j = 0; j < n; j++) r[(long)i * n + j] = T.CreateTruncating(j < i ? 0 : sign * factors.R[i, j]);
            for (var k = 0; k < m; k++) q[(long)k * n + i] = T.CreateTruncating(sign * factors.Q[k, i]);
        }
    }

    /// <summary>U [m, n], s [n] descending, Vᵀ [n, n]; m ≥ n. The vectors may be null.</summary>
    public static void Svd<T>(T* a, int m, int n, T* u, T* s, T* vt)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n == 0) return;
        if (!IsFinite(a, (long)m * n))
        {
            Fill(s, n);
            if (u == null) return;
            Fill(u, (long)m * n);
            Fill(vt, (long)n * n);
            return;
        }

        // Of a tall matrix only its triangle is iterated on: U would be [m, m] otherwise.
        MathNet.Numerics.LinearAlgebra.Matrix<double> square = Read(a, m, n);
        var tall = m > n ? square.QR(QRMethod.Thin) : null;
        if (tall is not null) square = tall.R;
        var factors = Converged("Svd", m, n, () => square.Svd(computeVectors: u != null));
        for (var j = 0; j < n; j++) s[j] = T.CreateTruncating(factors.S[j]);
        if (u == null) return;
        var left = tall is null ? factors.U : tall.Q * factors.U;
        for (var j = 0; j < n; j++)
        {
            var sign = Sign(left, m, j);
            for (var i = 0; i < m; i++) u[(long)i * n + j] = T.CreateTruncating(sign * left[i, j]);
            for (var i = 0; i < n; i++) vt[(long)j * n + i] = T.CreateTruncating(sign * factors.VT[j, i]);
        }
    }

    /// <summary>Eigenvalues [n] ascending and eigenvectors in columns [n, n] of the symmetric matrix with this lower triangle. The vectors may be null.</summary>
    public static void SymmetricEigen<T>(T* a, int n, T* values, T* vectors)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n == 0) return;
        var matrix = Read(a, n, n);
        var finite = true;
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++)
            {
                matrix[j, i] = matrix[i, j];
                finite &= double.IsFinite(matrix[i, j]);
            }

        if (!finite)
        {
            Fill(values, n);
            if (vectors != null) Fill(vectors, (long)n * n);
            return;
        }

        var factors = Converged("SymmetricEigen", n, n, () => matrix.Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric));
        for (var j = 0; j < n; j++) values[j] = T.CreateTruncating(factors.EigenValues[j].Real);
        if (vectors == null) return;
        for (var j = 0; j < n; j++)
        {
            var sign = Sign(factors.EigenVectors, n, j);
            for (var i = 0; i < n; i++) vectors[(long)i * n + j] = T.CreateTruncating(sign * factors.EigenVectors[i, j]);
        }
    }

    private static DenseMatrix Read<T>(T* a, int m, int n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var columns = new double[(long)m * n];
        for (var i = 0; i < m; i++)
            for (var j = 0; j < n; j++)
                columns[(long)j * m + i] = double.CreateTruncating(a[(long)i * n + j]);
        return new(m, n, columns);
    }

    // The sign that makes the entry of largest size in a column positive.
    private static double Sign(MathNet.Numerics.LinearAlgebra.Matrix<double> x, int rows, int column)
    {
        var largest = 0.0;
        for (var i = 0; i < rows; i++)
            if (Math.Abs(x[i, column]) > Math.Abs(largest))
                largest = x[i, column];
        return largest < 0 ? -1 : 1;
    }

    private static bool IsFinite<T>(T* a, long count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long i = 0; i < count; i++)
            if (!T.IsFinite(a[i]))
                return false;
        return true;
    }

    private static void Fill<T>(T* y, long count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long i = 0; i < count; i++) y[i] = T.NaN;
    }

    private static TFactors Converged<TFactors>(string operation, int m, int n, Func<TFactors> run)
    {
        try
        {
            return run();
        }
        catch (NonConvergenceException failure)
        {
            throw new MatrixException($"{operation}: the iteration on a matrix [{m}, {n}] does not converge", failure);
        }
    }
}
