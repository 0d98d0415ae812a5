using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Models.Tests.Fixtures.Curvature;

/// <content>Sharpness-aware steps, ranks of features, two-layer networks.</content>
internal static partial class CurvatureChecks
{
    private static Dictionary<string, Action<CurvatureFixture>> Sharpness => new()
    {
        ["sam_trajectories"] = CheckSteps,
        ["two_layer_relu"] = CheckTwoLayers,
        ["feature_rank"] = CheckRanks,
    };

    private static void CheckSteps(CurvatureFixture file)
    {
        var (x, y, start) = (file["in__x"], file["in__y"], file.Weights("p0__"));
        double rho = file.Number("rho"), adaptiveRho = file.Number("asam_rho");
        var sgd = new Sgd { LearningRate = file.Number("lr"), Momentum = file.Number("momentum"), WeightDecay = file.Number("weight_decay") };
        foreach (var tag in file.Names.Where(static name => name.Contains("__step1__", StringComparison.Ordinal)).Select(static name => name[..name.IndexOf("__step1__", StringComparison.Ordinal)]).Distinct())
        {
            var steps = Enumerable.Range(1, 99).TakeWhile(k => file.Names.Any(name => name.StartsWith($"{tag}__step{k}__", StringComparison.Ordinal))).Count();
            var size = x.Shape[0] / steps;
            var micro = tag.StartsWith("sam_m", StringComparison.Ordinal) ? int.Parse(tag["sam_m".Length..]) : size;
            var method = tag switch
            {
                "sgd" or "gradnorm" => new Sam(sgd, 0),
                "sgd_nesterov" => new Sam(sgd with { Nesterov = true }, 0),
                "sam" => new Sam(sgd, rho),
                "sam_adamw" => new Sam(new AdamW { LearningRate = 0.01, WeightDecay = file.Number("weight_decay") }, rho),
                "asam_elementwise" => new Sam(sgd, adaptiveRho) { Perturbation = Perturbation.Adaptive },
                "asam_eta_weights_only" => new Sam(sgd, adaptiveRho) { Perturbation = Perturbation.AdaptiveWeights(file.Number("asam_eta")) },
                "usam" => new Sam(sgd, rho) { Perturbation = Perturbation.Unnormalized },
                "layer_sam" => new Sam(sgd, rho) { Perturbation = Perturbation.LayerAdaptive },
                "gsam" => new Sam(sgd, rho) { SurrogateGap = file.Number("gsam_alpha") },
                _ when tag.StartsWith("sam_m", StringComparison.Ordinal) => new Sam(sgd, rho),
                _ when tag.StartsWith("sam_", StringComparison.Ordinal) && tag.EndsWith("step", StringComparison.Ordinal) => new Sam(sgd, rho) { Ascents = int.Parse(tag[4..^4]) },
                _ => throw new NotSupportedException($"no method '{tag}'"),
            };
            var (p, state) = (start, method.Init(start));
            for (var k = 0; k < steps; k++)
            {
                Func<Parameters, Tensor>[] losses = [.. Enumerable.Range(0, size / micro).Select(part => (Func<Parameters, Tensor>)(q => Loss(q, k * size + part * micro, micro)))];
                if (tag == "gradnorm") losses = [GradientNormPenalty.Of(losses[0], rho)];
                var step = method.Step(losses, p, state);
                (p, state) = (step.Parameters, step.State);
                file.Check(p, $"{tag}__step{k + 1}__", 1e-12);
                if (file.Has($"{tag}__losses{k + 1}")) file.Check(Tensor.Stack(0, step.Loss, step.PerturbedLoss), $"{tag}__losses{k + 1}", 1e-12);
                if (file.After($"{tag}__perturbed{k + 1}__").Count > 0) file.Check(step.Perturbed, $"{tag}__perturbed{k + 1}__", 1e-12);
            }
        }

        Tensor Loss(Parameters q, int first, int count) =>
            Nn.Loss.CrossEntropy(ReferenceNetworks.Perceptron(q, x.Narrow(0, first, count)), y.Narrow(0, first, count));
    }

