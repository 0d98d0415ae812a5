using Noether.Primitives;
using Noether.Transforms;

namespace Noether.Tests.Conformance;

/// <summary>Vmap of every primitive against a loop over the batch.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class Batches
{
    private const int Size = 3;

    [TestCaseSource(typeof(Cases), nameof(Cases.WithOperands))]
    public void A_batch_of_every_operand_equals_a_loop(Sample sample) => Check(sample, Array.ConvertAll(sample.Inputs, _ => true));

    [TestCaseSource(typeof(Cases), nameof(Cases.WithOperands))]
    public void A_batch_of_one_operand_equals_a_loop_with_the_others_shared(Sample sample)
    {
        using (Assert.EnterMultipleScope())
        {
            for (var only = 0; only < sample.Inputs.Length; only++)
                Check(sample, [.. sample.Inputs.Select((_, i) => i == only)]);
        }
    }

    [TestCaseSource(typeof(Cases), nameof(Cases.WithOperands))]
    public void Nested_batches_equal_nested_loops(Sample sample)
    {
        // The outer batch on every operand, the inner on the first alone: [outer, inner, …] and [outer, …].
        var inner = sample.Inputs.Select((_, i) => i == 0).ToArray();
        var operands = sample.Inputs.Select((x, i) => i == 0 ? Variants(x, 0, 2 * Size).Reshape([2, Size, .. x.Shape]) : Variants(x, i, 2)).ToArray();
        var all = Array.ConvertAll(sample.Inputs, _ => true);
        var actual = Batching.Run(outer => Batching.Run(a => Tensor.ApplyMany(sample.Primitive, a), outer, inner, Size), operands, all, 2);
        var expected = Enumerable.Range(0, 2).Select(o => Loop(sample, [.. operands.Select(t => Row(t, o))], inner, Size)).ToArray();
        for (var k = 0; k < actual.Length; k++) Same(actual[k], Tensor.Stack(0, [.. expected.Select(e => e[k])]));
    }

    [TestCaseSource(typeof(Cases), nameof(Cases.WithOperands))]
    public void A_batch_axis_may_be_the_last(Sample sample)
    {
        var operands = sample.Inputs.Select((x, i) => Variants(x, i, Size).MoveAxis(0, -1)).ToArray();
        var axes = operands.Select(_ => (int?)-1).ToArray();
        var actual = Transform.Vmap(a => Tensor.ApplyMany(sample.Primitive, a), axes, outAxis: -1)(operands);
        var all = Array.ConvertAll(sample.Inputs, _ => true);
        var expected = Loop(sample, [.. operands.Select(t => t.MoveAxis(-1, 0))], all, Size);
        for (var k = 0; k < actual.Length; k++) Same(actual[k].MoveAxis(-1, 0), expected[k]);
    }

    private static void Check(Sample sample, bool[] batched)
    {
        var operands = sample.Inputs.Select((x, i) => batched[i] ? Variants(x, i, Size) : x).ToArray();
        var actual = Batching.Run(a => Tensor.ApplyMany(sample.Primitive, a), operands, batched, Size);
        var expected = Loop(sample, operands, batched, Size);
        for (var k = 0; k < actual.Length; k++) Same(actual[k], expected[k]);
    }

    private static Tensor[] Loop(Sample sample, Tensor[] operands, bool[] batched, int size)
    {
        var rows = Enumerable.Range(0, size)
            .Select(b => Tensor.ApplyMany(sample.Primitive, [.. operands.Select((t, i) => batched[i] ? Row(t, b) : t)]))
            .ToArray();
        return [.. Enumerable.Range(0, rows[0].Length).Select(k => Tensor.Stack(0, [.. rows.Select(r => r[k])]))];
    }

    private static Tensor Row(Tensor t, int index) => t.Narrow(0, index, 1).Squeeze(0);

    // Different examples with the same meaning: indices stay in range, positive numbers positive, matrices well-conditioned.
    private static Tensor Variants(Tensor x, int operand, int count) => Tensor.Stack(0, [.. Enumerable.Range(0, count).Select(b => x.DType switch
    {
        DType.Float64 or DType.Float32 => x * (1 + 0.07 * b + 0.01 * operand),
        _ => b % 2 == 0 || x.Rank == 0 ? x : Tensor.Apply(new Flip(Integers.Range(x.Rank)), x),
    })]);

    // Batched sums may associate differently; otherwise nothing may change.
    private static void Same(Tensor actual, Tensor expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        Assert.That(actual.DType, Is.EqualTo(expected.DType));
        Assert.That(actual.ToArray<double>(), Is.EqualTo(expected.ToArray<double>()).Within(1e-11));
    }
}
