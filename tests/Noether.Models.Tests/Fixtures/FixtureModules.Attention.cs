using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.Fixtures;

/// <content>Attention, transformers, INR2ARRAY and implicit neural representations.</content>
internal static partial class FixtureModules
{
    private const double SingleSpacing = 1.0 / (1 << 24); // between float32 numbers below 1: the table's coordinates were rounded to it

    private static Dictionary<string, Func<FixtureFile, FixtureModule>> Attention => new()
    {
        ["npattention"] = static file => FixtureModule.Of(file, new NpAttention(file.Spec, Channels(file), file.Integer("heads"))
        {
            Shared = file.Has("param.to_qkv.linear.weight"),
            NeuronTerm = !file.Name.Contains("globalonly", StringComparison.Ordinal),
            GlobalTerm = !file.Name.Contains("crossonly", StringComparison.Ordinal),
        }),
        ["nftblock"] = static file => FixtureModule.Of(file, new NftBlock(file.Spec, Channels(file), file.Integer("heads"))
        {
            Expansion = file.Integer("ff_factor"),
            Shared = file.Has("param.attn.to_qkv.linear.weight"),
        }),
        ["crossattnencoder"] = static file => FixtureModule.Of(file, new CrossAttentionEncoder(file.Spec, Channels(file), file["param.embeddings"].Shape[0])),
        ["crossattndecoder"] = static file =>
        {
            var decoder = new CrossAttentionDecoder(file.Spec, file["param.embeddings"].Shape[1]);
            return new(decoder.Init(RandomKey.From(0, file.Device), file.Type), Parameters.Empty, (p, x) => FixtureModule.Named(decoder.Apply(p, x["y"])));
        },
        ["perceiverpool"] = static file =>
        {
            var latents = file["param.net.1.latents"].Shape;
            return FixtureModule.Of(file, new PerceiverPool(file.Spec, Channels(file), latents[0], latents[1])
            {
                SelfBlocks = file.Names.Count(static name => name.StartsWith("param.net.1.self_attns.", StringComparison.Ordinal) && name.EndsWith(".0.fn.to_q.weight", StringComparison.Ordinal)),
                Reduce = file["out.y"].Rank == 2,
            });
        },
        ["hypernet"] = static file => FixtureModule.Of(file, Decoder(file, file.Spec, "param")),
        ["model_inr2array"] = AutoEncoder,
        ["siren"] = static file => FixtureModule.Of(file, Renderer(file, file["in.W0"].Shape[1])),
    };

    private static Dictionary<string, Action<FixtureFile>> Coordinates => new()
    {
        ["siren_patch_index"] = CheckPatches,
    };

    private static int Channels(FixtureFile file) => file["in.b0"].Shape[1];

    private static Module Decoder(FixtureFile file, WeightSpec spec, string prefix)
    {
        var perTensor = file.Has($"{prefix}.hnets.0.0.weight");
        var perceptron = perTensor ? $"{prefix}.hnets.0" : $"{prefix}.hnet";
        var first = file[$"{perceptron}.0.weight"].Shape;
        var linear = file.Names.Count(name => name.StartsWith(perceptron + ".", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal));
        return perTensor ? new SitzmannDecoder(spec, first[1], first[0]) { HiddenLayers = linear - 2 } : new SimpleDecoder(spec, first[1], first[0]) { HiddenLayers = linear - 1 };
    }

    private static FixtureModule AutoEncoder(FixtureFile file)
    {
        var encoder = new Inr2ArrayEncoder(
            file.Spec, file.Integer("n_chan"), file.Integer("num_heads"), file.Integer("num_blocks"), file.Integer("n_latent"), file.Integer("latent_dim"))
        {
            Expansion = file.Integer("ff_factor"),
            Shared = file.Has("param.encoder.2.attn.to_qkv.linear.weight"),
        };
        var model = new Inr2Array(encoder, Decoder(file, file.Spec, "param.decoder.0"), file["target"].Shape[2], file["target"].Shape[3])
        {
            Options = Omega(file),
            Additive = file.Has("param.init_params.0"),
        };
        var module = FixtureModule.Of(file, model);
        return module with
        {
            Apply = (parameters, x) =>
            {
                var context = Context.ForInference(module.State);
                var (features, stages) = (FixtureModule.Features(file, x), Parameters.Empty);
                foreach (var (name, stage) in encoder.Children)
                {
                    var (own, place) = (parameters.Under($"encoder.{name}"), context.Under($"encoder.{name}"));
                    if (stage is WeightModule map) features = map.Apply(own, features, place);
                    var output = stage is PerceiverPool pool ? Parameters.Of(("y", pool.Apply(own, features, place))) : FixtureModule.Named(features);
                    stages = stages.Merge(Parameters.Nest(($"enc{name}", output)));
                }

                return stages.Merge(Parameters.Of(("y", model.Apply(parameters, FixtureModule.Features(file, x), context))));
            },
            Loss = static (y, target) => Loss.MeanSquared(y, target),
            Optimizer = new AdamW { LearningRate = file.Number("lr"), WeightDecay = file.Number("weight_decay") },
        };
    }

    private static SirenOptions Omega(FixtureFile file) => new() { Omega = file.Number("omega0"), FirstOmega = file.Number("omega0") };

    private static SirenRenderer Renderer(FixtureFile file, int networks) => new(file.Integer("side"), file.Integer("side"))
    {
        Options = Omega(file),
        PatchesPerSide = (int)Math.Round(Math.Sqrt(networks)),
    };

    private static void CheckPatches(FixtureFile file)
    {
        foreach (var (side, coordinates) in file.Under("coords"))
        {
            var pixels = int.Parse(side);
            var grid = Siren.Grid(pixels, pixels, DType.Float64, file.Device).ToArray<double>();
            Assert.That(grid, Is.EqualTo(coordinates.ToArray<double>()).Within(SingleSpacing), $"coordinates of {side} x {side} pixels");
            foreach (var (patches, indices) in file.Under($"index.{side}"))
            {
                var along = SirenRenderer.PatchOf(pixels, int.Parse(patches));
                var expected = along.SelectMany(row => along.SelectMany(column => (long[])[row, column]));
                Assert.That(indices.To(DType.Int64).ToArray<long>(), Is.EqualTo(expected), $"networks of {side} x {side} pixels, {patches} a side");
            }
        }
    }
}
