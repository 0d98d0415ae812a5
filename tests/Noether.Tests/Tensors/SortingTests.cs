using static Noether.Tests.Tensors.IndexingTests;

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
}
