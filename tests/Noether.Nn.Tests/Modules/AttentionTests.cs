using static Noether.Nn.Tests.Numbers;

namespace Noether.Nn.Tests;

public class AttentionTests
{
    private const double Tolerance = 1e-12; // float64 against loops

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(true, true)]
    public void Attention_agrees_with_loops(bool causal, bool masked)
    {
        const int queries = 3, keys = 4, d = 2, e = 3;
        double[] q = Values([queries, d], 1).ToArray<double>(), k = Values([keys, d], 2).ToArray<double>(), v = Values([keys, e], 3).ToArray<double>();
        var allowed = new bool[queries, keys];
        for (var i = 0; i < queries; i++)
            for (var j = 0; j < keys; j++) allowed[i, j] = (!causal || j <= i) && (!masked || (i + j) % 3 != 1);

        var mask = new bool[queries * keys];
        for (var i = 0; i < mask.Length; i++) mask[i] = (i / keys + i % keys) % 3 != 1;
        var y = Attention.ScaledDotProduct(
            Tensor.From(q, [queries, d]), Tensor.From(k, [keys, d]), Tensor.From(v, [keys, e]), masked ? Tensor.From(mask, [queries, keys]) : null, causal);

        var expected = new double[queries * e];
        for (var i = 0; i < queries; i++)
        {
            double total = 0;
            for (var j = 0; j < keys; j++)
            {
                if (!allowed[i, j]) continue;
                var weight = Math.Exp((q[i * d] * k[j * d] + q[i * d + 1] * k[j * d + 1]) / Math.Sqrt(d));
                total += weight;
                for (var c = 0; c < e; c++) expected[i * e + c] += weight * v[j * e + c];
            }

            for (var c = 0; c < e; c++) expected[i * e + c] /= total;
        }

        Assert.That(y.ToArray<double>(), Is.EqualTo(expected).Within(Tolerance));
    }

    [Test]
    public void A_query_that_may_look_nowhere_gets_zeros_and_finite_gradients()
    {
        var x = Values([2, 2]);
        var mask = Tensor.From([true, true, false, false], [2, 2]);
        Tensor Attend(Tensor q) => Attention.ScaledDotProduct(q, q, q, mask);
        Assert.That(Attend(x).ToArray<double>()[2..], Is.All.Zero);
        Assert.That(Transform.Grad(q => Attend(q).Sum())(x).ToArray<double>(), Is.All.Matches<double>(double.IsFinite));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_weight_map_that_changes_nothing_changes_nothing(bool causal)
    {
        Tensor q = Values([2, 3, 4]), k = Values([2, 5, 4], 1), v = Values([2, 5, 3], 2);
        var mask = Tensor.From([true, false, true, true, true], [1, 5]);
        var mapped = Attention.ScaledDotProduct(q, k, v, mask, causal, static w => w);
        Assert.That(Attention.ScaledDotProduct(q, k, v, mask, causal).ToArray<double>(), Is.EqualTo(mapped.ToArray<double>()).Within(Tolerance));
    }

    [Test]
    public void Large_scores_do_not_overflow()
    {
        var x = Tensor.From(new[,] { { 1000f, 0 }, { 0, 1000f } });
        Assert.That(Attention.ScaledDotProduct(x, x, x).ToArray<float>(), Is.EqualTo([1000f, 0, 0, 1000f]));
    }

    [Test]
    public void A_causal_position_does_not_depend_on_later_ones()
    {
        var attention = new MultiHeadAttention(4, 2) { Causal = true };
        var p = attention.Init(RandomKey.From(0), DType.Float64);
        var x = Values([1, 5, 4]);
        var changed = Tensor.Concatenate(1, x.Narrow(1, 0, 3), x.Narrow(1, 3, 2) + 1);
        var (before, after) = (attention.Apply(p, x).ToArray<double>(), attention.Apply(p, changed).ToArray<double>());
        Assert.That(after[..12], Is.EqualTo(before[..12]).Within(Tolerance));
        Assert.That(after[12..], Is.Not.EqualTo(before[12..]).Within(1e-3));
    }

    [Test]
    public void Cross_attention_of_an_input_to_itself_is_self_attention()
    {
        var attention = new MultiHeadAttention(6, 3);
        var p = attention.Init(RandomKey.From(0), DType.Float64);
        var x = Values([2, 3, 6]);
        var copy = Values([2, 3, 6]);
        Assert.That(attention.Apply(p, x, copy, Context.ForInference()).ToArray<double>(), Is.EqualTo(attention.Apply(p, x).ToArray<double>()).Within(Tolerance));
        var memory = Values([2, 5, 6], 4);
        var mask = Tensor.Arange(5) < 2;
        var narrow = attention.Apply(p, x, memory.Narrow(1, 0, 2), Context.ForInference());
        Assert.That(attention.Apply(p, x, memory, Context.ForInference(), mask).ToArray<double>(), Is.EqualTo(narrow.ToArray<double>()).Within(Tolerance));
    }

    [Test]
    public void Wrong_shapes_and_masks_name_what_was_given()
    {
        var x = Tensor.Ones([2, 3, 4]);
        Assert.That(() => Attention.ScaledDotProduct(x, Tensor.Ones([2, 3, 5]), x), Throws.TypeOf<ShapeException>().With.Message.Contains("[2, 3, 5]"));
        Assert.That(() => Attention.ScaledDotProduct(x, x, x, Tensor.Ones([3, 3])), Throws.TypeOf<DTypeException>().With.Message.Contains("float32[3, 3]"));
        var attention = new MultiHeadAttention(4, 3);
        Assert.That(() => attention.Apply(attention.Init(RandomKey.From(0)), x), Throws.TypeOf<ShapeException>().With.Message.Contains("3 heads"));
        Assert.That(() => new MultiHeadAttention(6, 3).Apply(Parameters.Empty, x), Throws.TypeOf<ShapeException>().With.Message.Contains("[2, 3, 4]"));
    }
}
