using System.Numerics;
using Noether.Devices.Host;
using Noether.Kernels.Lanes;
using Noether.Primitives;

namespace Noether.Tests.Devices.Host;

/// <summary>The tiled kernels of attention against its definition, at every register width.</summary>
public sealed unsafe class AttentionTests
{
    // Queries, keys, depth, width: around panels (16, 32), blocks of keys (64, 128), groups of keys (256), and narrow ends of columns.
    private static readonly (int Queries, int Keys, int Depth, int Width)[] Sizes =
    [
        (1, 1, 1, 1), (7, 15, 3, 5), (16, 17, 16, 8), (33, 31, 20, 40), (31, 65, 64, 64), (130, 129, 24, 17), (65, 600, 8, 9), (257, 33, 33, 70), (40, 64, 65, 31),
    ];

    private static readonly string[] Masks = ["none", "for all queries", "seen", "numbers"];

    [Test]
    public void Every_width_agrees_with_the_definition_in_float64([ValueSource(nameof(Sizes))] (int, int, int, int) sizes, [ValueSource(nameof(Masks))] string mask, [Values] bool causal)
    {
        var x = Inputs(sizes, mask, DType.Float64);
        using (Assert.EnterMultipleScope())
        {
            Check<Simd512<double>, FloatLanes512<double>, double>(x, causal, 1e-12);
            Check<Simd256<double>, FloatLanes256<double>, double>(x, causal, 1e-12);
            Check<Simd128<double>, FloatLanes128<double>, double>(x, causal, 1e-12);
        }
    }

    // Sums of some hundred products of numbers of size one, each rounded to 2⁻²⁴.
    [Test]
    public void Every_width_agrees_with_the_definition_in_float32([ValueSource(nameof(Sizes))] (int, int, int, int) sizes, [ValueSource(nameof(Masks))] string mask)
    {
        var x = Inputs(sizes, mask, DType.Float32);
        using (Assert.EnterMultipleScope())
        {
            Check<Simd512<float>, FloatLanes512<float>, float>(x, true, 1e-5);
            Check<Simd256<float>, FloatLanes256<float>, float>(x, false, 1e-5);
            Check<Simd128<float>, FloatLanes128<float>, float>(x, true, 1e-5);
        }
    }

    [Test]
    public void Heads_beside_each_other_in_a_row_need_no_copy_to_agree()
    {
        // As a projection leaves them: [batch, length, 3·heads·d].
        var all = Sampling.Values([2, 37, 3 * 2 * 16]);
        Tensor Part(int i) => all.Narrow(-1, i * 32, 32).Reshape(2, 37, 2, 16).SwapAxes(1, 2);
        var x = Enumerable.Range(0, 3).Select(Part).ToArray();
        Same(Tensor.ApplyMany(new Attention(0.3, true), x), new Attention(0.3, true).Define(x), 1e-13);
    }

    [Test]
    public void Large_scores_neither_overflow_nor_hide_the_others()
    {
        var q = Tensor.From([300.0, -300, 0], [3, 1], Device.Host);
        var k = Sampling.Values([200, 1], -3, 3);
        Tensor[] x = [q, k, Sampling.Values([200, 2])];
        Same(Tensor.ApplyMany(new Attention(1, false), x), new Attention(1, false).Define(x), 1e-12);
    }

    [Test]
    public void A_query_that_is_not_a_number_spoils_its_own_row_only()
    {
        var q = Tensor.From([0.5f, float.NaN, 1], [3, 1], Device.Host);
        var y = Tensor.ScaledDotProductAttention(q, Tensor.From([1f, 2], [2, 1], Device.Host), Tensor.From([1f, 3], [2, 1], Device.Host)).ToArray<float>();
        Assert.That(y, Has.Exactly(1).NaN);
        Assert.That(y[1], Is.NaN);
    }

