using static Noether.Tests.Tensors.IndexingTests;
using static Noether.Transform;

namespace Noether.Tests.Tensors;

[Parallelizable(ParallelScope.All)]
public sealed class SortingTests
{
    [FsCheck.NUnit.Property(MaxTest = 100)]
    public void ArgSort_is_the_stable_order_in_every_type(int seed)
    {
        var random = new Random(seed);
        int rows = random.Next(1, 4), n = random.Next(1, 60), inner = random.Next(1, 3);
        double[] x = [.. Enumerable.Range(0, rows * n * inner).Select(_ => (double)random.Next(-5, 6))];
        foreach (var type in (DType[])[DType.Float32, DType.Float64, DType.Int32, DType.Int64])
        {
            foreach (var descending in (bool[])[false, true])
            {
                var order = Tensor.From(x, [rows, n, inner]).To(type).ArgSort(1, descending).ToArray<long>();
                for (var row = 0; row < rows * inner; row++)
                {
                    double At(long i) => x[row / inner * n * inner + i * inner + row % inner];
                    var expected = Enumerable.Range(0, n).OrderBy(i => descending ? -At(i) : At(i)).Select(i => (long)i); // LINQ's is stable
                    Assert.That(Enumerable.Range(0, n).Select(i => order[row / inner * n * inner + i * inner + row % inner]), Is.EqualTo(expected));
                }
            }
        }
    }

    [Test]
    public void ArgSort_takes_NaN_for_the_greatest_and_the_zeros_for_equal()
    {
        float[] x = [float.NaN, 0f, -0f, float.PositiveInfinity, -1, -float.NaN, float.NegativeInfinity];
        foreach (var type in (DType[])[DType.Float32, DType.Float64])
        {
            Expect(Tensor.From(x).To(type).ArgSort(), [7], [6, 4, 1, 2, 3, 0, 5]);
            Expect(Tensor.From(x).To(type).ArgSort(descending: true), [7], [0, 5, 3, 1, 2, 4, 6]);
        }

        Expect(Tensor.From([true, false, true]).ArgSort(), [3], [1, 0, 2]);
        Expect(Tensor.From([true, false, true]).ArgSort(descending: true), [3], [0, 2, 1]);
    }

    [Test]
    public void Sort_puts_any_axis_in_order_and_its_derivative_follows()
    {
        var x = Tensor.From(new[,] { { 3.0, 1, 2 }, { 0, 5, 4 } });
        Expect(x.Sort(), [2, 3], [1, 2, 3, 0, 4, 5]);
        Expect(x.Sort(0, descending: true), [2, 3], [3, 5, 4, 0, 1, 2]);
        Expect(Grad((Tensor v) => (v.Sort() * Tensor.From([1.0, 10, 100])).Sum())(x), [2, 3], [100, 1, 10, 1, 100, 10]);
        Expect(Tensor.From([true, false]).Sort(), [2], [0, 1]);
    }

    [Test]
    public void Top_k_lists_the_first_in_order_with_their_places()
    {
        var x = Tensor.From([3.0, 9, 1, 9, 4]);
        var (values, indices) = x.TopK(3);
        Expect(values, [3], [9, 9, 4]);
        Expect(indices, [3], [1, 3, 4]);
        Expect(x.TopK(2, largest: false).Values, [2], [1, 3]);
        Expect(Grad((Tensor v) => v.TopK(2).Values.Square().Sum())(x), [5], [0, 18, 0, 18, 0]);
        Assert.That(() => x.TopK(6), Throws.TypeOf<ShapeException>().With.Message.EqualTo("TopK: axis 0 of [5] does not have 6 elements"));
    }

    [Test]
    public void Quantiles_interpolate_between_neighbours()
    {
        var x = Tensor.From(new[,] { { 4.0, 1, 3, 2 }, { 10, double.NaN, 0, 0 } });
        Expect(x.Median(1), [2], [2.5, double.NaN]);
        Expect(x[0].Quantile([0, 0.25, 0.9, 1], 0), [4], [1, 1.75, 3.7, 4]);
        Expect(x[0].Quantile(0.5, 0, keepAxis: true), [1], [2.5]);
        Expect(Tensor.From([3, 1, 2]).Median(), [], [2]);
        Expect(Grad((Tensor v) => v.Quantile(0.25, 0))(x[0]), [4], [0, 0.25, 0, 0.75]);
        Expect(Tensor.From([double.PositiveInfinity, double.PositiveInfinity]).Median(), [], [double.PositiveInfinity]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => x.Quantile(1.5, 0), Throws.TypeOf<ShapeException>().With.Message.Contains("Quantile").And.Message.Contains("[2, 4]"));
            Assert.That(() => Tensor.Zeros([2, 0]).Median(1), Throws.TypeOf<ShapeException>().With.Message.Contains("[2, 0]"));
        }
    }

    [Test]
    public void Unique_lists_different_elements_in_order()
    {
        Expect(Tensor.From([3, 1, 3, 2, 1]).Unique(), [3], [1, 2, 3]);
        Expect(Tensor.Zeros([0]).Unique(), [0], []);
        Assert.That(() => Grad((Tensor v) => v.Unique().Sum())(Tensor.From([1f])), Throws.TypeOf<TransformException>().With.Message.Contains("Unique"));
    }

    [Test]
    public void Search_finds_the_place_before_or_behind_equals([Range(0, 9)] int n)
    {
        var random = new Random(n);
        int[] sorted = [.. Enumerable.Range(0, n).Select(_ => random.Next(5)).Order()];
        int[] values = [-1, 0, 1, 2, 3, 4, 5];
        var x = Tensor.From(sorted);
        Assert.That(x.SearchSorted(Tensor.From(values)).ToArray<long>(), Is.EqualTo(values.Select(v => (long)sorted.Count(s => s < v))));
        Assert.That(x.SearchSorted(Tensor.From(values), right: true).ToArray<long>(), Is.EqualTo(values.Select(v => (long)sorted.Count(s => s <= v))));
        Assert.That(() => x.Unsqueeze(0).SearchSorted(x), Throws.TypeOf<ShapeException>().With.Message.Contains("SearchSorted"));
    }

    [Test]
    public void Histogram_counts_by_bin()
    {
        Expect(Tensor.From([0, 0.5, 1, 1.5, 2, 2.1, -1, double.NaN]).Histogram(2, 0, 2), [2], [2, 3]);
        Assert.That(() => Tensor.Zeros([3]).Histogram(0, 0, 1), Throws.TypeOf<ShapeException>().With.Message.Contains("[3]"));
    }

    [Test]
    public void Wrong_axes_name_operation_and_shape()
    {
        var x = Tensor.Zeros([2, 3]);
        foreach (var (name, act) in ((string, Action)[])
            [("ArgSort", () => x.ArgSort(2)), ("Sort", () => x.Sort(2)), ("TopK", () => x.TopK(1, 2)), ("Quantile", () => x.Quantile(0.5, 2))])
        {
            Assert.That(act, Throws.TypeOf<AxisException>().With.Message.StartsWith(name).And.Message.Contains("[2, 3]"));
        }
    }
}
