using System.Numerics;
using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class RunningFoldTests
{
    private static readonly (long Outer, long N, long Inner)[] Shapes =
        [(1, 1, 1), (4, 9, 1), (300, 70, 1), (2, 50_000, 1), (3, 7, 5), (2, 40, 33), (2, 5, 2500), (40, 3, 2), (0, 3, 2), (2, 0, 2), (2, 3, 0)];

    [Test]
    public void Running_folds_agree_with_the_plain_loop([ValueSource(nameof(Shapes))] (long Outer, long N, long Inner) shape, [Values] bool reverse)
    {
        Check<SumFold, double>(shape, reverse, (a, b) => a + b);
        Check<SumFold, int>(shape, reverse, (a, b) => a + b);
        Check<MinFold, float>(shape, reverse, Math.Min);
        Check<MaxFold, long>(shape, reverse, Math.Max);
        Check<ProductFold, double>(shape, reverse, (a, b) => a * b);
    }

    [Test]
    public void Not_a_number_stays_from_where_it_is_met()
    {
        using var x = new Native<float>(3);
        (x[0], x[1], x[2]) = (1, float.NaN, 2);
        RunningFold.Scan<MaxFold, float>(x.Pointer, x.Pointer, 1, 3, 1, reverse: false);
        Assert.That(x.Span.ToArray(), Is.EqualTo(new[] { 1, float.NaN, float.NaN }));
    }

    // In the definition's order, so equal to the last bit.
    private static void Check<TFold, T>((long Outer, long N, long Inner) shape, bool reverse, Func<double, double, double> combine)
        where TFold : struct, IFold
        where T : unmanaged, INumber<T>
    {
        var (outer, n, inner) = shape;
        using var x = new Native<T>(outer * n * inner, new Random(3));
        using var y = new Native<T>(outer * n * inner);
        RunningFold.Scan<TFold, T>(x.Pointer, y.Pointer, outer, n, inner, reverse);
        for (var o = 0L; o < outer; o++)
            for (var i = 0L; i < inner; i++)
            {
                var running = double.NaN;
                for (var r = 0L; r < n; r++)
                {
                    var at = (o * n + (reverse ? n - 1 - r : r)) * inner + i;
                    var value = double.CreateChecked(x[at]);
                    running = r == 0 ? value : combine(running, value);
                    if (double.CreateChecked(y[at]) != running)
                        Assert.Fail($"{typeof(TFold).Name} {typeof(T).Name} {shape}, reverse {reverse}, ({o}, {r}, {i}): {y[at]} for {running}");
                }
            }

        RunningFold.Scan<TFold, T>(x.Pointer, x.Pointer, outer, n, inner, reverse);
        Assert.That(x.Span.SequenceEqual(y.Span), "in place");
    }
}
