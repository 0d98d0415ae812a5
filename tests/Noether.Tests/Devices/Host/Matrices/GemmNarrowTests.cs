using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class GemmNarrowTests
{
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (1, 1, 1), (1, 5, 3), (5, 1, 3), (1, 300, 70), (300, 1, 70), (3, 4, 5), (8, 33, 9), (13, 31, 17), (64, 64, 64), (100, 10, 64), (9, 40, 1100),
        (61, 67, 71), (127, 129, 257), (145, 200, 515), (37, 600, 40), (600, 37, 40), (1, 3000, 71), (5, 700, 303), (3000, 1, 303), (3, 70, 2100),
        (2, 90, 1100), (4500, 20, 40), (270, 280, 520), (701, 6, 303), (70, 3, 2100), (0, 3, 2), (3, 0, 2),
    ];

    [Test]
    public void Products_agree_with_the_plain_loop_in_float64(
        [ValueSource(nameof(Shapes))] (int M, int N, int K) shape, [Values(0, 1, 2)] int layoutA, [Values(0, 1, 2)] int layoutB,
        [Values("both", "left", "right")] string narrow)
    {
        var (m, n, k) = shape;
        using var a = new Factor(m, k, layoutA, narrow != "right", seed: 1);
        using var b = new Factor(k, n, layoutB, narrow != "left", seed: 2);
        var cRow = n + 3;
        using var c = new Native<float>((long)m * cRow, new Random(3));
        var before = c.Span.ToArray();
        var accumulate = (layoutA + layoutB) % 2 == 1;
        GemmNarrow.Multiply(a.Value, b.Value, c.Pointer, cRow, m, n, k, accumulate);
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = accumulate ? before[i * cRow + j] : 0.0;
                for (var p = 0; p < k; p++) sum += (double)a[i, p] * b[p, j];

                // k roundings of sums of terms below 1.
                if (!(Math.Abs(c[i * cRow + j] - sum) <= 1.2e-7 * (k + 1))) Assert.Fail($"[{i}, {j}] is {c[i * cRow + j]}, not {sum}");
            }

            for (var j = n; j < cRow; j++)
                if (c[i * cRow + j] != before[i * cRow + j]) Assert.Fail($"row {i}: wrote between the rows");
        }
    }

    [Test]
    public void Every_register_width_gives_the_product([ValueSource(nameof(Shapes))] (int M, int N, int K) shape, [Values(0, 1)] int layout)
    {
        var (m, n, k) = shape;
        using var a = new Factor(m, k, layout, isNarrow: true, seed: 1);
        using var b = new Factor(k, n, layout, isNarrow: true, seed: 2);
        using var c512 = new Native<float>((long)m * n);
        using var c256 = new Native<float>((long)m * n);
        using var c128 = new Native<float>((long)m * n);
        GemmNarrow.Choose<Simd512<float>>(a.Value, b.Value, c512.Pointer, n, m, n, k, accumulate: false);
        GemmNarrow.Choose<Simd256<float>>(a.Value, b.Value, c256.Pointer, n, m, n, k, accumulate: false);
        GemmNarrow.Choose<Simd128<float>>(a.Value, b.Value, c128.Pointer, n, m, n, k, accumulate: false);
        for (var i = 0; i < c128.Count; i++)
        {
            var difference = Math.Max(Math.Abs(c512[i] - c128[i]), Math.Abs(c256[i] - c128[i]));
            if (!(difference <= 2.4e-7 * (k + 1))) Assert.Fail($"{i}: {c512[i]}, {c256[i]}, {c128[i]}"); // each k roundings of sums of terms below 1
        }
    }

    [Test]
    public void A_bfloat16_result_is_rounded_once_and_has_the_same_bits_on_any_number_of_threads([ValueSource(nameof(Shapes))] (int M, int N, int K) shape)
    {
        var (m, n, k) = shape;
        using var a = new Factor(m, k, 0, isNarrow: true, seed: 1);
        using var b = new Factor(k, n, 1, isNarrow: true, seed: 2);
        using var sums = new Native<float>((long)m * n);
        using var one = new Native<short>((long)m * n);
        using var three = new Native<short>((long)m * n);
        var threads = WorkerPool.Shared.Threads;
        try
        {
            WorkerPool.Shared.Threads = 1;
            GemmNarrow.Multiply(a.Value, b.Value, (ushort*)one.Pointer, n, m, n, k);
            GemmNarrow.Multiply(a.Value, b.Value, sums.Pointer, n, m, n, k, accumulate: false);
            WorkerPool.Shared.Threads = 3;
            GemmNarrow.Multiply(a.Value, b.Value, (ushort*)three.Pointer, n, m, n, k);
        }
        finally
        {
            WorkerPool.Shared.Threads = threads;
        }

        Assert.That(three.Span.SequenceEqual(one.Span), "threads");
        for (var i = 0; i < one.Count; i++)
            if ((ushort)one[i] != ((BFloat16)sums[i]).Bits) Assert.Fail($"{i}");
    }

    [Test]
    public void Every_bit_pattern_is_widened_exactly_and_rounds_back_to_itself()
    {
        using var patterns = new Native<short>(1 << 16);
        using var wide = new Native<float>(1 << 16);
        using var back = new Native<short>(1 << 16);
        for (var i = 0; i < 1 << 16; i++) patterns[i] = (short)i;
        BFloat16Rows.Widen((ushort*)patterns.Pointer, wide.Pointer, (1 << 16) - 3); // a tail too
        BFloat16Rows.Round(wide.Pointer, (ushort*)back.Pointer, (1 << 16) - 3);
        for (var i = 0; i < (1 << 16) - 3; i++)
        {
            var expected = (float)new BFloat16((ushort)i);
            if (!wide[i].Equals(expected) || back[i] != (float.IsNaN(expected) ? (short)(i | 0x40) : (short)i)) Assert.Fail($"{i:x4}");
        }
    }

    // Layouts 0, 1 and 2: rows contiguous, columns contiguous, neither.
    private sealed class Factor : IDisposable
    {
        private readonly Native<float> wide;
        private readonly Native<short> narrow;

        public Factor(int rows, int columns, int layout, bool isNarrow, int seed)
        {
            var (row, column) = layout switch { 0 => (columns + 5, 1), 1 => (1, rows + 2), _ => (2 * columns + 1, 2) };
            var count = Math.Max(1L, (long)rows * row + (long)columns * column);
            wide = new(count, new Random(seed));
            narrow = new(count);
            for (var i = 0; i < wide.Count; i++)
            {
                var bits = ((BFloat16)wide[i]).Bits;
                narrow[i] = (short)bits;
                if (isNarrow) wide[i] = new BFloat16(bits);
            }

            Value = new(isNarrow ? narrow.Pointer : wide.Pointer, row, column, isNarrow);
        }

        public GemmFactor<float> Value { get; }

        public float this[long i, long j] => wide[i * Value.Row + j * Value.Column];

        public void Dispose()
        {
            wide.Dispose();
            narrow.Dispose();
        }
    }
}
