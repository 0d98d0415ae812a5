using Noether.Devices.Host;
using Noether.Graphs;
using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Graphs;

public class DualsTests
{
    private const int Large = 320; // packed: of either type, 320 rows of 320 are more than a small product reads in place

    [Test]
    public void A_product_and_its_tangent_are_one_step_with_the_values_of_the_two(
        [Values(129, 320)] int m, [Values(65, 300)] int n, [Values(700, 1100)] int k, [Values(DType.Float32, DType.Float64)] DType type, [Values] bool turns, [Values(1, 3)] int batch)
    {
        Tensor Factor(int rows, int columns, int seed) =>
            turns ? Random([batch, columns, rows], seed, type).SwapAxes(-2, -1) : Random([batch, rows, columns], seed, type);
        Tensor a = Factor(m, k, 1), b = Factor(k, n, 2), da = Factor(m, k, 3), db = Factor(k, n, 4);
        Tensor value = Stored(a.MatMul(b)), tangent = Stored(Stored(da.MatMul(b)) + Stored(a.MatMul(db)));
        var threads = WorkerPool.Shared.Threads;
        try
        {
            WorkerPool.Shared.Threads = 1;
            var one = Jvp<Pair, Tensor>(static x => x.First.MatMul(x.Second), new(a, b), new(da, db));
            Assert.That(NamesOf(one.Value, one.Tangent), Has.Some.EqualTo(nameof(DualMatMul)).And.None.StartsWith(nameof(MatMul)));
            Tensor.Evaluate(one.Value, one.Tangent);
            Check(one.Value, value, 0);
            Check(one.Tangent, tangent, type == DType.Float32 ? 2e-5 : 4e-14); // 2,200 terms below 1/4, in another order
            WorkerPool.Shared.Threads = 2;
            var two = Jvp<Pair, Tensor>(static x => x.First.MatMul(x.Second), new(a, b), new(da, db));
            Tensor.Evaluate(two.Value, two.Tangent);
            Check(two.Value, one.Value, 0);
            Check(two.Tangent, one.Tangent, 0);
        }
        finally
        {
            WorkerPool.Shared.Threads = threads;
        }
    }

    [Test]
    public void Small_products_stay_apart()
    {
        Tensor a = Random([8, 9], 1), b = Random([9, 7], 2), da = Random([8, 9], 3), db = Random([9, 7], 4);
        var (value, tangent) = Jvp<Pair, Tensor>(static x => x.First.MatMul(x.Second), new(a, b), new(da, db));
        Assert.That(NamesOf(value, tangent), Is.EquivalentTo([nameof(MatMul), nameof(MatMulSum)]));
    }

