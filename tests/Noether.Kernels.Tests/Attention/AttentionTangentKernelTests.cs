using System.Numerics;
using Noether.Kernels.Attention;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Tests.Attention;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class AttentionTangentKernelTests(string lane) : KernelFixture(lane)
{
    private readonly bool isOpenCl = lane == "OpenCL";

    // Means of numbers around 1 with slopes around 10: some ten roundings of each, 1e-5 in float32.
    private const double Tolerance32 = 1e-5;
    private const double Tolerance64 = 1e-13;

    // Queries, keys, depth, width: less than a tile, several tiles with tails, masks, no key, no query.
    [TestCase(3, 5, 2, 3, false, 0)]
    [TestCase(66, 70, 3, 5, true, 0)]
    [TestCase(3, 67, 17, 66, false, AttentionMaskKind.Seen)]
    [TestCase(5, 3, 1, 2, true, AttentionMaskKind.Added)]
    [TestCase(2, 0, 3, 2, false, 0)]
    [TestCase(0, 2, 3, 2, true, 0)]
    public void Tangents_equal_their_definition(int m, int n, int d, int e, bool causal, int mask)
    {
        AssertEqual<float, AttentionNumber32, NarrowPanel>(m, n, d, e, causal, mask, Tolerance32);
        AssertEqual<double, AttentionNumber64, NarrowPanel>(m, n, d, e, causal, mask, Tolerance64);
    }

    [Test]
    public void Wide_values_take_two_tiles()
    {
        if (isOpenCl) Assert.Ignore("a processor takes half a minute to compile what the simulator runs too");
        AssertEqual<float, AttentionNumber32, WidePanel>(2, 3, 4, 130, true, AttentionMaskKind.None, Tolerance32);
    }

    private void AssertEqual<T, TNumber, TPanel>(int m, int n, int d, int e, bool causal, int mask, double tolerance)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IAttentionNumber<T, T>
        where TPanel : struct, IAttentionPanel
    {
        var inputs = new AttentionCase<T>(m, n, d, e, causal, mask);
        T[] dq = AttentionCase.Values<T>(m * d, 7), dk = AttentionCase.Values<T>(n * d, 8), dv = AttentionCase.Values<T>(n * e, 9);
        double[] q = AttentionCase.Wide(inputs.Query), k = AttentionCase.Wide(inputs.Key), v = AttentionCase.Wide(inputs.Value);
        var (output, sums) = inputs.Reference.Forward(q, k, v);
        T[] y = Array.ConvertAll(output, T.CreateChecked), lse = Array.ConvertAll(sums, T.CreateChecked);
        var expected = inputs.Reference.Tangent(
            q, k, v, AttentionCase.Wide(y), AttentionCase.Wide(lse), AttentionCase.Wide(dq), AttentionCase.Wide(dk), AttentionCase.Wide(dv));
        var layouts = new AttentionTangentLayouts
        {
            Operands = AttentionCase.Dense(inputs.Sizes),
            Query = MatrixLayout.RowMajor(m, d),
            Key = MatrixLayout.RowMajor(n, d),
            Value = MatrixLayout.RowMajor(n, e),
        };
        var (actual, actualSums) = (Allocate<T>(m * e), Allocate<T>(m));
        Kernels.Get(static accelerator => new AttentionTangentKernel<T, T, TNumber, TPanel>(accelerator)).Launch(
            Stream, Upload(inputs.Query), Upload(inputs.Key), Upload(inputs.Value), Upload(dq), Upload(dk), Upload(dv), Upload(AttentionCase.Bytes(inputs.Mask)),
            Upload([.. inputs.Mask, T.Zero]), layouts, Upload(y), Upload(lse), actual, actualSums, inputs.Sizes);
        Assert.That(AttentionCase.Wide(Download(actual)), Is.EqualTo(expected.Output).Within(tolerance));
        Assert.That(AttentionCase.Wide(Download(actualSums)), Is.EqualTo(expected.Sums).Within(tolerance));
    }
}
