using static Noether.Nn.Tests.Numbers;

namespace Noether.Nn.Tests;

public class ModuleTests
{
    // float64 against loops: a few ulp of values near 1.
    private const double Tolerance = 1e-12;

    private static readonly RandomKey Key = RandomKey.From(1);

    [Test]
    public void Linear_is_x_times_the_transposed_weight_plus_the_bias()
    {
        var p = Parameters.Of(("weight", Tensor.From(new[,] { { 1.0, 2, 3 }, { 4, 5, 6 } })), ("bias", Tensor.From([10.0, 20])));
        Assert.That(new Linear(3, 2).Apply(p, Tensor.From([1.0, 0, -1])).ToArray<double>(), Is.EqualTo([8.0, 18]));
        Assert.That(() => new Linear(3, 2).Apply(p, Tensor.Ones([2, 4])), Throws.TypeOf<ShapeException>().With.Message.Contains("[2, 4]"));
    }

    [Test]
    public void Names_and_shapes_are_those_of_PyTorchs_state_dict()
    {
        var net = new Sequential(new Convolution(3, 8, [5, 5]), new BatchNorm(8), Activation.Relu, Activation.Flatten, new Linear(32, 10), new TransposedConvolution(4, 6, [2]) { Groups = 2 });
        Assert.That(Described(net.Init(Key)), Is.EqualTo(
            "0.weight[8, 3, 5, 5] 0.bias[8] 1.weight[8] 1.bias[8] 4.weight[10, 32] 4.bias[10] 5.weight[4, 3, 2] 5.bias[6]"));
        Assert.That(Described(net.InitState()), Is.EqualTo("1.running_mean[8] 1.running_var[8] 1.num_batches_tracked[]"));
        Assert.That(Described(new TransformerBlock(4, 2) { Hidden = 6 }.Init(Key)), Is.EqualTo(
            "self_attn.in_proj_weight[12, 4] self_attn.in_proj_bias[12] self_attn.out_proj.weight[4, 4] self_attn.out_proj.bias[4] " +
            "linear1.weight[6, 4] linear1.bias[6] linear2.weight[4, 6] linear2.bias[4] norm1.weight[4] norm1.bias[4] norm2.weight[4] norm2.bias[4]"));
    }

    [Test]
    public void Equal_keys_give_equal_parameters_and_layers_of_one_model_differ()
    {
        var net = new Sequential(new Linear(4, 4), new Linear(4, 4));
        var (first, second) = (net.Init(Key), net.Init(Key));
        Assert.That(first.ToVector().ToArray<float>(), Is.EqualTo(second.ToVector().ToArray<float>()));
        Assert.That(first["0.weight"].ToArray<float>(), Is.Not.EqualTo(first["1.weight"].ToArray<float>()));
        Assert.That(first["0.weight"].ToArray<float>(), Is.All.InRange(-0.5f, 0.5f)); // 1/√4
    }

    [Test]
    public void Batch_normalisation_trains_on_the_batch_and_collects_running_statistics()
    {
        var norm = new BatchNorm(2);
        var x = Tensor.From([1.0, 2, 5, 5, 3, 6, 5, 9], [2, 2, 2]);
        var (y, state) = norm.Train(norm.Init(Key, DType.Float64), norm.InitState(DType.Float64), x, Key);

        // Channel 0 holds 1, 2, 3, 6: mean 3, biased variance 3.5, unbiased 14/3. Channel 1: 5, 5, 5, 9: mean 6, 3 and 4.
        Assert.That(y.ToArray<double>()[..2], Is.EqualTo([-2 / Math.Sqrt(3.5 + 1e-5), -1 / Math.Sqrt(3.5 + 1e-5)]).Within(Tolerance));
        Assert.That(state["running_mean"].ToArray<double>(), Is.EqualTo([0.3, 0.6]).Within(Tolerance));
        Assert.That(state["running_var"].ToArray<double>(), Is.EqualTo([0.9 + 0.1 * 14 / 3, 0.9 + 0.4]).Within(Tolerance));
        Assert.That(state["num_batches_tracked"].Item<long>(), Is.EqualTo(1));

        var inferred = norm.Apply(norm.Init(Key, DType.Float64), state, x).ToArray<double>();
        Assert.That(inferred[0], Is.EqualTo((1 - 0.3) / Math.Sqrt(0.9 + 0.1 * 14 / 3 + 1e-5)).Within(Tolerance));
    }

    [Test]
    public void Without_momentum_running_statistics_are_plain_averages()
    {
        var norm = new BatchNorm(1) { Momentum = null };
        var state = norm.InitState(DType.Float64);
        foreach (var shift in (double[])[0, 3, 9])
            (_, state) = norm.Train(norm.Init(Key, DType.Float64), state, Tensor.From(new[,] { { shift - 1 }, { shift + 1 } }), Key);
        Assert.That(state["running_mean"].Item(), Is.EqualTo(4).Within(Tolerance));
        Assert.That(state["running_var"].Item(), Is.EqualTo(2).Within(Tolerance));
    }

    [Test]
    public void Batch_normalisation_says_what_is_missing_or_wrong()
    {
        var norm = new BatchNorm(2);
        var p = norm.Init(Key);
        Assert.That(() => norm.Apply(p, Tensor.Ones([3, 2])), Throws.TypeOf<ParameterException>().With.Message.Contains("running_mean"));
        Assert.That(() => norm.Apply(p, Tensor.Ones([3, 4])), Throws.TypeOf<ShapeException>().With.Message.Contains("[3, 4]"));
        Assert.That(() => norm.Train(p, norm.InitState(), Tensor.Ones([1, 2]), Key), Throws.TypeOf<ShapeException>().With.Message.Contains("more than one"));
    }

