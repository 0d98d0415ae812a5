using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Autoencoders of implicit neural representations, their decoders, and the classifier of their arrays.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class Inr2ArrayTests
{
    private static readonly WeightSpec Spec = new(2, 6, 5, 1);

    private static Inr2ArrayEncoder Encoder => new(Spec, 4, 2, 1, 4, 6) { Expansion = 2 };

    [Test]
    public void A_decoder_of_tensors_gives_them_in_the_order_of_flattening()
    {
        var decoder = new SitzmannDecoder(Spec, 6, 8);
        var (parameters, z) = (RandomNetworks.Parameters(decoder, 1), RandomKey.From(2).Normal([3, 6], type: DType.Float64));
        var features = WeightFeatures.Unflatten(Spec, decoder.Apply(parameters, z).Unsqueeze(-1));
        var h = z;
        foreach (var layer in (string[])["0", "2"]) h = (h.MatMul(parameters[$"hnets.3.{layer}.weight"].Transpose()) + parameters[$"hnets.3.{layer}.bias"]).Relu();
        var bias = h.MatMul(parameters["hnets.3.4.weight"].Transpose()) + parameters["hnets.3.4.bias"];
        Assert.That(RandomNetworks.Difference(features.Biases[1].Squeeze(1), bias), Is.LessThan(1e-13), "the fourth tensor is b_1");
    }

    [Test]
    public void Decoders_have_as_many_outputs_as_a_network_has_parameters([Values(0, 1, 2)] int layers)
    {
        Module[] decoders = [new SitzmannDecoder(Spec, 6, 8) { HiddenLayers = layers }, new SimpleDecoder(Spec, 6, 8) { HiddenLayers = layers + 1 }];
        foreach (var decoder in decoders)
            Assert.That(decoder.Apply(decoder.Init(RandomKey.From(0)), Tensor.Ones([2, 3, 6])).Shape, Is.EqualTo(Shape.Create([2, 3, Spec.Parameters])));
    }

    [Test]
    public void A_decoder_of_tensors_begins_with_small_weights_and_biases_within_the_fan_in_of_their_target()
    {
        var parameters = new SitzmannDecoder(new(2, 16, 16, 1), 6, 128).Init(RandomKey.From(0), DType.Float64);
        var weight = parameters["hnets.2.4.weight"];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(weight.Std().Item(), Is.EqualTo(Math.Sqrt(2.0 / 128) / 100).Within(2).Percent);
            Assert.That(parameters["hnets.2.4.bias"].Abs().Max().Item(), Is.InRange(0.9 / 16, 1.0 / 16), "16 columns of W_1");
            Assert.That(parameters["hnets.3.4.bias"].Abs().Max().Item(), Is.InRange(0.7 / 128, 1.0 / 128), "128 hidden units before b_1");
        }
    }

    [Test]
    public void An_additive_model_has_a_network_and_its_tensors_deviations_beside()
    {
        var parameters = new Inr2Array(Encoder, new SimpleDecoder(Spec, 6, 8), 5, 5) { Additive = true }.Init(RandomKey.From(0), DType.Float64);
        var (network, scales) = (parameters.Under("init_params"), parameters.Under("additive_scales"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.Leaves.Select(static t => t.Shape), Is.EqualTo((Shape[])[[6, 2], [6], [5, 6], [5], [1, 5], [1]]));
            Assert.That(network["0"].Abs().Max().Item(), Is.InRange(0.3, 0.5), "as a network of sines begins");
            for (var t = 0; t < network.Count; t++)
            {
                var values = network[$"{t}"].ToArray<double>();
                var mean = values.Average();
                var expected = values.Length == 1 ? Math.Abs(values[0]) : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
                Assert.That(scales[$"{t}"].Item(), Is.EqualTo(expected).Within(1e-14), $"of tensor {t}");
            }
        }
    }

    [Test]
    public void An_additive_model_draws_its_network_where_the_decoder_gives_zeros()
    {
        var model = new Inr2Array(Encoder, new SimpleDecoder(Spec, 6, 8), 5, 7) { Additive = true };
        var parameters = model.Init(RandomKey.From(0), DType.Float64).Map(static (name, t) => name.StartsWith("decoder", StringComparison.Ordinal) ? t.ZerosLike() : t);
        var image = model.Apply(parameters, RandomNetworks.Features(Spec, 2, 1, 1), RandomNetworks.Inference(model));
        Tensor[] network = [.. parameters.Under("init_params").Leaves];
        var names = network.Select(static (t, i) => KeyValuePair.Create($"layers.{i / 2}.{(i % 2 == 0 ? "weight" : "bias")}", t));
        var expected = new Siren(Spec).Apply(new(names), Siren.Grid(5, 7, DType.Float64)).Reshape(1, 1, 5, 7).BroadcastTo([2, 1, 5, 7]);
        Assert.That(RandomNetworks.Difference(image, expected), Is.LessThan(1e-12));
    }

    [Test]
    public void Training_brings_the_image_nearer()
    {
        var model = new Inr2Array(Encoder, new SimpleDecoder(Spec, 6, 16), 6, 6) { Additive = true };
        var networks = Parameters.Stack([.. Enumerable.Range(0, 4).Select(static seed => new Siren(Spec).Init(RandomKey.From(seed)))]);
        var (x, context) = (WeightFeatures.From(Spec, networks), Context.ForInference(model.InitState()));
        var (loss, optimizer) = (Transform.ValueAndGrad<Parameters>(p => model.Loss(p, x, context)), new Adam { LearningRate = 5e-3 });
        var step = Transform.Compile((Parameters before) =>
        {
            var (value, gradient) = loss(before.Under("model"));
            var (parameters, memory) = optimizer.Step(before.Under("model"), gradient, before.Under("memory"));
            return Parameters.Nest(("model", parameters), ("memory", memory)).Merge(Parameters.Of(("loss", value)));
        });

        var start = model.Init(RandomKey.From(5));
        var (state, losses) = (Parameters.Nest(("model", start), ("memory", optimizer.Init(start))), new List<double>());
        for (var i = 0; i < 120; i++)
        {
            state = step(state.Where(static name => name != "loss"));
            losses.Add(state["loss"].Item());
        }

        Assert.That(losses[^1], Is.LessThan(0.3 * losses[0]), string.Join(' ', losses.Select(static l => $"{l:g3}")));
    }

    [Test]
    public void The_loss_is_measured_against_the_networks_own_images_or_given_ones()
    {
        var model = new Inr2Array(Encoder, new SimpleDecoder(Spec, 6, 8), 5, 5);
        var (parameters, x, context) = (RandomNetworks.Parameters(model, 1), RandomNetworks.Features(Spec, 2, 1, 2), RandomNetworks.Inference(model));
        Tensor image = model.Apply(parameters, x, context), own = new SirenRenderer(5, 5).Render(x), zeros = image.ZerosLike();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(model.Loss(parameters, x, context).Item(), Is.EqualTo((image - own).Square().Mean().Item()).Within(1e-12));
            Assert.That(model.Loss(parameters, x, context, zeros).Item(), Is.EqualTo(image.Square().Mean().Item()).Within(1e-12));
        }
    }

    [Test]
    public void A_classifier_reads_the_first_token_of_arrays_of_any_length()
    {
        var classifier = new ArrayClassifier(5, 6, 3) { Features = 8, Heads = 2, Hidden = 16, Blocks = 2 };
        var (parameters, x) = (RandomNetworks.Parameters(classifier, 1), RandomKey.From(2).Normal([2, 4, 6], type: DType.Float64));
        var y = classifier.Apply(parameters, x);
        var last = classifier.Apply(parameters, Tensor.Concatenate(1, x.Narrow(1, 0, 3), x.Narrow(1, 3, 1) + 1));
        var bare = new ArrayClassifier(5, 6, 3) { Features = 8, Heads = 2, Hidden = 16, Blocks = 0 };
        var own = parameters.Where(static name => !name.StartsWith("transformer", StringComparison.Ordinal));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(y.Shape, Is.EqualTo(Shape.Create([2, 3])));
            Assert.That(RandomNetworks.Difference(last, y), Is.GreaterThan(1e-4), "by attention");
            Assert.That(RandomNetworks.Difference(bare.Apply(own, x), bare.Apply(own, x.Narrow(1, 0, 1))), Is.LessThan(1e-13), "without blocks, of nothing else");
            Assert.That(RandomNetworks.Difference((bare with { MeanOfTokens = true }).Apply(own, x), bare.Apply(own, x)), Is.GreaterThan(1e-3));
            Assert.That(parameters.Names, Does.Contain("transformer_encoder.layers.1.self_attn.in_proj_weight").And.Contain("pos.weight").And.Contain("classifier.2.bias"));
            Assert.That(() => classifier.Apply(parameters, Tensor.Zeros([2, 6, 6])), Throws.TypeOf<ShapeException>().With.Message.Contains("5 tokens"));
        }
    }
}
