using Noether.Primitives;

namespace Noether.Tests.Devices.Host;

/// <summary>The first elements of an order against the beginning of the whole order.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SelectingTests
{
    // Rows within one piece and of several, short and strided ones; counts around what is selected and what is sorted.
    private static readonly (int[] Shape, int Axis)[] Shapes = [([5], 0), ([3, 100], 1), ([100, 3], 0), ([2, 517, 3], 1), ([70_001], 0), ([2, 66_000], 1)];

    [Test]
    public void The_first_of_the_order_come_with_their_places(
        [ValueSource(nameof(Shapes))] (int[] Shape, int Axis) where, [Values(1, 2, 10, 128, 129)] int count, [Values] bool largest,
        [Values(DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.Bool)] DType type)
    {
        var n = where.Shape[where.Axis];
        count = Math.Min(count, n);

        // Many ties, and every 97th element is not a number.
        var random = new Random(count);
        var values = Enumerable.Range(0, where.Shape.Aggregate(1, static (a, b) => a * b)).Select(i => i % 97 == 5 ? double.NaN : random.Next(-50, 50)).ToArray();
        var x = Tensor.From(values, [.. where.Shape], Device.Host).To(type).Evaluate();
        var y = x.TopK(count, where.Axis, largest);
        var expected = new TopK(where.Axis, count, largest).Definition([x])!;
        Assert.That(y.Indices.ToArray<long>(), Is.EqualTo(expected[1].ToArray<long>()));
        Assert.That(y.Values.ToArray<double>(), Is.EqualTo(expected[0].ToArray<double>()));
    }

    [Test]
    public void Rows_that_get_better_to_their_end_are_found_too([Values] bool largest)
    {
        var x = Tensor.Arange(10_000, device: Device.Host) * (largest ? 1 : -1);
        Assert.That(x.TopK(3, 0, largest).Indices.ToArray<long>(), Is.EqualTo([9999, 9998, 9997]));
    }

    [Test]
    public void Of_nothing_but_not_numbers_the_first_come_first([Values] bool largest)
    {
        var x = Tensor.Full([200], double.NaN, DType.Float32, Device.Host);
        Assert.That(x.TopK(4, 0, largest).Indices.ToArray<long>(), Is.EqualTo([0, 1, 2, 3]));
    }
}
