using System.Numerics;
using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class SortingTests
{
    [Test]
    public void Rows_are_sorted_and_equals_keep_their_order(
        [Values(0, 1, 2, 15, 16, 17, 33, 255, 256, 257, 2000)] int n, [Values(0, 4)] int rows, [Values] bool descending, [Values(5, 100_000)] int range)
    {
        Check<float>(n, rows, descending, r => r.Next(-range, range) / 8f);
        Check<double>(n, rows, descending, r => r.Next(-range, range) / 3d);
        Check<int>(n, rows, descending, r => r.Next(-range, range));
        Check<long>(n, rows, descending, r => r.Next(-range, range) * 3_000_000_019L);
    }

    [Test]
    public void Every_bit_of_a_key_counts([Values(100, 3000)] int n, [Values] bool descending)
    {
        Check<long>(n, 2, descending, r => r.NextInt64(long.MinValue, long.MaxValue));
        Check<int>(n, 2, descending, r => r.Next(int.MinValue, int.MaxValue));
        Check<double>(n, 2, descending, r => BitConverter.Int64BitsToDouble(r.NextInt64(long.MinValue, long.MaxValue)));
        Check<float>(n, 2, descending, r => BitConverter.Int32BitsToSingle(r.Next(int.MinValue, int.MaxValue)));
    }

    [Test]
    public void Not_a_number_is_above_infinity_and_the_zeros_are_equal()
    {
        float[] values = [0f, float.NaN, -0f, float.PositiveInfinity, -1, float.NegativeInfinity, -float.NaN, 0f];
        var indices = new long[8];
        fixed (float* x = values)
        fixed (long* y = indices)
        {
            Sorting.Argsort(x, y, null, 1, 8, 1, descending: false);
            Assert.That(indices, Is.EqualTo(new long[] { 5, 4, 0, 2, 7, 3, 1, 6 }));
            Sorting.Argsort(x, y, null, 1, 8, 1, descending: true);
            Assert.That(indices, Is.EqualTo(new long[] { 1, 6, 3, 0, 2, 7, 4, 5 }));
        }
    }

    [Test]
    public void Any_axis_may_be_sorted()
    {
        using var x = new Native<int>(3 * 40 * 5, new Random(8));
        using var indices = new Native<long>(x.Count);
        using var sorted = new Native<int>(x.Count);
        Sorting.Argsort(x.Pointer, indices.Pointer, sorted.Pointer, 3, 40, 5, descending: false);
        for (var o = 0; o < 3; o++)
            for (var i = 0; i < 5; i++)
            {
                var expected = Enumerable.Range(0, 40).Select(r => x[(o * 40 + r) * 5 + i]).Order();
                Assert.That(Enumerable.Range(0, 40).Select(r => sorted[(o * 40 + r) * 5 + i]), Is.EqualTo(expected));
                Assert.That(Enumerable.Range(0, 40).Select(r => x[(o * 40 + indices[(o * 40 + r) * 5 + i]) * 5 + i]), Is.EqualTo(expected));
            }
    }

    private static void Check<T>(int n, int rows, bool descending, Func<Random, T> draw)
        where T : unmanaged, INumber<T>
    {
        var random = new Random(n + rows);
        using var x = new Native<T>((long)n * rows);
        foreach (ref var v in x.Span)
            v = draw(random);
        using var indices = new Native<long>((long)n * rows);
        using var sorted = new Native<T>((long)n * rows);
        Sorting.Argsort(x.Pointer, indices.Pointer, sorted.Pointer, rows, n, 1, descending);
        for (var row = 0; row < rows; row++)
        {
            var values = x.Span.Slice(row * n, n).ToArray();
            var expected = new int[n];
            for (var i = 0; i < n; i++)
                expected[i] = i;
            Array.Sort(expected, (a, b) =>
            {
                // The comparer of the library puts NaN below all.
                var order = T.IsNaN(values[a]) || T.IsNaN(values[b])
                    ? T.IsNaN(values[a]).CompareTo(T.IsNaN(values[b]))
                    : values[a].CompareTo(values[b]);
                order = descending ? -order : order;
                return order != 0 ? order : a.CompareTo(b);
            });
            for (var i = 0; i < n; i++)
            {
                if (indices[row * n + i] != expected[i])
                    Assert.Fail($"{typeof(T).Name} n = {n}, row {row}, descending {descending}: index {indices[row * n + i]} for {expected[i]} at {i}");
                if (!sorted[row * n + i].Equals(values[expected[i]]))
                    Assert.Fail($"{typeof(T).Name} n = {n}, row {row}: value {sorted[row * n + i]} at {i}");
            }
        }
    }
}