    [Test]
    public void Layer_and_group_normalisation_centre_and_scale_each_example()
    {
        var x = Values([3, 4, 5]);
        var layer = new LayerNorm(5);
        var rows = layer.Apply(layer.Init(Key, DType.Float64), x).ToArray<double>().Chunk(5);
        foreach (var row in rows) CheckMoments(row, x.Size);
        var group = new GroupNorm(2, 4);
        var groups = group.Apply(group.Init(Key, DType.Float64), x).ToArray<double>().Chunk(10);
        foreach (var part in groups) CheckMoments(part, x.Size);
        Assert.That(() => layer.Apply(layer.Init(Key), Tensor.Ones([2, 4])), Throws.TypeOf<ShapeException>().With.Message.Contains("[2, 4]"));
        Assert.That(() => group.Apply(group.Init(Key), Tensor.Ones([2, 5])), Throws.TypeOf<ShapeException>().With.Message.Contains("[2, 5]"));
        Assert.That(() => new GroupNorm(3, 4).Apply(group.Init(Key), x), Throws.TypeOf<ShapeException>().With.Message.Contains("3 groups"));
    }

    [Test]
    public void Dropout_zeroes_its_share_scales_the_rest_and_rests_when_not_training()
    {
        var x = Tensor.Ones([20_000]);
        var y = new Dropout(0.3).Train(Parameters.Empty, Parameters.Empty, x, Key).Output.ToArray<float>();
        Assert.That(y.Distinct().Order(), Is.EqualTo([0f, 1 / 0.7f]).Within(1e-6f));
        Assert.That(y.Count(v => v == 0) / 20_000.0, Is.EqualTo(0.3).Within(5 * Math.Sqrt(0.21 / 20_000))); // five deviations, fixed seed
        Assert.That(new Dropout(0.3).Apply(Parameters.Empty, x).ToArray<float>(), Is.All.EqualTo(1));
        Assert.That(new Dropout(1).Train(Parameters.Empty, Parameters.Empty, x, Key).Output.ToArray<float>(), Is.All.EqualTo(0));
        Assert.That(() => new Dropout(1.5).Apply(Parameters.Empty, x), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Dropout().Apply(Parameters.Empty, x, Context.ForTraining()), Throws.TypeOf<ParameterException>().With.Message.Contains("key"));
    }

    [Test]
    public void Two_dropouts_of_a_model_draw_different_masks_and_one_place_always_the_same()
    {
        var context = Context.ForTraining(Key);
        var x = Tensor.Ones([64]);
        float[] Mask(string name) => new Dropout().Apply(Parameters.Empty, x, context.Under(name)).ToArray<float>();
        var again = Mask("0");
        Assert.That(again, Is.EqualTo(Mask("0")).And.Not.EqualTo(Mask("1")));
    }

    [Test]
    public void Embedding_looks_vectors_up_and_adds_gradients_of_repeated_ones()
    {
        var embedding = new Embedding(4, 2, Padding: 1);
        var p = embedding.Init(Key, DType.Float64);
        Assert.That(p["weight"].ToArray<double>()[2..4], Is.EqualTo([0.0, 0]));
        var indices = Tensor.From([2, 1, 2]);
        Assert.That(embedding.Apply(p, indices).ToArray<double>()[..2], Is.EqualTo(p["weight"].ToArray<double>()[4..6]));
        var gradient = Transform.Grad<Parameters>(q => embedding.Apply(q, indices).Sum())(p)["weight"];
        Assert.That(gradient.ToArray<double>(), Is.EqualTo([0.0, 0, 0, 0, 2, 2, 0, 0]));
    }

    [Test]
    public void A_printed_model_shows_its_parts()
    {
        var net = new Sequential(new Linear(2, 3), Activation.Relu, new Residual(new Linear(3, 3)));
        Assert.That(net.ToString(), Does.StartWith("Sequential(\n  (0): Linear { Inputs = 2").And.Contain("\n  (1): Relu\n").And.Contain("\n    (body): Linear"));
    }

    [Test]
    public void Missing_parameters_are_named() =>
        Assert.That(() => new Sequential(new Linear(2, 3)).Apply(Parameters.Empty, Tensor.Ones([2])), Throws.TypeOf<ParameterException>().With.Message.Contains("'weight'"));

    [Test]
    public void Flatten_keeps_the_batch_axis_and_refuses_a_scalar()
    {
        Assert.That(Activation.Flatten.Apply(Parameters.Empty, Tensor.Ones([2, 3, 4])).Shape.ToString(), Is.EqualTo("[2, 12]"));
        Assert.That(() => Activation.Flatten.Apply(Parameters.Empty, Tensor.From(1.0)), Throws.TypeOf<ShapeException>());
    }

    [Test]
    public void Groups_must_divide_channels()
    {
        Assert.That(() => new Convolution(3, 4, [1]) { Groups = 2 }.Init(Key), Throws.TypeOf<ShapeException>().With.Message.Contains("2 groups"));
        Assert.That(() => new TransposedConvolution(4, 3, [1]) { Groups = 2 }.Init(Key), Throws.TypeOf<ShapeException>().With.Message.Contains("2 groups"));
    }

    private static string Described(Parameters p) => string.Join(' ', p.Select(item => item.Key + item.Value.Shape));

    private static void CheckMoments(double[] values, long count)
    {
        Assert.That(values.Average(), Is.Zero.Within(Tolerance));
        Assert.That(values.Average(v => v * v), Is.EqualTo(1).Within(1e-3), $"of {count}"); // ε = 1e-5 beside variances of about 0.3, some much smaller
    }
}
