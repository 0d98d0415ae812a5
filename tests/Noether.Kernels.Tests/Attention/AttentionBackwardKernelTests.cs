using System.Numerics;
using Noether.Kernels.Attention;

namespace Noether.Kernels.Tests.Attention;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class AttentionBackwardKernelTests(string lane) : KernelFixture(lane)
{
    private readonly bool isOpenCl = lane == "OpenCL";

    // Sums of at most 70 products of numbers around 1: 70·u and a few roundings, 1e-5 in float32.
    private const double Tolerance32 = 1e-5;
    private const double Tolerance64 = 1e-13;

    // Queries, keys, depth, width: less than a tile, several tiles with tails, masks, nothing to sum over.
    [TestCase(3, 5, 2, 3, false, 0)]
    [TestCase(66, 70, 3, 2, true, 0)]
    [TestCase(3, 67, 17, 4, false, AttentionMaskKind.Seen)]
    [TestCase(5, 3, 1, 2, true, AttentionMaskKind.Added)]
    [TestCase(2, 0, 3, 2, false, 0)]
    [TestCase(0, 2, 3, 2, true, 0)]
    public void Gradients_equal_their_definition(int m, int n, int d, int e, bool causal, int mask)
    {
        AssertEqual<float, AttentionNumber32, NarrowPanel>(m, n, d, e, causal, mask, Tolerance32);
        AssertEqual<double, AttentionNumber64, NarrowPanel>(m, n, d, e, causal, mask, Tolerance64);
    }

    [Test]
    public void Wide_results_take_two_tiles()
    {
        if (isOpenCl) Assert.Ignore("a processor takes half a minute to compile what the simulator runs too");
        AssertEqual<float, AttentionNumber32, WidePanel>(2, 3, 70, 66, true, AttentionMaskKind.None, Tolerance32);
    }

    private void AssertEqual<T, TNumber, TPanel>(int m, int n, int d, int e, bool causal, int mask, double tolerance)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IAttentionNumber<T, T>
        where TPanel : struct, IAttentionPanel
    {
        var inputs = new AttentionCase<T>(m, n, d, e, causal, mask);
        double[] q = AttentionCase.Wide(inputs.Query), k = AttentionCase.Wide(inputs.Key), v = AttentionCase.Wide(inputs.Value);
        var (output, sums) = inputs.Reference.Forward(q, k, v);
        T[] y = Array.ConvertAll(output, T.CreateChecked), lse = Array.ConvertAll(sums, T.CreateChecked);
        var (dq, dk, dv) = inputs.Reference.Backward(
            q, k, v, AttentionCase.Wide(y), AttentionCase.Wide(lse), AttentionCase.Wide(inputs.OutputCotangent), AttentionCase.Wide(inputs.SumsCotangent));
        var layouts = AttentionCase.Dense(inputs.Sizes);
        var (moved, cotangent) = (Allocate<T>(m), Upload(inputs.OutputCotangent));
        Kernels.Get(static accelerator => new AttentionRowsKernel<T, T, TNumber>(accelerator)).Launch(Stream, Upload(y), layouts.Cotangent, cotangent, layouts.Cotangent, Upload(inputs.SumsCotangent), moved, m, e);
        Check<QueryGradient>(dq);
        Check<KeyGradient>(dk);
        Check<ValueGradient>(dv);

        void Check<TGradient>(double[] expected)
            where TGradient : struct, IAttentionGradient
        {
            var result = Allocate<T>(expected.Length);
            Kernels.Get(static accelerator => new AttentionBackwardKernel<T, T, TNumber, TPanel, TGradient>(accelerator)).Launch(
                Stream, Upload(inputs.Query), Upload(inputs.Key), Upload(inputs.Value), cotangent, Upload(AttentionCase.Bytes(inputs.Mask)),
                Upload([.. inputs.Mask, T.Zero]), layouts, Upload(lse), moved, result, inputs.Sizes);
            Assert.That(AttentionCase.Wide(Download(result)), Is.EqualTo(expected).Within(tolerance), typeof(TGradient).Name);
        }
    }
}
