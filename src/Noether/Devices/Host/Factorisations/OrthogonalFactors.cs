using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>QR, singular values and symmetric eigenvalues, in float64 for either type, with signs made definite.</summary>
/// <remarks>
/// A matrix with an entry that is not finite gives NaN throughout, as in NumPy's eigh: the iterations would not end. Matrices are scaled by a power of
/// two to entries of order 1, so that squares neither overflow nor underflow.
/// </remarks>
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

        using var scratch = Workspace.Rent<double>(2L * m * n + (long)n * n);
        double* columns = scratch.As<double>(), orthogonal = columns + (long)m * n, triangle = orthogonal + (long)m * n;
        var scale = Read(a, m, n, columns, m, transposed: true);
        OrthogonalTriangle.Run(columns, m, n, orthogonal, triangle);
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                r[(long)i * n + j] = T.CreateTruncating(triangle[(long)i * n + j] * scale);
        for (var i = 0; i < m; i++)
            for (var j = 0; j < n; j++)
                q[(long)i * n + j] = T.CreateTruncating(orthogonal[(long)j * m + i]);
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

        var stride = Padded(n);
        var square = (long)n * stride;
        using var scratch = Workspace.Rent<double>(4 * square + 4L * n);
        double* matrix = scratch.As<double>(), left = matrix + square, lefts = left + square, rights = lefts + square, values = rights + square;
        double* side = values + n, leftTau = side + n, rightTau = leftTau + n;
        using var tallScratch = m > n ? Workspace.Rent<double>(3L * m * n + (long)n * n) : default;

        // Of a tall matrix only its triangle is iterated on.
        double scale;
        double* orthogonal = null, turned = null;
        if (m > n)
        {
            var columns = tallScratch.As<double>();
            orthogonal = columns + (long)m * n;
            turned = orthogonal + (long)m * n;
            var triangle = turned + (long)m * n;
            scale = Read(a, m, n, columns, m, transposed: true);
            OrthogonalTriangle.Run(columns, m, n, orthogonal, triangle);
            Read(triangle, n, n, matrix, stride, transposed: false, 1);
        }
        else
        {
            scale = Read(a, m, n, matrix, stride, transposed: false);
        }

        Bidiagonal.Reduce(matrix, stride, n, left, values, side, leftTau, rightTau);
        var wanted = u != null;
        if (wanted)
        {
            Clear(lefts, stride, n);
            Clear(rights, stride, n);
            Reflectors.Accumulate(left, stride, leftTau, n, 0, n, lefts, stride, n);
            Reflectors.Accumulate(matrix, stride, rightTau, Math.Max(0, n - 2), 1, n, rights, stride, n);
        }

        if (!new BidiagonalIteration(values, side, wanted ? new(lefts, stride, n, left) : null, wanted ? new(rights, stride, n, matrix) : null).Run(n))
            throw NotConverged("Svd", m, n);
        var order = Order(n, j => -Math.Abs(values[j]));
        for (var j = 0; j < n; j++) s[j] = T.CreateTruncating(Math.Abs(values[order[j]]) * scale);
        if (!wanted) return;

        double* rows = lefts;
        long rowStride = stride;
        if (m > n)
        {
            Gemm.Multiply(lefts, stride, 1, orthogonal, m, 1, turned, m, n, m, n, accumulate: false);
            rows = turned;
            rowStride = m;
        }

        for (var j = 0; j < n; j++)
        {
            var row = rows + order[j] * rowStride;
            var sign = Sign(row, m);
            Put(row, m, sign, u + j, n);
            Put(rights + (long)order[j] * stride, n, values[order[j]] < 0 ? -sign : sign, vt + (long)j * n, 1);
        }
    }

    /// <summary>Eigenvalues [n] ascending and eigenvectors in columns [n, n] of the symmetric matrix with this lower triangle. The vectors may be null.</summary>
    public static void SymmetricEigen<T>(T* a, int n, T* values, T* vectors)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n == 0) return;
        var finite = true;
        for (var i = 0; i < n; i++) finite &= IsFinite(a + (long)i * n, i + 1);
        if (!finite)
        {
            Fill(values, n);
            if (vectors != null) Fill(vectors, (long)n * n);
            return;
        }

        var stride = Padded(n);
        using var scratch = Workspace.Rent<double>(2L * n * stride + n);
        double* matrix = scratch.As<double>(), rows = vectors == null ? null : matrix + (long)n * stride, found = matrix + 2L * n * stride;
        double largest = 0;
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++)
                largest = Math.Max(largest, Math.Abs(double.CreateTruncating(a[(long)i * n + j])));
        var scale = Scale(largest);
        for (var i = 0; i < n; i++)
        {
            new Span<double>(matrix + (long)i * stride + n, stride - n).Clear();
            for (var j = 0; j <= i; j++)
                matrix[(long)i * stride + j] = matrix[(long)j * stride + i] = double.CreateTruncating(a[(long)i * n + j]) / scale;
        }

        if (!Tridiagonal.Eigen(matrix, stride, n, found, rows)) throw NotConverged("SymmetricEigen", n, n);
        var order = Order(n, j => found[j]);
        for (var j = 0; j < n; j++) values[j] = T.CreateTruncating(found[order[j]] * scale);
        if (vectors == null) return;
        for (var j = 0; j < n; j++)
        {
            var row = rows + (long)order[j] * stride;
            Put(row, n, Sign(row, n), vectors + j, n);
        }
    }

    // Whole strips, and an odd number of them: rows a power of two apart would fall on the same lines of the caches.
    private static int Padded(int n) => ((n + Rotations.Padding - 1) / Rotations.Padding | 1) * Rotations.Padding;

    // A power of two near the largest magnitude; 1 for nothing but zeros.
    private static double Scale(double largest) => largest == 0 ? 1 : Math.ScaleB(1, Math.ILogB(largest));

    // Copies a matrix [m, n], divided by the scale that is returned; the padding of rows is cleared.
    private static double Read<T>(T* a, int m, int n, double* to, int stride, bool transposed, double scale = 0)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (scale == 0)
        {
            double largest = 0;
            for (long i = 0; i < (long)m * n; i++) largest = Math.Max(largest, Math.Abs(double.CreateTruncating(a[i])));
            scale = Scale(largest);
        }

        for (var i = 0; i < m; i++)
        {
            if (!transposed) new Span<double>(to + (long)i * stride + n, stride - n).Clear();
            for (var j = 0; j < n; j++)
                to[transposed ? (long)j * stride + i : (long)i * stride + j] = double.CreateTruncating(a[(long)i * n + j]) / scale;
        }

        return scale;
    }

    private static void Clear(double* rows, int stride, int n)
    {
        for (var i = 0; i < n; i++) new Span<double>(rows + (long)i * stride + n, stride - n).Clear();
    }

    private static int[] Order(int n, Func<int, double> key)
    {
        var keys = new double[n];
        var order = new int[n];
        for (var j = 0; j < n; j++) (keys[j], order[j]) = (key(j), j);
        Array.Sort(keys, order);
        return order;
    }

    private static void Put<T>(double* from, int n, double sign, T* to, long step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < n; i++) to[i * step] = T.CreateTruncating(sign * from[i]);
    }

    // The sign that makes the entry of largest size positive.
    private static double Sign(double* x, int n)
    {
        var largest = 0.0;
        for (var i = 0; i < n; i++)
            if (Math.Abs(x[i]) > Math.Abs(largest))
                largest = x[i];
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

    private static MatrixException NotConverged(string operation, int m, int n) => new($"{operation}: the iteration on a matrix [{m}, {n}] does not converge");
}
