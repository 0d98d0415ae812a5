using System.Numerics;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>C = A B or C += A B, for float32, float64, int32 and int64.</summary>
/// <remarks>
/// A and B have any strides, so a transpose costs nothing; C has contiguous rows <c>cRow</c> apart and must not overlap A or B.
/// The work goes to the method that suits the shape: <see cref="GemmVector{V,T}"/> for matrix times vector, <see cref="GemmRows{V,T}"/> for a
/// few rows times a large matrix, <see cref="GemmDirect{V,T}"/> where a dimension or the whole is small, <see cref="GemmPacked{V,T}"/> for the
/// rest; integers take the same paths, with the processor's own (wrapping) products. The order of summation depends on shape and register width only, not on threads, so equal inputs
/// give equal bits.
/// </remarks>
internal static unsafe class Gemm
{
    // What of A the direct method reads again for every panel of B: it must stay in L2, beside a panel.
    private const long DirectBytesOfA = 256 << 10;

    // Beyond this B comes from memory, and long reads along its rows pay.
    private const long DirectBytesOfB = 4 << 20;

    // Rows of B a multiple of this apart crowd into few sets of L2: more than so many of them drive each other out.
    private const long CrowdingBytes = 4096;
    private const int CrowdingRows = 128;

    // A few rows of A read B once: its rows should be read in order, if it does not come from L2.
    private const long StreamedBytesOfB = 512 << 10;

    // Below this many multiply-adds, some 2 µs, one thread is done before another wakes.
    internal const long WorthSharing = 100_000;

    // With so few rows of C, or columns, a packed panel is used too seldom to pay for the packing.
    internal const int FewRows = 8;

    // A batch of small products that are not in the last cache together: each is fetched while the one before it is computed.
    private const long BeyondCache = 64 << 20;

    /// <summary>c[i, j] (+)= Σ_p a[i · aRow + p · aColumn] b[p · bRow + j · bColumn], c[i, j] at c[i · cRow + j].</summary>
    public static void Multiply<T>(
        T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate)
        where T : unmanaged, INumber<T> => Multiply(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, n, k, accumulate, finished: null);

    /// <summary>
    /// The same, and true if <paramref name="finished"/> was called for parts that make up C. Large products do so; else C is the caches' content
    /// anyway, and the body is still to be called.
    /// </summary>
    public static bool Multiply<T>(
        T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate, IRegionBody? finished,
        GemmAhead* ahead = null)
        where T : unmanaged, INumber<T>
    {
        if (Vector512.IsHardwareAccelerated)
            return Choose<Simd512<T>, T>(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, n, k, accumulate, finished, ahead);
        if (Vector256.IsHardwareAccelerated)
            return Choose<Simd256<T>, T>(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, n, k, accumulate, finished, ahead);
        return Choose<Simd128<T>, T>(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, n, k, accumulate, finished, ahead);
    }

    /// <summary>
    /// <paramref name="batch"/> products, the operands of the next one <c>aBatch</c>, <c>bBatch</c> and <c>cBatch</c> elements on; a step of 0
    /// shares A or B. Small products run side by side, large ones one after the other on all threads. True if <paramref name="finished"/> was called.
    /// </summary>
    public static bool MultiplyBatch<T>(
        T* a, long aBatch, long aRow, long aColumn, T* b, long bBatch, long bRow, long bColumn, T* c, long cBatch, long cRow,
        int m, int n, int k, int batch, bool accumulate, IRegionBody? finished = null)
        where T : unmanaged, INumber<T>
    {
        // One B for all and matrices of A and C stacked without a gap: one tall product.
        if (bBatch == 0 && cBatch == m * cRow && aBatch == m * aRow && (long)batch * m <= int.MaxValue)
            return Multiply(a, aRow, aColumn, b, bRow, bColumn, c, cRow, batch * m, n, k, accumulate, finished);

        // One A for all whose rows are not contiguous would be turned round for every product.
        if (aBatch == 0 && aColumn != 1 && batch > 1 && Math.Min(m, k) > 1)
        {
            using var scratch = Workspace.Rent<T>((long)m * k);
            Dense(a, aRow, aColumn, scratch.As<T>(), m, k);
            return MultiplyBatch(scratch.As<T>(), 0, k, 1, b, bBatch, bRow, bColumn, c, cBatch, cRow, m, n, k, batch, accumulate, finished);
        }

        var body = new Matrices<T>(a, aBatch, aRow, aColumn, b, bBatch, bRow, bColumn, c, cBatch, cRow, m, n, k, batch, accumulate, finished);
        if (batch >= WorkerPool.Shared.Threads && (long)m * n * k * batch >= WorthSharing)
        {
            WorkerPool.Shared.For(batch, body);
            return finished is not null;
        }

        var isDone = false;
        for (var i = 0; i < batch; i++)
            isDone = body.Multiply(i);
        return isDone;
    }

    /// <summary>Products of equal sizes, of the kind that <see cref="IsPacked{T}"/>, that share factors; <paramref name="finished"/> is called for parts of the first when all are final there.</summary>
    public static void MultiplyTerms<T>(
        ReadOnlySpan<GemmFactor<T>> a, ReadOnlySpan<GemmFactor<T>> b, ReadOnlySpan<GemmTerm<T>> terms, long cRow, int m, int n, int k, IRegionBody? finished)
        where T : unmanaged, INumber<T>
    {
        if (Vector512.IsHardwareAccelerated) GemmPacked<Simd512<T>, T>.Multiply(a, b, terms, cRow, m, n, k, finished);
        else if (Vector256.IsHardwareAccelerated) GemmPacked<Simd256<T>, T>.Multiply(a, b, terms, cRow, m, n, k, finished);
        else GemmPacked<Simd128<T>, T>.Multiply(a, b, terms, cRow, m, n, k, finished);
    }

