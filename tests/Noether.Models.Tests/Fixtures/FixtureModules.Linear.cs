using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.Fixtures;

/// <content>Linear layers, pooling, encodings, norms and the models made of them.</content>
internal static partial class FixtureModules
{
    private static Dictionary<string, Func<FixtureFile, FixtureModule>> Linear => new()
    {
        ["hnplinear"] = file => FixtureModule.Of(file, Hnp(file.Spec, Channels(file), Outputs(file))).Sharp(),
        ["nplinear"] = file => FixtureModule.Of(file, new NpLinear(file.Spec, Channels(file), Outputs(file))).Sharp(),
        ["nplinear_ioembed"] = file => FixtureModule.Of(file, NpWithEmbeddings(file.Spec, Channels(file), Outputs(file))).Sharp(),
        ["pointwise"] = file => FixtureModule.Of(file, new Pointwise(file.Spec, Channels(file), Outputs(file))).Sharp(),
        ["nppool"] = file => FixtureModule.Of(file, new NpPool(file.Spec)).Sharp(),
        ["hnppool"] = file => FixtureModule.Of(file, new HnpPool(file.Spec)).Sharp(),
        ["stats"] = file => Exact(FixtureModule.Of(file, new WeightStatistics(file.Spec))),
        ["iosin"] = file => Exact(FixtureModule.Of(file, Sinusoidal(file))),
        ["learnedpos"] = file => Exact(FixtureModule.Of(file, new LearnedPositions(file.Spec, Channels(file)))),
        ["gaussfourier"] = file => FixtureModule.Of(file, Fourier(file, "buffer._B")),
        ["simplelayernorm"] = file => Exact(FixtureModule.Of(file, new SimpleLayerNorm(file.Spec, Channels(file)))),
        ["paramlayernorm"] = file => Exact(FixtureModule.Of(file, new ParamLayerNorm(file.Spec, Channels(file)))),
        ["learnedscale"] = file => Exact(FixtureModule.Of(file, new LearnedScale(file.Spec))),
        ["resblock_np"] = file => Exact(FixtureModule.Of(file, new WeightResidual(new NpLinear(file.Spec, Channels(file), Channels(file))))),
        ["resblock_hnp"] = file => Exact(FixtureModule.Of(file, new WeightResidual(Hnp(file.Spec, Channels(file), Channels(file))))),
        ["model_predictgen_hnp"] = file => PredictsGeneralization(file, Functional(file) with { Layer = HnpOf(file) }),
        ["model_predictgen_np_ioembed"] = file => PredictsGeneralization(file, Functional(file) with { Layer = (i, o) => NpWithEmbeddings(file.Spec, i, o) }),
        ["model_statnet"] = file => PredictsGeneralization(file, new StatNet(file.Spec) { Hidden = Size(file, "hypernetwork.2.bias"), Sigmoid = true }),
        ["model_classify_np"] = file => Classifies(file, Functional(file) with
        {
            Encodings = [Fourier(file, "buffer.nfnet_features.0._B"), CoarseCodes(file, "buffer.nfnet_features.0._B")],
            Layer = (i, o) => new NpLinear(file.Spec, i, o),
        }),
        ["model_classify_hnp"] = file => Classifies(file, Functional(file) with { Encodings = [Fourier(file, "buffer.nfnet_features.0._B")], Layer = HnpOf(file) }),
        ["model_mlpnfn"] = file => Classifies(file, new FlatMlp(file.Spec, file["out.y"].Shape[1])
        {
            Hidden = Size(file, "hypernetwork.2.bias"),
            Layers = file.Names.Count(static name => name.StartsWith("param.hypernetwork.", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal)),
        }),
        ["model_edit_np"] = file => Edits(file, Editor(file) with
        {
            Encodings = [Fourier(file, "buffer.net.hnet.0._B"), CoarseCodes(file, "buffer.net.hnet.0._B")],
            Layer = (i, o) => new NpLinear(file.Spec, i, o),
        }),
        ["model_edit_hnp"] = file => Edits(file, Editor(file) with { Encodings = [Fourier(file, "buffer.net.hnet.0._B")], Layer = HnpOf(file) }),
    };

    // The authors' layer has no path from the last hidden biases to the last weights.
    private static HnpLinear Hnp(WeightSpec spec, int inputs, int outputs) => new(spec, inputs, outputs) { LastBiasTerm = false };

