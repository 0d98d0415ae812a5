using ILGPU.Runtime;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Tests.Reductions;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class ReduceKernelTests(string lane) : KernelFixture(lane)
{
    // Several lines a warp; stripes of columns, with a tail; nothing; one element; quads; columns of few; a line and columns that are cut.
    private static readonly int[][] Sizes = [[3, 5, 1], [2, 10, 33], [4, 0, 2], [3, 1, 1], [5, 72, 1], [2, 70, 1], [3, 300, 2], [1, 9000, 1], [1, 9001, 1], [2, 700, 5]];

    [TestCaseSource(nameof(Sizes))]
    public void Sums_of_integers_are_exact(int outer, int reduced, int inner) => AssertEqual<Sum<int>, int, int, int>(outer, reduced, inner, Integer);

    // Order differs from the reference's: n·u relative to Σ|x|, n <= 9000, u = 2⁻²⁴, comes to 5e-4; the trees stay far below.
    [TestCaseSource(nameof(Sizes))]
    public void Sums_of_floats_are_close(int outer, int reduced, int inner) => AssertEqual<Sum<float>, float, float, float>(outer, reduced, inner, i => MathF.Sin(i) + 1, 1e-5);

    [TestCaseSource(nameof(Sizes))]
    public void Sums_of_squares_are_exact(int outer, int reduced, int inner) => AssertEqual<SumOfSquares<int>, int, int, int>(outer, reduced, inner, Integer);

    [TestCaseSource(nameof(Sizes))]
    public void Products_of_long_integers_wrap(int outer, int reduced, int inner) => AssertEqual<Product<long>, long, long, long>(outer, reduced, inner, i => 2L * Integer(i) + 1);

    [TestCaseSource(nameof(Sizes))]
    public void The_smallest_is_found(int outer, int reduced, int inner) => AssertEqual<Minimum<double>, double, double, double>(outer, reduced, inner, i => Integer(i));

    [TestCaseSource(nameof(Sizes))]
    public void The_largest_is_found(int outer, int reduced, int inner) => AssertEqual<Maximum<float>, float, float, float>(outer, reduced, inner, i => Integer(i));

    [TestCaseSource(nameof(Sizes))]
    public void A_not_a_number_is_the_largest(int outer, int reduced, int inner) =>
        AssertEqual<Maximum<float>, float, float, float>(outer, reduced, inner, i => i % 97 == 4 ? float.NaN : Integer(i));

    [TestCaseSource(nameof(Sizes))]
    public void A_not_a_number_is_the_smallest_too(int outer, int reduced, int inner) =>
        AssertEqual<Minimum<float>, float, float, float>(outer, reduced, inner, i => i % 97 == 4 ? float.NaN : Integer(i));

    [TestCaseSource(nameof(Sizes))]
    public void The_first_of_the_smallest_is_named(int outer, int reduced, int inner) =>
        AssertEqual<ArgMinimum<int>, int, Candidate<int>, long>(outer, reduced, inner, i => Integer(i) / 20);

    [TestCaseSource(nameof(Sizes))]
    public void The_first_of_the_largest_is_named(int outer, int reduced, int inner) =>
        AssertEqual<ArgMaximum<float>, float, Candidate<float>, long>(outer, reduced, inner, i => Integer(i) / 20);

    [TestCaseSource(nameof(Sizes))]
    public void The_first_not_a_number_is_named(int outer, int reduced, int inner) =>
        AssertEqual<ArgMaximum<float>, float, Candidate<float>, long>(outer, reduced, inner, i => i % 31 == 4 ? float.NaN : Integer(i));

    [TestCaseSource(nameof(Sizes))]
    public void Any_sees_a_single_true(int outer, int reduced, int inner) => AssertEqual<Any, byte, byte, byte>(outer, reduced, inner, i => (byte)(i == 75 ? 1 : 0));

    [TestCaseSource(nameof(Sizes))]
    public void All_sees_a_single_false(int outer, int reduced, int inner) => AssertEqual<All, byte, byte, byte>(outer, reduced, inner, i => (byte)(i == 75 ? 0 : 3));

    [Test]
    public void An_infinite_largest_survives() =>
        Assert.That(ReduceKernel<Maximum<float>, float, float, float, SharedJoin>.Reference([float.NegativeInfinity, float.NegativeInfinity]), Is.EqualTo(float.NegativeInfinity));

    [Test]
    public void A_cut_reduction_without_scratch_is_refused()
    {
        var kernel = new ReduceKernel<Sum<int>, int, int, int, SharedJoin>(Accelerator);
        var x = Upload(new int[1 << 17]);
        Assert.That(
            () => kernel.Launch(Stream, x, Allocate<int>(1), kernel.Sizes(x, 1, 1 << 17, 1)),
            Throws.ArgumentException.With.Message.Matches("^Reduce: 1 lines need \\d+ partials of scratch, got 0$"));
    }

    // A quad of 64-bit elements is 32 bytes: the simulator would read it from the multiple below.
    [Test]
    public void A_view_that_begins_between_quads_is_read_by_elements([Values(0, 1, 2, 4)] int start)
    {
        var kernel = new ReduceKernel<Sum<long>, long, long, long, SharedJoin>(Accelerator);
        var x = Upload(Enumerable.Range(0, 68).Select(i => (long)Integer(i)).ToArray()).SubView(start, 64);
        var y = Allocate<long>(4);
        var sizes = kernel.Sizes(x, 4, 16, 1);
        kernel.Launch(Stream, x, y, sizes);
        Assert.That(sizes.Packed, Is.EqualTo(start % 4 == 0 ? 1 : 0));
        Assert.That(Download(y), Is.EqualTo(Enumerable.Range(0, 4).Select(r => (long)Enumerable.Range(start + 16 * r, 16).Sum(Integer))));
    }

    // Shuffles of every size of partial: slow on the simulator, absent on OpenCL's processors.
    [Test]
    public void Shuffles_join_partials_of_every_size()
    {
        if (Accelerator.AcceleratorType == AcceleratorType.OpenCL) Assert.Ignore("OpenCL's processors have no shuffles");
        AssertEqual<Sum<int>, int, int, int, ShuffleJoin>(2, 70, 1, Integer);
        AssertEqual<Maximum<double>, double, double, double, ShuffleJoin>(3, 5, 1, i => Integer(i));
        AssertEqual<ArgMaximum<float>, float, Candidate<float>, long, ShuffleJoin>(2, 40, 3, i => Integer(i) / 20);
    }

    private static int Integer(int i) => (int)((uint)i * 2654435761 >> 25) - 64; // in [-64, 64), scattered

    private void AssertEqual<TOperation, TInput, TPartial, TOutput>(int outer, int reduced, int inner, Func<int, TInput> element, double tolerance = 0)
        where TOperation : struct, IReduction<TInput, TPartial, TOutput>
        where TInput : unmanaged
        where TPartial : unmanaged
        where TOutput : unmanaged
    {
        if (HasShuffles && typeof(TPartial) != typeof(byte)) AssertEqual<TOperation, TInput, TPartial, TOutput, ShuffleJoin>(outer, reduced, inner, element, tolerance);
        else AssertEqual<TOperation, TInput, TPartial, TOutput, SharedJoin>(outer, reduced, inner, element, tolerance);
    }

    private void AssertEqual<TOperation, TInput, TPartial, TOutput, TJoin>(int outer, int reduced, int inner, Func<int, TInput> element, double tolerance = 0)
        where TOperation : struct, IReduction<TInput, TPartial, TOutput>
        where TInput : unmanaged
        where TPartial : unmanaged
        where TOutput : unmanaged
        where TJoin : struct, IGroupJoin
    {
        var x = Enumerable.Range(0, outer * reduced * inner).Select(element).ToArray();
        var expected = new TOutput[outer * inner];
        for (var o = 0; o < outer; o++)
        {
            for (var n = 0; n < inner; n++)
            {
                var line = Enumerable.Range(0, reduced).Select(r => x[(o * reduced + r) * inner + n]).ToArray();
                expected[o * inner + n] = ReduceKernel<TOperation, TInput, TPartial, TOutput, TJoin>.Reference(line);
            }
        }

        var y = Allocate<TOutput>(expected.Length);
        var kernel = new ReduceKernel<TOperation, TInput, TPartial, TOutput, TJoin>(Accelerator);
        var input = Upload(x);
        var sizes = kernel.Sizes(input, outer, reduced, inner);
        kernel.Launch(Stream, input, y, sizes, Allocate<TPartial>(sizes.Partials));
        Assert.That(Download(y), tolerance == 0 ? Is.EqualTo(expected) : Is.EqualTo(expected).Within(100 * tolerance).Percent);
    }
}
