using System.Numerics;
using Noether.Kernels.Attention;
using Noether.Kernels.Copies;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Tests.Attention;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class AttentionForwardKernelTests(string lane) : KernelFixture(lane)
{
    // Scores lie in [-1, 1] and weights sum to 1: a few roundings of each, 1e-6 in float32.
    private const double Tolerance32 = 4e-6;
    private const double Tolerance64 = 1e-13;

    // Queries, keys, depth, width: less than a tile, a tail, several tiles with tails, one key, no key.
    [TestCase(3, 5, 2, 3, false, 0)]
    [TestCase(5, 5, 17, 4, true, 0)]
    [TestCase(66, 70, 3, 5, true, 0)]
    [TestCase(4, 67, 2, 66, false, AttentionMaskKind.Seen)]
    [TestCase(2, 9, 1, 1, false, AttentionMaskKind.Added)]
    [TestCase(3, 1, 4, 2, true, AttentionMaskKind.Seen)]
    [TestCase(2, 0, 3, 2, false, 0)]
    public void Attention_equals_its_definition(int m, int n, int d, int e, bool causal, int mask)
    {
        AssertEqual<float, AttentionNumber32, NarrowPanel>(m, n, d, e, causal, mask, Tolerance32);
        AssertEqual<double, AttentionNumber64, NarrowPanel>(m, n, d, e, causal, mask, Tolerance64);
    }

    [TestCase(3, 20, 2, 70)]
    [TestCase(2, 3, 2, 130)]
    public void Wide_values_take_two_tiles(int m, int n, int d, int e)
    {
        AssertEqual<float, AttentionNumber32, WidePanel>(m, n, d, e, true, AttentionMaskKind.None, Tolerance32);
        AssertEqual<double, AttentionNumber64, WidePanel>(m, n, d, e, true, AttentionMaskKind.None, Tolerance64);
    }

    [Test]
    public void Large_scores_do_not_overflow()
    {
        var (y, lse) = Run<float, AttentionNumber32, NarrowPanel>([100, -100], [10, -10], [1, 3], new() { Scale = 1, Queries = 2, Keys = 2, Depth = 1, Width = 1 }, []);
        Assert.That(y, Is.EqualTo([1f, 3f]));
        Assert.That(lse, Is.EqualTo([1000f, 1000f]));
    }

    [Test]
    public void A_query_that_may_look_nowhere_gets_nothing()
    {
        var sizes = new AttentionSizes<float> { Scale = 1, Queries = 2, Keys = 1, Depth = 1, Width = 1, Mask = AttentionMaskKind.Seen };
        var (y, lse) = Run<float, AttentionNumber32, NarrowPanel>([2, 2], [3], [5], sizes, [0f, 1f]);
        Assert.That(y, Is.EqualTo([0f, 5f]));
        Assert.That(lse, Is.EqualTo([float.NegativeInfinity, 6f]));
    }

    [Test]
    public void Transposed_and_shared_operands_in_a_batch()
    {
        const int Batch = 3, M = 2, N = 3, D = 4, E = 2;
        var q = AttentionCase.Values<float>(Batch * M * D, 1); // stored [m, batch, d], as heads are
        var k = AttentionCase.Values<float>(D * N, 2); // stored [d, n], one for all
        var v = AttentionCase.Values<float>(Batch * N * E, 3);
        var layouts = new AttentionLayouts
        {
            Query = new() { Batch = IndexMap.Create([Batch], [D]), RowStride = Batch * D, ColumnStride = 1 },
            Key = new() { Batch = IndexMap.Create([Batch], [0]), RowStride = 1, ColumnStride = N },
            Value = MatrixLayout.RowMajor(N, E, Batch),
        };
        var (y, lse, memory) = (Allocate<float>(Batch * M * E), Allocate<float>(Batch * M), Upload(q));
        Kernels.Get(static accelerator => new AttentionForwardKernel<float, float, AttentionNumber32, NarrowPanel>(accelerator)).Launch(
            Stream, memory, Upload(k), Upload(v), memory.Cast<byte>(), memory, layouts, y, lse,
            new() { Scale = 1, Queries = M, Keys = N, Depth = D, Width = E });
        var actual = Download(y);
        var reference = new AttentionReference(M, N, D, E, 1, (_, _) => 0);
        for (var b = 0; b < Batch; b++)
        {
            var (expected, _) = reference.Forward(
                [.. Enumerable.Range(0, M * D).Select(i => (double)q[(i / D * Batch + b) * D + i % D])],
                [.. Enumerable.Range(0, N * D).Select(i => (double)k[i % D * N + i / D])],
                [.. v.Skip(b * N * E).Take(N * E).Select(x => (double)x)]);
            Assert.That(actual.Skip(b * M * E).Take(M * E), Is.EqualTo(expected).Within(Tolerance32));
        }
    }

    private void AssertEqual<T, TNumber, TPanel>(int m, int n, int d, int e, bool causal, int mask, double tolerance)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IAttentionNumber<T, T>
        where TPanel : struct, IAttentionPanel
    {
        var inputs = new AttentionCase<T>(m, n, d, e, causal, mask);
        var (y, lse) = Run<T, TNumber, TPanel>(inputs.Query, inputs.Key, inputs.Value, inputs.Sizes, inputs.Mask);
        var expected = inputs.Reference.Forward(AttentionCase.Wide(inputs.Query), AttentionCase.Wide(inputs.Key), AttentionCase.Wide(inputs.Value));
        Assert.That(AttentionCase.Wide(y), Is.EqualTo(expected.Output).Within(tolerance));
        Assert.That(AttentionCase.Wide(lse), Is.EqualTo(expected.Sums).Within(tolerance));
    }

    private (T[] Output, T[] Sums) Run<T, TNumber, TPanel>(T[] q, T[] k, T[] v, AttentionSizes<T> sizes, T[] mask)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IAttentionNumber<T, T>
        where TPanel : struct, IAttentionPanel
    {
        var (y, lse, added) = (Allocate<T>(sizes.Queries * sizes.Width), Allocate<T>(sizes.Queries), Upload([.. mask, T.Zero]));
        Kernels.Get(static accelerator => new AttentionForwardKernel<T, T, TNumber, TPanel>(accelerator)).Launch(
            Stream, Upload(q), Upload(k), Upload(v), Upload(AttentionCase.Bytes(mask)), added, AttentionCase.Dense(sizes), y, lse, sizes);
        return (Download(y), Download(lse));
    }
}