    private static Func<int, int, WeightLayer> HnpOf(FixtureFile file) => (inputs, outputs) => Hnp(file.Spec, inputs, outputs);

    private static NpLinear NpWithEmbeddings(WeightSpec spec, int inputs, int outputs) => new(spec, inputs, outputs) { InputOutputEmbeddings = true };

    // Sizes come from shapes of arrays, which every file has.
    private static int Outputs(FixtureFile file) => file["out.b0"].Shape[1];

    private static int Size(FixtureFile file, string parameter) => file[$"param.{parameter}"].Shape[0];

    private static FixtureModule Exact(FixtureModule module) => module with { Tolerance = 1e-12 };

    private static GaussianFourier Fourier(FixtureFile file, string buffer) => new(file.Spec, Channels(file), file[buffer].Shape[1]);

    private static IoSinusoidal Sinusoidal(FixtureFile file) => new(file.Spec, Channels(file), (Outputs(file) - Channels(file) - 1) / 2)
    {
        MaxFrequency = file.Has("meta.max_freq") ? file.Number("max_freq") : file.Name.Contains("_m3_", StringComparison.Ordinal) ? 3 : 10,
        EncodesLayers = file.Has("meta.enc_layers") ? file.Number("enc_layers") != 0 : !file.Name.Contains("_nolayers", StringComparison.Ordinal),
    };

    // The encoding that whole models have behind Fourier features: greatest frequency 3, 3 bands, no layers.
    private static IoSinusoidal CoarseCodes(FixtureFile file, string buffer) => new(file.Spec, 2 * file[buffer].Shape[1], file.Integer("num_bands", 3))
    {
        MaxFrequency = file.Has("meta.max_freq") ? file.Number("max_freq") : 3,
        EncodesLayers = file.Has("meta.enc_layers") && file.Number("enc_layers") != 0,
    };

    private static InvariantNfn Functional(FixtureFile file) => new(file.Spec, Widths(file, "nfnet_features"))
    {
        Inputs = Channels(file),
        Head = channels => new MlpHead(file.Spec, channels, file["out.y"].Shape[1])
        {
            Hidden = Size(file, "head.head.2.bias"),
            Sigmoid = file.Name.StartsWith("model_predictgen", StringComparison.Ordinal),
        },
    };

    private static EditNet Editor(FixtureFile file)
    {
        var widths = Widths(file, "net.hnet");
        return new(file.Spec, widths[0], widths.Length - 1);
    }

    // Channels after each linear layer of a stack: as many as its maps into the first bias have outputs.
    private static int[] Widths(FixtureFile file, string stack) =>
    [
        .. file.Names.Where(name => name.StartsWith($"param.{stack}.", StringComparison.Ordinal) && name.EndsWith(".bias_0.bias", StringComparison.Ordinal))
            .OrderBy(name => int.Parse(name.Split('.')[^3], System.Globalization.CultureInfo.InvariantCulture)).Select(name => file[name].Shape[0]),
    ];

    private static FixtureModule PredictsGeneralization(FixtureFile file, WeightModule<Tensor> model) => Trained(file, FixtureModule.Of(file, model)) with
    {
        Loss = static (y, target) => -(target * y.Reshape(target.Shape).Log() + (1 - target) * (1 - y.Reshape(target.Shape)).Log()).Mean(),
    };

    private static FixtureModule Classifies(FixtureFile file, WeightModule<Tensor> model) => Trained(file, FixtureModule.Of(file, model)) with
    {
        Loss = static (y, target) => Loss.CrossEntropy(y, target),
    };

    private static FixtureModule Edits(FixtureFile file, EditNet model)
    {
        var image = file["target"].Shape;
        var renderer = new SirenRenderer(image[2], image[3]) { Options = Omega(file) };
        var module = FixtureModule.Of(file, new RenderedNetworks(model, renderer));
        return Trained(file, module) with
        {
            Apply = (p, x) =>
            {
                var networks = FixtureModule.Features(file, x);
                var change = model.Change(p, networks, Context.ForInference(module.State));
                return Parameters.Nest(("delta", FixtureModule.Named(change))).Merge(Parameters.Of(("y", renderer.Render(networks + change))));
            },
            Loss = static (y, target) => Loss.MeanSquared(y, target),
        };
    }

    private static FixtureModule Trained(FixtureFile file, FixtureModule module) => module with { Optimizer = new Adam { LearningRate = file.Number("lr") } };
}
