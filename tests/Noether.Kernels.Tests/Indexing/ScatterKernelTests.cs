using Noether.Kernels.Indexing;

namespace Noether.Kernels.Tests.Indexing;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class ScatterKernelTests(string lane) : KernelFixture(lane)
{
    private const int Size = 5;
    private static readonly int[] Index = [4, 0, 2, 2, 9, 4, -1, 2, 0];

    [Test]
    public void Sums_equal_the_plain_loop_to_the_bit([Values(1, 3)] int outer, [Values(1, 4)] int inner) => AssertEqual<ScatterAdd<float>>(outer, inner);

    [Test]
    public void The_last_update_in_index_order_stays() => AssertEqual<ScatterSet<float>>(2, 3);

    [Test]
    public void The_smallest_stays() => AssertEqual<ScatterMinimum<float>>(2, 3);

    [Test]
    public void The_largest_stays() => AssertEqual<ScatterMaximum<float>>(2, 3);

    [Test]
    public void Products_equal_the_plain_loop() => AssertEqual<ScatterMultiply<float>>(2, 3);

    [Test]
    public void A_not_a_number_wins_over_every_maximum()
    {
        var y = Upload(1f, 2, 3);
        new ScatterKernel<ScatterMaximum<float>, float>(Accelerator).Launch(
            Stream, Upload(5f, float.NaN, 7), Upload(1, 1, 1), y, 3, 1, Allocate<int>(6));
        Assert.That(Download(y), Is.EqualTo(new[] { 1, float.NaN, 3 }));
    }

    [Test]
    public void Too_little_scratch_is_refused() =>
        Assert.That(
            () => new ScatterKernel<ScatterAdd<int>, int>(Accelerator).Launch(Stream, Upload(1, 1), Upload(0, 0), Upload(0), 1, 1, Allocate<int>(1)),
            Throws.ArgumentException.With.Message.StartsWith("Scatter: an index of 2 entries needs 2"));

    private void AssertEqual<TOperation>(int outer, int inner)
        where TOperation : struct, IScatterOperation<float>
    {
        var x = Enumerable.Range(0, outer * Index.Length * inner).Select(i => MathF.Sin(i) + 1).ToArray();
        var expected = Enumerable.Range(0, outer * Size * inner).Select(i => MathF.Cos(i)).ToArray();
        var (y32, y64) = (Upload(expected), Upload(expected));
        for (var o = 0; o < outer; o++)
        {
            for (var i = 0; i < Index.Length; i++)
            {
                if (Index[i] is < 0 or >= Size) continue;
                for (var n = 0; n < inner; n++)
                {
                    ref var place = ref expected[(o * Size + Index[i]) * inner + n];
                    place = TOperation.Combine(place, x[(o * Index.Length + i) * inner + n]);
                }
            }
        }

        var scatter = new ScatterKernel<TOperation, float>(Accelerator);
        var scratch = Allocate<int>(scatter.Scratch(Index.Length));
        scatter.Launch(Stream, Upload(x), Upload(Index), y32, Size, inner, scratch);
        scatter.Launch(Stream, Upload(x), Upload(Index.Select(i => (long)i).ToArray()), y64, Size, inner, scratch);
        Assert.That(Download(y32), Is.EqualTo(expected));
        Assert.That(Download(y64), Is.EqualTo(expected));
    }
}