    private static void CheckTwoLayers(CurvatureFixture file)
    {
        var (x, y, start) = (file["in__x"], file["in__y"], file.Weights("p0__"));
        int[] order = [.. file.Numbers("in__batch_index").Select(static i => (int)i)];
        var lastActive = file.Integer("note_sam_active_while_iteration_le");
        foreach (var tag in file.Names.Where(static name => name.EndsWith("__alive", StringComparison.Ordinal)).Select(static name => name[..^"__alive".Length]))
        {
            var name = file.Names.First(n => n.StartsWith($"{tag}__loss_at_", StringComparison.Ordinal));
            int[] shown = [.. name[$"{tag}__loss_at_".Length..].Split('_').Select(int.Parse)];
            var sam = new Sam(new Sgd { LearningRate = file.Number("lr") }, double.Parse(tag["rho".Length..], System.Globalization.CultureInfo.InvariantCulture));
            var plain = sam with { Radius = 0 };
            var losses = new List<double>();
            var (p, state) = (start, sam.Init(start));
            var step = Transform.Compile((Sample at) => Stepped(sam, at));
            var after = Transform.Compile((Sample at) => Stepped(plain, at));
            for (var i = 0; i <= shown[^1]; i++)
            {
                if (Array.IndexOf(shown, i) >= 0) losses.Add(Nn.Loss.MeanSquared(ReferenceNetworks.TwoLayer(p, x).Outputs, y).Item());
                if (i == shown[^1]) break;
                var next = (i <= lastActive ? step : after)(new(p, state, x.Narrow(0, order[i], 1), y.Narrow(0, order[i], 1)));
                (p, state) = (next.Parameters, next.State);
            }

            var features = ReferenceNetworks.TwoLayer(p, x).Features;
            file.Check(losses, name, 1e-9);
            file.Check(p, $"{tag}__p{shown[^1]}__", 1e-9);
            file.Check(features, $"{tag}__phi{shown[^1]}", 1e-9);
            file.Check(FeatureSpectrum.Of(features, Centring.None).PublishedRank(0.9999), $"{tag}__rank9999_uncentred", 0, 0);
            file.Check(new ActivationStatistics(features).Alive, $"{tag}__alive", 0, 0);
            file.Check(features.Shape[1] - ActivationStatistics.DistinctUnits(features, 0.999), $"{tag}__n_highly_corr_999", 0, 0);
        }

        static Sample Stepped(Sam sam, Sample at)
        {
            var next = sam.Step(q => Nn.Loss.MeanSquared(ReferenceNetworks.TwoLayer(q, at.X).Outputs, at.Y), at.Parameters, at.State);
            return at with { Parameters = next.Parameters, State = next.State };
        }
    }

    private static void CheckRanks(CurvatureFixture file)
    {
        var thresholds = file.Numbers("thresholds");
        foreach (var name in file.Names.Where(static name => name.StartsWith("in__", StringComparison.Ordinal)).Select(static name => name["in__".Length..]))
        {
            var features = file[$"in__{name}"];
            foreach (var (centring, singular, rank) in ((Centring, string, string)[])
                [
                    (Centring.PerFeature, "column_centred", "column_centred"),
                    (Centring.PerSample, "row_centred", "row_centred_paper_code"),
                    (Centring.None, "uncentred", "uncentred_two_layer_code"),
                ])
            {
                var spectrum = FeatureSpectrum.Of(features, centring);
                var values = LinearAlgebra.SingularValues(FeatureSpectrum.Centred(features, centring)).ToArray<double>();
                file.Check(values, $"{name}__singular_{singular}", 1e-12, least: features.Norm().Item());
                file.Check([.. thresholds.Select(share => centring == Centring.PerFeature ? spectrum.Rank(share) : (double)spectrum.PublishedRank(share))], $"{name}__rank_{rank}", 0, 0);
                if (centring != Centring.PerFeature) continue;
                file.Check(spectrum.EffectiveRank, $"{name}__effective_rank", 1e-11);
                file.Check(spectrum.StableRank, $"{name}__stable_rank", 1e-11);
                file.Check(spectrum.ParticipationRatio, $"{name}__participation_ratio", 1e-11);
            }

            var activations = new ActivationStatistics(features);
            file.Check([.. ((double[])[0, 0.01, 0.05, 0.1]).Select(share => (double)activations.ActiveUnits(share))], $"{name}__active_counts_0_1_5_10_percent", 0, 0);
            file.Check(activations.ActiveFraction, $"{name}__fraction_above_max_over_20", 1e-13);
        }
    }

    private sealed record Sample(Parameters Parameters, Parameters State, Tensor X, Tensor Y) : ITensorTree<Sample>
    {
        public IReadOnlyList<Tensor> Leaves => [.. Parameters.Leaves, .. State.Leaves, X, Y];

        public object Structure => (Parameters.Structure, State.Structure);

        public Sample WithLeaves(IReadOnlyList<Tensor> leaves)
        {
            Tensor[] all = [.. leaves];
            return new(Parameters.WithLeaves(all[..Parameters.Count]), State.WithLeaves(all[Parameters.Count..^2]), all[^2], all[^1]);
        }
    }
}