    [Test]
    public void Every_layer_of_a_network_is_one_step_in_order()
    {
        Tensor x = Random([Large, Large], 1), w = Random([Large, Large], 2), v = Random([Large, Large], 3), dw = Random([Large, Large], 4), dv = Random([Large, Large], 5);
        Tensor Network(Pair p) => ((x * p.First.Sum()).MatMul(p.First) / Large).Tanh().MatMul(p.Second).Sin();
        var (value, tangent) = Jvp<Pair, Tensor>(Network, new(w, v), new(dw, dv));
        Assert.That(NamesOf(value, tangent).Count(static name => name.StartsWith(nameof(DualMatMul), StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(Explain.Plan(value, tangent), Does.Contain(nameof(DualMatMul)));
        Tensor.Evaluate(value, tangent);

        // Against the definition, the derivative that each layer has by hand.
        Tensor sum = Stored(w.Sum()), change = Stored(dw.Sum());
        Tensor inner = Stored((x * sum).MatMul(w)), innerChange = Stored(Stored((x * change).MatMul(w)) + Stored((x * sum).MatMul(dw)));
        Tensor hidden = Stored((inner / Large).Tanh()), hiddenChange = Stored((1 - hidden.Square()) * innerChange / Large);
        Tensor outer = Stored(hidden.MatMul(v)), outerChange = Stored(Stored(hiddenChange.MatMul(v)) + Stored(hidden.MatMul(dv)));
        Check(value, outer.Sin(), 1e-12);
        Check(tangent, outer.Cos() * outerChange, 1e-10); // of some hundreds
    }

    [Test]
    public void A_tangent_that_needs_the_value_stays_behind_it()
    {
        Tensor a = Random([Large, Large], 1), b = Random([Large, Large], 2), db = Random([Large, Large], 3);
        var value = a.MatMul(b);
        var tangent = (value * 0.5).MatMul(b) + a.MatMul(db);
        Assert.That(NamesOf(value, tangent), Has.None.StartsWith(nameof(DualMatMul)));
        Tensor.Evaluate(value, tangent);
        Check(tangent, Stored(Stored(value * 0.5).MatMul(b)) + Stored(a.MatMul(db)), 1e-11);
    }

    [Test]
    public void Of_two_pairs_that_need_each_other_crosswise_one_is_joined()
    {
        Tensor a = Random([Large, Large], 1), b = Random([Large, Large], 2), c = Random([Large, Large], 3), d = Random([Large, Large], 4);
        Tensor first = a.MatMul(b), second = c.MatMul(d);
        var firstTangent = (second * 0.1).MatMul(b) + a.MatMul(d);
        var secondTangent = (first * 0.1).MatMul(d) + c.MatMul(b);
        Assert.That(NamesOf(first, second, firstTangent, secondTangent).Count(static name => name.StartsWith(nameof(DualMatMul), StringComparison.Ordinal)), Is.EqualTo(1));
        Tensor.Evaluate(first, second, firstTangent, secondTangent);
        Check(first, Stored(a.MatMul(b)), 0);
        Check(second, Stored(c.MatMul(d)), 0);
        Check(firstTangent, Stored(Stored(second * 0.1).MatMul(b)) + Stored(a.MatMul(d)), 1e-11);
        Check(secondTangent, Stored(Stored(first * 0.1).MatMul(d)) + Stored(c.MatMul(b)), 1e-11);
    }

    // Results so large that the group is run on parts, once its loop is compiled.
    [Test]
    public void A_group_that_reads_both_is_part_of_the_step([Values(1, 2)] int threads)
    {
        var before = WorkerPool.Shared.Threads;
        try
        {
            WorkerPool.Shared.Threads = threads;
            Tensor a = Random([1030, 300], 1), b = Random([1040, 300], 2).Transpose(), da = Random([1030, 300], 3), db = Random([1040, 300], 4).Transpose(), bias = Random([1040], 5);
            Tensor value = Stored(a.MatMul(b)), change = Stored(Stored(da.MatMul(b)) + Stored(a.MatMul(db)));
            Tensor expected = Stored((value + bias).Tanh()), expectedTangent = Stored((1 - expected.Square()) * change);
            for (var i = 0; i < 3; i++)
            {
                var (y, dy) = Jvp<Pair, Tensor>(x => (x.First.MatMul(x.Second) + bias).Tanh(), new(a, b), new(da, db));
                Assert.That(NamesOf(y, dy), Has.Exactly(1).StartsWith("DualMatMul + Map["));
                Tensor.Evaluate(y, dy);
                Check(y, expected, 0);
                Check(dy, expectedTangent, 1e-13);
                Thread.Sleep(20); // the loop is compiled beside
            }
        }
        finally
        {
            WorkerPool.Shared.Threads = before;
        }
    }

    [Test]
    public void Products_with_a_Hessian_are_made_of_pairs_and_agree_with_differences_of_gradients()
    {
        Tensor x = Random([300, 260], 1), second = Random([300, 280], 2), first = Random([260, 300], 3), v = Random([260, 300], 4);
        Tensor Loss(Tensor w) => (x.MatMul(w) / 20).Tanh().MatMul(second * (w.Sum() / 100)).Square().Sum();
        var product = Hvp(Loss, first, v);
        Assert.That(NamesOf(product), Has.Some.StartsWith(nameof(DualMatMul)));

        // Against a central difference: its error is h² times a third derivative, and 1e-16/h times the gradient.
        const double h = 1e-5;
        var gradient = Grad(Loss);
        var difference = (gradient(first + h * v) - gradient(first - h * v)) / (2 * h);
        var scale = difference.Abs().Max().Item();
        Check(product, difference, 1e-7 * scale);
    }

    private static void Check(Tensor actual, Tensor expected, double within)
    {
        double[] a = actual.To(DType.Float64).ToArray<double>(), e = expected.To(DType.Float64).ToArray<double>();
        for (var i = 0; i < e.Length; i++)
            if (!(Math.Abs(a[i] - e[i]) <= within)) Assert.Fail($"{i}: {a[i]}, not {e[i]}");
    }

    private static Tensor Stored(Tensor x)
    {
        Tensor.Evaluate(x);
        return x;
    }

    private static Tensor Random(Shape shape, int seed, DType type = DType.Float64)
    {
        var random = new Random(seed);
        return Tensor.From(Enumerable.Range(0, (int)shape.Size).Select(_ => random.NextDouble() - 0.5).ToArray(), shape, device: Device.Host).To(type).Evaluate();
    }

    private static string[] NamesOf(params Tensor[] tensors) => [.. Planner.ForEvaluation(Device.Host, tensors).Plan.Steps.Select(static s => s.Name)];

    private sealed record Pair(Tensor First, Tensor Second) : ITensorTree<Pair>
    {
        public IReadOnlyList<Tensor> Leaves => [First, Second];

        public Pair WithLeaves(IReadOnlyList<Tensor> leaves) => new(leaves[0], leaves[1]);
    }
}
