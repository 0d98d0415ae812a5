using Noether.Kernels.Indexing;

namespace Noether.Kernels.Tests.Indexing;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class TakeKernelTests(string lane) : KernelFixture(lane)
{
    [Test]
    public void Slices_are_picked_and_indices_outside_are_clamped([Values(1, 3, 5)] int inner, [Values(1, 4)] int outer)
    {
        const int Size = 6;
        int[] index = [5, 0, 2, 2, -1, 6, 3];
        var x = Enumerable.Range(0, outer * Size * inner).ToArray();
        var expected = new List<int>();
        for (var o = 0; o < outer; o++)
        {
            foreach (var i in index)
            {
                for (var n = 0; n < inner; n++)
                    expected.Add(x[(o * Size + Math.Clamp(i, 0, Size - 1)) * inner + n]);
            }
        }

        var y32 = Allocate<int>(expected.Count);
        var y64 = Allocate<int>(expected.Count);
        var take = new TakeKernel<int>(Accelerator);
        take.Launch(Stream, Upload(x), Upload(index), y32, Size, inner);
        take.Launch(Stream, Upload(x), Upload(index.Select(i => (long)i).ToArray()), y64, Size, inner);
        Assert.That(Download(y32), Is.EqualTo(expected));
        Assert.That(Download(y64), Is.EqualTo(expected));
    }

    [Test]
    public void Rows_are_picked_in_units_of_16_bytes()
    {
        var x = Enumerable.Range(0, 5 * 8).ToArray();
        var y = Allocate<int>(3 * 8);
        new TakeKernel<Four<int>>(Accelerator).Launch(Stream, Upload(x).Cast<Four<int>>(), Upload(4, 0, 3), y.Cast<Four<int>>(), 5, 2);
        Assert.That(Download(y), Is.EqualTo(new[] { 4, 0, 3 }.SelectMany(row => x[(8 * row)..(8 * row + 8)])));
    }

    [Test]
    public void A_unit_divides_the_run_and_both_places()
    {
        var bytes = Allocate<byte>(64);
        Assert.That(Grids.UnitOf(48, bytes, bytes), Is.EqualTo(16));
        Assert.That(Grids.UnitOf(24, bytes, bytes), Is.EqualTo(8));
        Assert.That(Grids.UnitOf(16, bytes.SubView(4, 16), bytes), Is.EqualTo(4));
        Assert.That(Grids.UnitOf(16, bytes, bytes.SubView(6, 16)), Is.EqualTo(2));
        Assert.That(Grids.UnitOf(3, bytes, bytes), Is.EqualTo(1));
    }

    [Test]
    public void Bytes_are_picked()
    {
        var y = Allocate<byte>(3);
        new TakeKernel<byte>(Accelerator).Launch(Stream, Upload<byte>(7, 8, 9), Upload(2, 1, 2), y, 3, 1);
        Assert.That(Download(y), Is.EqualTo(new byte[] { 9, 8, 9 }));
    }
}