    /// <summary>The same with the register width given (128 bits or more), so that tests reach every width.</summary>
    internal static void Choose<V, T>(
        T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => Choose<V, T>(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, n, k, accumulate, finished: null);

    internal static bool Choose<V, T>(
        T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate, IRegionBody? finished,
        GemmAhead* ahead = null)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        if (m <= 0 || n <= 0)
            return false;

        if (k <= 0)
        {
            if (!accumulate)
                for (var i = 0; i < m; i++)
                    new Span<T>(c + i * cRow, n).Clear();
        }
        else if (n == 1 && (aColumn == 1 || k == 1))
        {
            GemmVector<V, T>.Multiply(a, aRow, b, bRow, c, cRow, m, k, accumulate);
        }
        else if (m == 1 && (bRow == 1 || k == 1))
        {
            GemmVector<V, T>.Multiply(b, bColumn, a, aColumn, c, 1, n, k, accumulate);
        }
        else if (m <= FewRows && bColumn == 1 && (long)n * k * sizeof(T) > StreamedBytesOfB)
        {
            GemmRows<V, T>.Multiply(a, aRow, aColumn, b, bRow, c, cRow, m, n, k, accumulate);
        }
        else if (n == 1 && aRow == 1 && cRow == 1)
        {
            // Contiguous columns against a vector: the same as a row times a matrix.
            Choose<V, T>(b, bColumn, bRow, a, aColumn, aRow, c, m, 1, m, k, accumulate);
        }
        else if (m > 2 * n && n < 2 * V.Count && aRow == 1)
        {
            // A few columns against A with contiguous columns: as Cᵀ = Bᵀ Aᵀ the registers are full, at the price of turning C round.
            Turned<V, T>(a, aColumn, b, bRow, bColumn, c, cRow, m, n, k, accumulate);
        }
        else if (!IsPacked<V, T>(m, n, k, bRow, bColumn))
        {
            GemmDirect<V, T>.Multiply(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, n, k, accumulate, ahead);
        }
        else
        {
            GemmPacked<V, T>.Multiply(new(a, aRow, aColumn), new(b, bRow, bColumn), c, cRow, m, n, k, accumulate, finished);
            return finished is not null;
        }

        return false;
    }

    private static void Dense<T>(T* a, long aRow, long aColumn, T* to, int m, int k)
        where T : unmanaged
    {
        if (aRow == 1)
        {
            Transposition.Run(a, aColumn, to, k, k, m);
            return;
        }

        for (var i = 0; i < m; i++)
            for (var p = 0; p < k; p++) to[(long)i * k + p] = a[i * aRow + p * aColumn];
    }

    /// <summary>True for products whose factors are packed.</summary>
    public static bool IsPacked<T>(int m, int n, int k, long bRow, long bColumn)
        where T : unmanaged, INumber<T> =>
        Vector512.IsHardwareAccelerated ? IsPacked<Simd512<T>, T>(m, n, k, bRow, bColumn)
            : Vector256.IsHardwareAccelerated ? IsPacked<Simd256<T>, T>(m, n, k, bRow, bColumn)
            : IsPacked<Simd128<T>, T>(m, n, k, bRow, bColumn);

    private static bool IsPacked<V, T>(int m, int n, int k, long bRow, long bColumn)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        if (m <= FewRows || n <= 2 * V.Count) return false;
        var depth = Math.Min(k, GemmDirect<Simd128<int>, int>.DepthBlock);
        var crowded = bColumn == 1 && bRow * sizeof(T) % CrowdingBytes == 0 && depth > CrowdingRows;
        return crowded || (long)m * depth * sizeof(T) > DirectBytesOfA || (long)n * k * sizeof(T) > DirectBytesOfB;
    }

    private static void Turned<V, T>(
        T* a, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        using var scratch = Workspace.Rent<T>((long)m * n);
        var turned = scratch.As<T>();
        Choose<V, T>(b, bColumn, bRow, a, aColumn, 1, turned, m, n, m, k, accumulate: false);
        for (var j = 0; j < n; j++, turned += m)
            for (var i = 0; i < m; i++)
                c[i * cRow + j] = accumulate ? c[i * cRow + j] + turned[i] : turned[i];
    }

    private readonly struct Matrices<T>(
        T* a, long aBatch, long aRow, long aColumn, T* b, long bBatch, long bRow, long bColumn, T* c, long cBatch, long cRow,
        int m, int n, int k, int batch, bool accumulate, IRegionBody? finished) : IParallelBody
        where T : unmanaged, INumber<T>
    {
        private readonly bool fetches = (m * (long)k + n * (long)k + m * (long)n) * batch * sizeof(T) >= BeyondCache;

        public void Invoke(int index)
        {
            if (!Multiply(index)) finished?.Invoke(c + index * cBatch, m, n);
        }

        public bool Multiply(int index)
        {
            var ahead = fetches && index + 1 < batch ? Next(index + 1) : default;
            return Gemm.Multiply(
                a + index * aBatch, aRow, aColumn, b + index * bBatch, bRow, bColumn, c + index * cBatch, cRow, m, n, k, accumulate,
                finished, ahead.HasLines ? &ahead : null);
        }

        // Only matrices that lie without gaps, one after another: others may not be read next, or not whole.
        private GemmAhead Next(int index) => GemmAhead.Of(
            a + index * aBatch, aBatch == (long)m * k ? aBatch : 0,
            b + index * bBatch, bBatch == (long)n * k ? bBatch : 0);
    }
}
