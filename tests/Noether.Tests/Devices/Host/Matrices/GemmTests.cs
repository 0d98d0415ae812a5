using System.Numerics;
using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class GemmTests
{
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (1, 1, 1), (1, 5, 3), (5, 1, 3), (1, 300, 70), (300, 1, 70), (3, 4, 5), (4, 32, 8), (8, 33, 9), (13, 31, 17), (24, 64, 30),
        (100, 10, 64), (9, 32, 1100), (61, 67, 71), (127, 129, 257), (145, 200, 515), (300, 260, 300), (37, 600, 40), (600, 37, 40), (200, 300, 1100),
        (1, 4100, 71), (5, 700, 303), (700, 1, 303), (701, 6, 303), (2, 2, 0), (0, 3, 2), (3, 0, 2),
    ];

    [Test]
    public void Products_agree_with_the_plain_loop_float([ValueSource(nameof(Shapes))] (int M, int N, int K) shape) => CheckAllStrides<float>(shape);

    [Test]
    public void Products_agree_with_the_plain_loop_double([ValueSource(nameof(Shapes))] (int M, int N, int K) shape) => CheckAllStrides<double>(shape);

    [Test]
    public void Products_agree_with_the_plain_loop_int([ValueSource(nameof(Shapes))] (int M, int N, int K) shape) => CheckAllStrides<int>(shape);

    [Test]
    public void Products_agree_with_the_plain_loop_long([ValueSource(nameof(Shapes))] (int M, int N, int K) shape) => CheckAllStrides<long>(shape);

    [Test]
    public void Every_register_width_gives_the_product([ValueSource(nameof(Shapes))] (int M, int N, int K) shape)
    {
        Check<float>(shape, 0, 0, false, Gemm.Choose<Simd512<float>, float>);
        Check<float>(shape, 0, 1, false, Gemm.Choose<Simd256<float>, float>);
        Check<float>(shape, 1, 0, true, Gemm.Choose<Simd128<float>, float>);
        Check<double>(shape, 0, 0, false, Gemm.Choose<Simd512<double>, double>);
        Check<double>(shape, 1, 0, true, Gemm.Choose<Simd256<double>, double>);
        Check<double>(shape, 1, 1, false, Gemm.Choose<Simd128<double>, double>);
        if (shape.K == 0)
            return; // those below are asked for products with at least one term

        Check<float>(shape, 0, 0, false, Packed<Simd512<float>, float>);
        Check<double>(shape, 1, 1, true, Packed<Simd256<double>, double>);
        Check<float>(shape, 2, 2, true, Packed<Simd128<float>, float>);
        Check<float>(shape, 0, 0, true, GemmDirect<Simd512<float>, float>.Multiply);
        Check<float>(shape, 0, 0, true, Rows<Simd512<float>, float>);
        Check<double>(shape, 1, 0, false, Rows<Simd128<double>, double>);
    }

    [Test]
    public void Blocks_larger_than_a_cache_join_without_seams()
    {
        Check<float>((4100, 40, 300), 0, 0, true, Gemm.Multiply);
        Check<float>((20, 4200, 270), 0, 1, false, Gemm.Multiply);
    }

    // 67 MiB of operands, which are fetched ahead of their products.
    [Test]
    public void A_batch_from_memory_has_the_bits_of_its_products()
    {
        const int m = 66, n = 17, k = 500, batch = 416;
        using var a = new Native<float>((long)batch * m * k, new Random(1));
        using var b = new Native<float>((long)batch * n * k, new Random(2));
        using var c = new Native<float>((long)batch * m * n, new Random(3));
        using var alone = new Native<float>((long)m * n, new Random(4));
        Gemm.MultiplyBatch(a.Pointer, m * k, k, 1, b.Pointer, n * k, 1, k, c.Pointer, m * n, n, m, n, k, batch, accumulate: false);
        foreach (var i in (int[])[0, 1, 200, batch - 1])
        {
            Gemm.Multiply(a.Pointer + i * m * k, k, 1, b.Pointer + i * n * k, 1, k, alone.Pointer, n, m, n, k, accumulate: false);
            Assert.That(c.Span.Slice(i * m * n, m * n).SequenceEqual(alone.Span), $"product {i}");
        }
    }

    [Test]
    public void The_bits_do_not_depend_on_the_number_of_threads()
    {
        foreach (var (m, n, k) in Shapes)
        {
            using var a = new Native<float>((long)m * k, new Random(1));
            using var b = new Native<float>((long)n * k, new Random(2));
            using var c1 = new Native<float>((long)m * n);
            using var c3 = new Native<float>((long)m * n);
            var threads = WorkerPool.Shared.Threads;
            try
            {
                WorkerPool.Shared.Threads = 1;
                Gemm.Multiply(a.Pointer, k, 1, b.Pointer, n, 1, c1.Pointer, n, m, n, k, accumulate: false);
                WorkerPool.Shared.Threads = 3;
                Gemm.Multiply(a.Pointer, k, 1, b.Pointer, n, 1, c3.Pointer, n, m, n, k, accumulate: false);
            }
            finally
            {
                WorkerPool.Shared.Threads = threads;
            }

            Assert.That(c3.Span.SequenceEqual(c1.Span), $"{m} x {n} x {k}");
        }
    }

    [Test]
    public void A_batch_is_a_loop_over_products([Values] bool sharedA, [Values] bool sharedB, [Values(1, 2, 9)] int batch)
    {
        var random = new Random(5);
        foreach (var (m, n, k) in ((int, int, int)[])[(3, 4, 5), (40, 50, 60), (1, 7, 9)])
        {
            using var a = new Native<double>((long)batch * m * k, random);
            using var b = new Native<double>((long)batch * n * k, random);
            using var c = new Native<double>((long)batch * m * n);
            long aStep = sharedA ? 0 : m * k, bStep = sharedB ? 0 : n * k;
            Gemm.MultiplyBatch(a.Pointer, aStep, k, 1, b.Pointer, bStep, n, 1, c.Pointer, m * n, n, m, n, k, batch, accumulate: false);
            for (var i = 0; i < batch; i++)
                for (var y = 0; y < m; y++)
                    for (var x = 0; x < n; x++)
                    {
                        var sum = 0.0;
                        for (var p = 0; p < k; p++)
                            sum += a[i * aStep + y * k + p] * b[i * bStep + p * n + x];
                        Assert.That(c[(i * m + y) * n + x], Is.EqualTo(sum).Within(1e-13 * k));
                    }
        }
    }

    [Test]
    public void Parts_of_a_large_product_are_called_final_as_they_are_made([Values(1, 3)] int threads)
    {
        var before = WorkerPool.Shared.Threads;
        try
        {
            WorkerPool.Shared.Threads = threads;
            var isDone = 0;
            foreach (var shape in ((int M, int N, int K)[])[.. Shapes, (4100, 40, 300), (200, 4200, 70), (400, 2100, 40)])
            {
                isDone += Parts<float>(shape, Gemm.Multiply);
                isDone += Parts<double>(shape, Gemm.Multiply);
                Parts<float>(shape, Gemm.Choose<Simd256<float>, float>);
                Parts<float>(shape, Gemm.Choose<Simd128<float>, float>);
            }

            Assert.That(isDone, Is.GreaterThanOrEqualTo(8));
        }
        finally
        {
            WorkerPool.Shared.Threads = before;
        }
    }

    [TestCase(9, 40, 50, 60, true), TestCase(1, 300, 260, 300, true), TestCase(2, 200, 300, 600, true), TestCase(9, 3, 4, 5, false)]
    public void Products_side_by_side_are_called_final_one_by_one(int batch, int m, int n, int k, bool expected)
    {
        var random = new Random(6);
        using var a = new Native<float>((long)batch * m * k, random);
        using var b = new Native<float>((long)batch * n * k, random);
        using var c = new Native<float>((long)batch * m * n);
        var finished = new FinishedParts<float>(c.Pointer, c.Span.Length, n);
        var isDone = Gemm.MultiplyBatch(a.Pointer, m * k, k, 1, b.Pointer, n * k, n, 1, c.Pointer, m * n, n, m, n, k, batch, accumulate: false, finished);
        Assert.That(isDone, Is.EqualTo(expected));
        finished.Check(isDone, $"{batch} of {m} x {n} x {k}");
    }

    private unsafe delegate bool Finishing<T>(
        T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate, IRegionBody? finished, GemmAhead* ahead)
        where T : unmanaged;

    // 1 if the product called its parts final.
    private static int Parts<T>((int M, int N, int K) shape, Finishing<T> multiply)
        where T : unmanaged, INumber<T>
    {
        var (m, n, k) = shape;
        using var a = new Native<T>((long)m * k, new Random(7));
        using var b = new Native<T>((long)n * k, new Random(8));
        using var c = new Native<T>((long)m * n);
        var finished = new FinishedParts<T>(c.Pointer, c.Span.Length, n);
        var isDone = multiply(a.Pointer, k, 1, b.Pointer, 1, k, c.Pointer, n, m, n, k, accumulate: false, finished, null);
        finished.Check(isDone, $"{typeof(T).Name} {shape}");
        return isDone ? 1 : 0;
    }

    private unsafe delegate void Product<T>(
        T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate)
        where T : unmanaged;

    private static void Packed<V, T>(
        T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => GemmPacked<V, T>.Multiply(a, aRow, aColumn, b, bRow, bColumn, c, cRow, m, n, k, accumulate);

    private static void Rows<V, T>(
        T* a, long aRow, long aColumn, T* b, long bRow, long bColumn, T* c, long cRow, int m, int n, int k, bool accumulate)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T> => GemmRows<V, T>.Multiply(a, aRow, aColumn, b, bRow, c, cRow, m, n, k, accumulate);

    private static void CheckAllStrides<T>((int M, int N, int K) shape)
        where T : unmanaged, INumber<T>
    {
        for (var a = 0; a < 3; a++)
            for (var b = 0; b < 3; b++)
                Check<T>(shape, a, b, accumulate: (a + b) % 2 == 1, Gemm.Multiply);
    }

    // Layouts 0, 1 and 2: rows contiguous, columns contiguous, neither.
    private static void Check<T>((int M, int N, int K) shape, int layoutA, int layoutB, bool accumulate, Product<T> multiply)
        where T : unmanaged, INumber<T>
    {
        var (m, n, k) = shape;
        var random = new Random(HashCode.Combine(m, n, k));
        long aRow = layoutA == 0 ? k + 3 : layoutA == 1 ? 1 : 2, aColumn = layoutA == 0 ? 1 : layoutA == 1 ? m : 2 * m + 1;
        long bRow = layoutB == 0 ? n : layoutB == 1 ? 1 : 3, bColumn = layoutB == 0 ? 1 : layoutB == 1 ? k + 2 : 3 * k;
        using var a = new Native<T>(m * aRow + k * aColumn + 1, random);
        using var b = new Native<T>(k * bRow + n * bColumn + 1, random);
        using var c = new Native<T>((long)m * (n + 1), random);
        var before = c.Span.ToArray();
        multiply(a.Pointer, aRow, aColumn, b.Pointer, bRow, bColumn, c.Pointer, n + 1, m, n, k, accumulate);

        // Terms below 1 in magnitude: each of k additions rounds a sum of at most k/2 or so; a generous bound of k ulp of sqrt(k).
        var unit = typeof(T) == typeof(float) ? 6e-8 : typeof(T) == typeof(double) ? 1.2e-16 : 0;
        var bound = unit * (k + 2) * Math.Max(1, Math.Sqrt(k));
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = accumulate ? double.CreateChecked(before[i * (n + 1) + j]) : 0;
                for (var p = 0; p < k; p++)
                    sum += double.CreateChecked(a[i * aRow + p * aColumn]) * double.CreateChecked(b[p * bRow + j * bColumn]);
                var error = Math.Abs(double.CreateChecked(c[i * (n + 1) + j]) - sum);
                if (!(error <= bound))
                    Assert.Fail($"{typeof(T).Name} {shape}, layouts {layoutA} {layoutB}, at ({i}, {j}): off by {error}");
            }

            if (c[i * (n + 1) + n] != before[i * (n + 1) + n])
                Assert.Fail($"{shape}: wrote between the rows");
        }
    }
}
