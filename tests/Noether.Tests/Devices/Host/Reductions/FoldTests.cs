using System.Numerics;
using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class FoldTests
{
    private static readonly (long Outer, long Reduced, long Inner)[] Shapes =
    [
        (1, 1, 1), (3, 7, 1), (5, 16, 1), (2, 1000, 1), (1, 70_001, 1), (1, 600_000, 1), (300, 33, 1), (1, 5, 3), (2, 9, 65), (4, 130, 17), (3, 700, 70),
        (200, 3, 5), (1, 64, 3000), (3, 0, 2), (2, 0, 1), (0, 3, 2), (2, 3, 0),
    ];

    [Test]
    public void Folds_agree_with_the_plain_loop([ValueSource(nameof(Shapes))] (long Outer, long Reduced, long Inner) shape)
    {
        Check<SumFold, float>(shape, 0, (a, b) => a + b);
        Check<SumFold, double>(shape, 0, (a, b) => a + b);
        Check<SumFold, int>(shape, 0, (a, b) => a + b);
        Check<SumFold, long>(shape, 0, (a, b) => a + b);
        Check<SquareFold, float>(shape, 0, (a, b) => a + b * b);
        Check<SquareFold, int>(shape, 0, (a, b) => a + b * b);
        Check<MinFold, float>(shape, double.PositiveInfinity, Math.Min);
        Check<MinFold, double>(shape, double.PositiveInfinity, Math.Min);
        Check<MinFold, int>(shape, int.MaxValue, Math.Min);
        Check<MaxFold, float>(shape, double.NegativeInfinity, Math.Max);
        Check<MaxFold, int>(shape, int.MinValue, Math.Max);
        Check<MaxFold, byte>(shape, 0, Math.Max);
        if (shape.Reduced < 40)
            Check<ProductFold, double>(shape, 1, (a, b) => a * b);
    }

    [Test]
    public void A_long_sum_of_single_precision_is_accurate_to_a_few_ulp()
    {
        const int n = 10_000_000;
        using var x = new Native<float>(n);
        x.Span.Fill(0.1f);
        float sum;
        Fold.Reduce<SumFold, float>(x.Pointer, &sum, 1, n, 1);
        Assert.That(sum, Is.EqualTo((float)(n * (double)0.1f)).Within(4).Ulps); // a plain loop is 9 % off
        using var columns = new Native<float>(100);
        Fold.Reduce<SumFold, float>(x.Pointer, columns.Pointer, 1, n / 100, 100);
        Assert.That(columns.Span.ToArray(), Is.All.EqualTo((float)(n / 100 * (double)0.1f)).Within(8).Ulps); // runs of 64 equal terms round one way
    }

    [Test]
    public void Not_a_number_wins_minimum_and_maximum([Values(1, 40)] int inner, [Values(0, 5, 99)] int place)
    {
        using var x = new Native<float>(100 * inner, new Random(1));
        using var y = new Native<float>(inner);
        x[place * inner] = float.NaN;
        Fold.Reduce<MinFold, float>(x.Pointer, y.Pointer, 1, 100, inner);
        Assert.That(y[0], Is.NaN);
        Fold.Reduce<MaxFold, float>(x.Pointer, y.Pointer, 1, 100, inner);
        Assert.That(y[0], Is.NaN);
        if (inner > 1)
            Assert.That(y[1], Is.Not.NaN);
        x[99 * inner] = float.NaN;
        using var at = new Native<long>(inner);
        Extremum.Locate(true, x.Pointer, at.Pointer, 1, 100, inner);
        Assert.That(at[0], Is.EqualTo(place));
        Extremum.Locate(false, x.Pointer, at.Pointer, 1, 100, inner);
        Assert.That(at[0], Is.EqualTo(place));
    }

    [Test]
    public void The_first_of_equals_is_located([ValueSource(nameof(Shapes))] (long Outer, long Reduced, long Inner) shape)
    {
        if (shape.Reduced == 0)
            return;
        Locate<float>(shape);
        Locate<long>(shape);
    }

    [Test]
    public void A_tree_joins_the_folds_of_tiles_as_they_come([Values(0, 1, 2, 3, 7, 64, 1000)] int tiles)
    {
        FoldTree<SumFold, long> sum = default;
        FoldTree<MaxFold, double> largest = default;
        for (var i = 0; i < tiles; i++)
        {
            sum.Add(i * i);
            largest.Add(-Math.Abs(i - 5));
        }

        Assert.That(sum.Result, Is.EqualTo(Enumerable.Range(0, tiles).Sum(i => (long)i * i)));
        Assert.That(largest.Result, Is.EqualTo(Enumerable.Range(0, tiles).Select(i => (double)-Math.Abs(i - 5)).DefaultIfEmpty(double.NegativeInfinity).Max()));
    }

    [Test]
    public void The_extreme_of_a_long_row_is_located_in_any_part([Values(0, 70_000, 199_999)] int place, [Values] bool isNaN)
    {
        using Native<float> x = new(200_000, new Random(1));
        x[place] = isNaN ? float.NaN : 2;
        if (place < 199_999) x[199_999] = isNaN ? float.NaN : 2;
        long at;
        Extremum.Locate(true, x.Pointer, &at, 1, 200_000, 1);
        Assert.That(at, Is.EqualTo(place));
    }

    [Test]
    public void Any_and_all_look_at_every_byte([ValueSource(nameof(Shapes))] (long Outer, long Reduced, long Inner) shape)
    {
        var (outer, reduced, inner) = shape;
        var random = new Random(4);
        foreach (var density in (double[])[0, 0.01, 0.99, 1])
        {
            using var x = new Native<byte>(outer * reduced * inner);
            foreach (ref var b in x.Span)
                b = random.NextDouble() < density ? (byte)random.Next(1, 256) : (byte)0;
            using var any = new Native<byte>(outer * inner);
            using var all = new Native<byte>(outer * inner);
            Logical.Reduce(all: false, x.Pointer, any.Pointer, outer, reduced, inner);
            Logical.Reduce(all: true, x.Pointer, all.Pointer, outer, reduced, inner);
            for (var o = 0L; o < outer; o++)
                for (var i = 0L; i < inner; i++)
                {
                    var set = 0L;
                    for (var r = 0L; r < reduced; r++)
                        set += x[(o * reduced + r) * inner + i] != 0 ? 1 : 0;
                    if (any[o * inner + i] != (set > 0 ? 1 : 0) || all[o * inner + i] != (set == reduced ? 1 : 0))
                        Assert.Fail($"{shape}, ({o}, {i}): {set} set, any {any[o * inner + i]}, all {all[o * inner + i]}");
                }
        }
    }

    [Test]
    public void The_bits_do_not_depend_on_the_number_of_threads([ValueSource(nameof(Shapes))] (long Outer, long Reduced, long Inner) shape)
    {
        var (outer, reduced, inner) = shape;
        using var x = new Native<float>(outer * reduced * inner, new Random(6));
        using var one = new Native<float>(outer * inner);
        using var three = new Native<float>(outer * inner);
        var threads = WorkerPool.Shared.Threads;
        try
        {
            WorkerPool.Shared.Threads = 1;
            Fold.Reduce<SumFold, float>(x.Pointer, one.Pointer, outer, reduced, inner);
            WorkerPool.Shared.Threads = 3;
            Fold.Reduce<SumFold, float>(x.Pointer, three.Pointer, outer, reduced, inner);
        }
        finally
        {
            WorkerPool.Shared.Threads = threads;
        }

        Assert.That(three.Span.SequenceEqual(one.Span));
    }

    private static void Check<TFold, T>((long Outer, long Reduced, long Inner) shape, double identity, Func<double, double, double> combine)
        where TFold : struct, IFold
        where T : unmanaged, INumber<T>
    {
        var (outer, reduced, inner) = shape;
        using var x = new Native<T>(outer * reduced * inner, new Random(9));
        using var y = new Native<T>(outer * inner);
        Fold.Reduce<TFold, T>(x.Pointer, y.Pointer, outer, reduced, inner);

        // log2 n roundings of sums of size sqrt n, or n for squares: exact for integers, minima and maxima.
        var unit = typeof(T) == typeof(float) ? 1.2e-7 : typeof(T) == typeof(double) ? 1e-14 : 0;
        var bound = typeof(TFold) == typeof(SumFold) || typeof(TFold) == typeof(SquareFold) || typeof(TFold) == typeof(ProductFold) ? unit * 4 * (typeof(TFold) == typeof(SquareFold) ? reduced : Math.Sqrt(reduced + 1)) : 0;
        for (var o = 0L; o < outer; o++)
            for (var i = 0L; i < inner; i++)
            {
                var expected = identity;
                for (var r = 0L; r < reduced; r++)
                    expected = combine(expected, double.CreateChecked(x[(o * reduced + r) * inner + i]));
                var actual = double.CreateChecked(y[o * inner + i]);
                if (!(actual == expected || Math.Abs(actual - expected) <= bound))
                    Assert.Fail($"{typeof(TFold).Name} {typeof(T).Name} {shape}, ({o}, {i}): {actual} for {expected}");
            }
    }

    private static void Locate<T>((long Outer, long Reduced, long Inner) shape)
        where T : unmanaged, INumber<T>
    {
        var (outer, reduced, inner) = shape;
        var random = new Random(5);
        using var x = new Native<T>(outer * reduced * inner);
        foreach (ref var v in x.Span)
            v = T.CreateChecked(random.Next(-20, 20)); // many equals
        using var y = new Native<long>(outer * inner);
        foreach (var largest in (bool[])[true, false])
        {
            Extremum.Locate(largest, x.Pointer, y.Pointer, outer, reduced, inner);
            for (var o = 0L; o < outer; o++)
                for (var i = 0L; i < inner; i++)
                {
                    var best = 0L;
                    for (var r = 1L; r < reduced; r++)
                    {
                        var (a, b) = (x[(o * reduced + r) * inner + i], x[(o * reduced + best) * inner + i]);
                        if (largest ? a > b : a < b)
                            best = r;
                    }

                    if (y[o * inner + i] != best)
                        Assert.Fail($"{typeof(T).Name} {shape}, largest {largest}, ({o}, {i}): {y[o * inner + i]} for {best}");
                }
        }
    }
}
