using Noether.Kernels.Reductions;

namespace Noether.Kernels.Tests.Reductions;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class ReduceKernelTests(string lane) : KernelFixture(lane)
{
    // Short lines go to threads, middle ones to a group each, the last one is split among groups.
    private static readonly int[][] Sizes = [[3, 5, 1], [2, 10, 33], [4, 0, 2], [2, 70, 1], [3, 300, 2], [1, 9000, 1]];

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
        Assert.That(ReduceKernel<Maximum<float>, float, float, float>.Reference([float.NegativeInfinity, float.NegativeInfinity]), Is.EqualTo(float.NegativeInfinity));

    [Test]
    public void A_split_reduction_without_scratch_is_refused() =>
        Assert.That(
            () => new ReduceKernel<Sum<int>, int, int, int>(Accelerator).Launch(Stream, Upload(new int[9000]), Allocate<int>(1), 9000, 1),
            Throws.ArgumentException.With.Message.StartsWith("Reduce: 1 lines of 9000 need 2 partials"));

    private static int Integer(int i) => (int)((uint)i * 2654435761 >> 25) - 64; // in [-64, 64), scattered

    private void AssertEqual<TOperation, TInput, TPartial, TOutput>(int outer, int reduced, int inner, Func<int, TInput> element, double tolerance = 0)
        where TOperation : struct, IReduction<TInput, TPartial, TOutput>
        where TInput : unmanaged
        where TPartial : unmanaged
        where TOutput : unmanaged
    {
        var x = Enumerable.Range(0, outer * reduced * inner).Select(element).ToArray();
        var expected = new TOutput[outer * inner];
        for (var o = 0; o < outer; o++)
        {
            for (var n = 0; n < inner; n++)
            {
                var line = Enumerable.Range(0, reduced).Select(r => x[(o * reduced + r) * inner + n]).ToArray();
                expected[o * inner + n] = ReduceKernel<TOperation, TInput, TPartial, TOutput>.Reference(line);
            }
        }

        var y = Allocate<TOutput>(expected.Length);
        var scratch = Allocate<TPartial>(ReduceKernel<TOperation, TInput, TPartial, TOutput>.Scratch(outer, reduced, inner));
        new ReduceKernel<TOperation, TInput, TPartial, TOutput>(Accelerator).Launch(Stream, Upload(x), y, reduced, inner, scratch);
        Assert.That(Download(y), tolerance == 0 ? Is.EqualTo(expected) : Is.EqualTo(expected).Within(100 * tolerance).Percent);
    }
}