    [Test]
    public void A_query_that_sees_nothing_gets_zeros_and_minus_infinity_and_moves_nothing([Values] bool numbers)
    {
        var hidden = Tensor.From([true, true, false, false], [2, 2], Device.Host);
        var mask = numbers ? Tensor.Select(hidden, Tensor.Zeros([2, 2], DType.Float64, Device.Host), double.NegativeInfinity) : hidden;
        Tensor[] x = [Sampling.Values([2, 3]), Sampling.Values([2, 3], seed: 1), Sampling.Values([2, 2], seed: 2)];
        var y = Tensor.ApplyMany(new Attention(1, false), [.. x, mask]);
        Assert.That(y[0].ToArray<double>()[2..], Is.All.Zero);
        Assert.That(y[1].ToArray<double>()[1], Is.EqualTo(double.NegativeInfinity));
        var gradients = Transform.Grad((Tensor[] z) => Tensor.ScaledDotProductAttention(z[0], z[1], z[2], mask).Sum())(x);
        Assert.That(gradients[0].ToArray<double>()[3..], Is.All.Zero);
        Assert.That(gradients.SelectMany(g => g.ToArray<double>()), Is.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void Without_keys_there_is_nothing_to_see()
    {
        Tensor[] x = [Sampling.Values([2, 3]), Sampling.Values([0, 3]), Sampling.Values([0, 2])];
        var y = Tensor.ApplyMany(new Attention(1, false), x);
        Assert.That(y[0].ToArray<double>(), Is.All.Zero);
        Assert.That(y[1].ToArray<double>(), Is.All.EqualTo(double.NegativeInfinity));
        Assert.That(Transform.Grad((Tensor[] z) => Tensor.ScaledDotProductAttention(z[0], z[1], z[2]).Sum())(x)[0].ToArray<double>(), Is.All.Zero);
    }

    [Test]
    public void The_bits_do_not_depend_on_the_number_of_threads()
    {
        var x = Inputs((100, 700, 16, 16), "none", DType.Float32);
        var threads = WorkerPool.Shared.Threads;
        try
        {
            var results = new List<float[]>();
            foreach (var count in (int[])[1, 3])
            {
                WorkerPool.Shared.Threads = count;
                var y = Tensor.ApplyMany(new Attention(0.25, false), x);
                var z = Tensor.ApplyMany(new AttentionGradient(0.25, false), [.. x, .. y, y[0], y[1].ZerosLike()]);
                results.Add([.. y.Concat(z).SelectMany(t => t.ToArray<float>())]);
            }

            Assert.That(results[1], Is.EqualTo(results[0]));
        }
        finally
        {
            WorkerPool.Shared.Threads = threads;
        }
    }

    [Test, NonParallelizable]
    public void Neither_value_nor_gradient_holds_all_scores()
    {
        const int length = 2048, d = 8;
        var x = Enumerable.Range(0, 3).Select(i => Sampling.Values([2, length, d], seed: i).To(DType.Float32).Evaluate()).ToArray();
        var mask = (Tensor.Arange(length, device: Device.Host) < 2000).Evaluate(); // not spread out either
        var before = Memory.Live(Device.Host);
        Memory.ResetPeak(Device.Host);
        Tensor.Evaluate(Transform.Grad((Tensor[] z) => Tensor.ScaledDotProductAttention(z[0], z[1], z[2], mask).Square().Sum())(x));
        Assert.That(Memory.Peak(Device.Host) - before, Is.LessThan(length * length)); // a quarter of one head's scores
    }

    [Test]
    public void Leading_axes_broadcast_and_types_meet()
    {
        Tensor q = Sampling.Values([2, 3, 4, 5]), k = Sampling.Values([3, 6, 5], seed: 1).To(DType.Float32), v = Sampling.Values([6, 2], seed: 2);
        var mask = Sampling.Values([2, 1, 1, 6], seed: 3);
        var y = Tensor.ScaledDotProductAttention(q, k, v, mask, scale: 0.7);
        var expected = (0.7 * q.MatMul(k.To(DType.Float64).SwapAxes(-1, -2)) + mask).Softmax(-1).MatMul(v);
        Assert.That(y.DType, Is.EqualTo(DType.Float64));
        Same([y], [expected], 1e-13);
    }

    private static Tensor[] Inputs((int Queries, int Keys, int Depth, int Width) n, string mask, DType type)
    {
        Tensor[] x = [Values([2, n.Queries, n.Depth], 0), Values([2, n.Keys, n.Depth], 1), Values([2, n.Keys, n.Width], 2)];
        Shape scores = [2, n.Queries, n.Keys];
        var seen = Tensor.Apply(new Less(), Sampling.Values(scores, seed: 3), Sampling.Values(scores, 1, 2, seed: 4));
        return mask switch
        {
            "none" => x,
            "for all queries" => [.. x, seen.Narrow(1, 0, 1).BroadcastTo(scores)],
            "seen" => [.. x, seen],
            _ => [.. x, Tensor.Select(seen, Values(scores, 5), double.NegativeInfinity)],
        };

        Tensor Values(Shape shape, int seed) => Sampling.Values(shape, -1, 1, seed).To(type);
    }

    private static void Check<V, W, T>(Tensor[] x, bool causal, double tolerance)
        where V : struct, ISimd<V, T>
        where W : struct, IFloatLanes<W>, IVectorLanes<W, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const double scale = 0.4;
        Tensor.Evaluate(x);
        var mask = x.Length > 3 ? x[3].View : null;
        var operands = new AttentionOperands<T>
        {
            Query = new(x[0].View!),
            Key = new(x[1].View!),
            Value = new(x[2].View!),
            Mask = new(causal, mask?.Type == DType.Bool ? new(mask) : null, mask is not null && mask.Type != DType.Bool ? new(mask) : null),
            Matrices = x[0].Shape[0],
            Queries = x[0].Shape[1],
            Keys = x[1].Shape[1],
            Depth = x[0].Shape[2],
            Width = x[2].Shape[2],
            Scale = T.CreateTruncating(scale),
        };
        var y = new Attention(scale, causal).Define(x);
        Tensor[] actual = [y[0].ZerosLike().Evaluate(), y[1].ZerosLike().Evaluate()];
        AttentionForward<V, W, T>.Run(operands, Address(actual[0]), Address(actual[1]));
        Same(actual, y, tolerance);

        Tensor[] cotangents = [Sampling.Values(y[0].Shape, -1, 1, 7).To(y[0].DType), Sampling.Values(y[1].Shape, -1, 1, 8).To(y[0].DType)];
        Tensor[] left = [y[0], y[1], .. cotangents];
        Tensor.Evaluate(left);
        var z = new AttentionGradient(scale, causal).Define([.. x[..3], .. left, .. x[3..]]);
        Tensor[] gradients = [.. x[..3].Select(t => t.ZerosLike().Evaluate())];
        AttentionBackward<V, W, T>.Run(
            operands,
            new() { Output = new(left[0].View!), Sums = Address(left[1]), OutputCotangent = new(left[2].View!), SumsCotangent = Address(left[3]) },
            Address(gradients[0]), Address(gradients[1]), Address(gradients[2]));
        Same(gradients, z, tolerance);

        Tensor[] moves = [.. x[..3].Select((t, i) => Sampling.Values(t.Shape, -1, 1, 9 + i).To(t.DType))];
        Tensor.Evaluate(moves);
        var tangents = new AttentionTangent(scale, causal).Define([.. x[..3], .. left[..2], .. moves, .. x[3..]]);
        Tensor[] pushed = [y[0].ZerosLike().Evaluate(), y[1].ZerosLike().Evaluate()];
        AttentionTangent<V, W, T>.Run(
            operands,
            new()
            {
                Output = new(left[0].View!),
                Sums = Address(left[1]),
                Query = new(moves[0].View!),
                Key = new(moves[1].View!),
                Value = new(moves[2].View!),
            },
            Address(pushed[0]), Address(pushed[1]));
        Same(pushed, tangents, tolerance);

        static T* Address(Tensor t) => (T*)(t.View!.Storage.Handle + (nint)(t.View.Layout.Offset * sizeof(T)));
    }

    private static void Same(Tensor[] actual, Tensor[] expected, double tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var reference = expected[i].ToArray<double>();
            var scale = Math.Max(1, reference.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(1).Max());
            Assert.That(actual[i].ToArray<double>(), Is.EqualTo(reference).Within(tolerance * scale), $"output {i}");
        }
    }
}
