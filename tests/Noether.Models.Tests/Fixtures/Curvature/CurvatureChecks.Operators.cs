using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;
using Noether.Models.Sharpening;
using Noether.Nn;

namespace Noether.Models.Tests.Fixtures.Curvature;

/// <content>Hessians, Gauss-Newton matrices and Jacobians of networks.</content>
internal static partial class CurvatureChecks
{
    private static Dictionary<string, Action<CurvatureFixture>> Operators => new()
    {
        ["curvature_mlp"] = CheckPerceptron,
        ["hvp_cnn"] = CheckConvolutional,
        ["jacobian"] = CheckJacobian,
        ["edge_of_stability"] = CheckEdgeOfStability,
    };

    private static OutputLoss Loss(string tag) => tag switch
    {
        "ce" => OutputLoss.CrossEntropy(),
        "mse_mean" => OutputLoss.MeanSquared,
        "mse_half" => OutputLoss.HalfSquared,
        _ when tag.StartsWith("ce_smooth", StringComparison.Ordinal) =>
            OutputLoss.CrossEntropy(double.Parse(tag["ce_smooth".Length..].Insert(1, "."), System.Globalization.CultureInfo.InvariantCulture)),
        _ => throw new NotSupportedException($"no loss '{tag}'"),
    };

    private static void CheckPerceptron(CurvatureFixture file)
    {
        var (p, x, y, vectors) = (file.Weights("p__"), file["in__x"], file["in__y"], file["in__v"]);
        Batch[] data = [new(x, y)];
        foreach (var tag in file.Names.Where(static name => name.EndsWith("__grad", StringComparison.Ordinal)).Select(static name => name[..name.IndexOf("__", StringComparison.Ordinal)]))
        {
            var risk = new EmpiricalRisk(static (q, batch) => ReferenceNetworks.Perceptron(q, batch.Input), Loss(tag), data);
            var hessian = new HessianOperator(risk, p);
            file.Check(risk.Gradient(p).ToVector(), $"{tag}__grad", 1e-12);
            file.Check(hessian.ApplyRows(vectors), $"{tag}__hv", 1e-11, 1e-5);
            file.Check(Tensor.Stack(0, [.. Enumerable.Range(0, vectors.Shape[0]).Select(i => hessian.Apply(vectors.Narrow(0, i, 1).Squeeze(0)))]), $"{tag}__hv", 1e-11, 1e-5);
            if (!file.Has($"{tag}__hessian")) continue;

            var (h, gaussNewton) = (hessian.ToMatrix(), new GaussNewtonOperator(risk, p));
            var (g, diagonal) = (gaussNewton.ToMatrix(), h.Diagonal());
            var eigenvalues = LinearAlgebra.SymmetricEigenvalues(h);
            file.Check(risk.Value(p), $"{tag}__loss", 1e-12);
            file.Check(h, $"{tag}__hessian", 1e-11);
            file.Check(eigenvalues, $"{tag}__hessian_eigs", 1e-10);
            file.Check(diagonal, $"{tag}__hessian_diag", 1e-11);
            file.Check(diagonal.Sum(), $"{tag}__trace", 1e-11);
            file.Check(h.Square().Sum().Sqrt(), $"{tag}__frobenius", 1e-11);
            var ends = Eigen.Extremal(hessian, 1, 1, tolerance: 1e-10);
            file.Check(Math.Abs(ends.Values[1] / ends.Values[0]), $"{tag}__abs_min_over_max", 1e-9);
            file.Check(risk.Loss.OutputHessian(file["logits"], y) / (double)x.Shape[0], $"{tag}__output_hessian", 1e-11);
            file.Check(g, $"{tag}__gauss_newton", 1e-11);
            file.Check(gaussNewton.ApplyRows(vectors), $"{tag}__gv", 1e-11);
            file.Check(LinearAlgebra.SymmetricEigenvalues(g), $"{tag}__gauss_newton_eigs", 1e-10);
            file.Check(LinearAlgebra.SymmetricEigenvalues(h - g), $"{tag}__residual_eigs", 1e-10);
            var conjugate = TangentKernel.GaussNewtonConjugate(risk, p);
            file.Check(conjugate, $"{tag}__gn_conjugate", 1e-9); // the file has the root of rounding along A's null vector
            file.Check(LinearAlgebra.SymmetricEigenvalues(conjugate), $"{tag}__gn_conjugate_eigs", 1e-10);
            if (file.Has($"{tag}__empirical_fisher")) file.Check(new EmpiricalFisherOperator(risk, p).ToMatrix(), $"{tag}__empirical_fisher", 1e-11);
            if (!file.Has($"{tag}__per_sample_grad")) continue;
            var perSample = Transform.Vmap<Batch, Parameters>(one => Transform.Grad<Parameters>(q =>
                risk.Loss.Mean(ReferenceNetworks.Perceptron(q, one.Input.Unsqueeze(0)), one.Target.Unsqueeze(0)))(p))(data[0]);
            file.Check(hessian.Space.ToRows(perSample), $"{tag}__per_sample_grad", 1e-12);
        }

        if (!file.Has("ntk")) return;
        var jacobian = TangentKernel.Jacobian(static (q, z) => ReferenceNetworks.Perceptron(q, z), p, x);
        file.Check(ReferenceNetworks.Perceptron(p, x), "logits", 1e-12);
        file.Check(new ParameterSpace(p).ToRows(jacobian).Reshape([.. file["logits"].Shape, (int)p.Size]), "param_jacobian", 1e-12);
        var terms = TangentKernel.Terms(jacobian);
        file.Check(Tensor.Stack(0, [.. terms.Leaves]), "ntk_terms_per_parameter", 1e-11);
        file.Check(terms.Leaves.Aggregate(static (a, b) => a + b), "ntk", 1e-11);
    }

    private static void CheckConvolutional(CurvatureFixture file)
    {
        var (p, state, x, y) = (file.Weights("p__"), file.State("p__"), file["in__x"], file["in__y"]);
        var network = ReferenceNetworks.Convolutional(p);
        string[] weights = [.. file.Texts("weight_names_in_order")];
        EmpiricalRisk Risk(int batch, NormalizationMode mode) =>
            EmpiricalRisk.Of(network, OutputLoss.CrossEntropy(), Dataset.Of(x, y).Batches(batch, device: file.Device), state, mode);

        var all = x.Shape[0];
        var block = new HessianOperator(Risk(all, NormalizationMode.Frozen), p, weights.Contains);
        var vector = new Parameters(weights.Select(name => KeyValuePair.Create(name, file[$"in__v__{name}"])));
        file.Check(block.Apply(vector), "hv__", 1e-11);
        const int parts = 4;
        file.Check(new HessianOperator(Risk(all / parts, NormalizationMode.Frozen), p, weights.Contains).Apply(vector) * parts, "hv_reference_4batches_sum__", 1e-11);
        file.Check(new HessianOperator(Risk(all / 3, NormalizationMode.Frozen), p, weights.Contains).Apply(vector), "hv__", 1e-11);

        var h = block.ToMatrix();
        file.Check(LinearAlgebra.SymmetricEigenvalues(h), "hessian_eigs", 1e-10);
        file.Check(h.Diagonal(), "hessian_diag", 1e-11);
        file.Check(h.Trace(), "trace", 1e-11);
        var ends = Eigen.Extremal(block, 1, 1, tolerance: 1e-9);
        file.Check(Math.Abs(ends.Values[1] / ends.Values[0]), "abs_min_over_max", 1e-8);
        file.Check(ends.Values, "reference_eigsh_max_min", 1e-3, 1e-3);
        var map = new ConvexityMap(network, OutputLoss.CrossEntropy(), Dataset.Of(x, y).Batches(all, device: file.Device)) { Tolerance = 1e-9, MaxProducts = 1000 };
        file.Check(map.Line(p.Merge(state), vector, [0]).Ratio()[0, 0], "abs_min_over_max", 1e-8);

        var along = file.After("in__vall__");
        foreach (var (tag, mode) in ((string, NormalizationMode)[])[("eval", NormalizationMode.Frozen), ("train", NormalizationMode.Batch)])
        {
            var risk = Risk(all, mode);
            // a bias before batch normalisation has no gradient in training
            file.Check(risk.Gradient(p), $"{tag}__grad__", 1e-11, least: file[$"{tag}__grad__conv1.weight"].Abs().Max().Item());
            file.Check(new HessianOperator(risk, p).Apply(along), $"{tag}__hv_all__", 1e-10, least: file[$"{tag}__hv_all__conv1.weight"].Abs().Max().Item());
        }
    }

    private static void CheckJacobian(CurvatureFixture file)
    {
        var (p, x) = (file.Weights("p__"), file["in__x"]);
        Tensor Logits(Tensor z) => ReferenceNetworks.Perceptron(p, z);
        CheckNorms(Logits, "");
        CheckNorms(InputJacobian.Softmax(Logits), "softmax_");
        var steps = file["power_estimates"].Shape[0];
        var estimates = InputJacobian.PowerIteration(Logits, x, file["in__power_v0"], steps);
        file.Check([.. estimates.SelectMany(static e => e)], "power_estimates", 1e-10);
        file.Check(InputJacobian.DifferenceQuotients(Logits, x, file["in__pairs"]), "difference_quotient", 1e-11);
        var bound = p.Where(static name => name.EndsWith("weight", StringComparison.Ordinal)).Leaves
            .Select(static w => LinearAlgebra.Norm(w, MatrixNorm.Spectral).Item()).Aggregate(static (a, b) => a * b);
        file.Check(bound, "product_of_spectral_norms", 1e-11);

        if (file.Has("cnn_jacobian_first8") && file.Beside("hvp_cnn") is { } other)
        {
            // the convolutional network's parameters and data are in another file
            var (weights, state, expected) = (other.Weights("p__"), other.State("p__"), file["cnn_jacobian_first8"]);
            var first = other["in__x"].Narrow(0, 0, expected.Shape[0]);
            Tensor Evaluated(Tensor z) => ReferenceNetworks.Convolutional(weights).Apply(weights, state, z);
            file.Check(InputJacobian.Of(Evaluated, first).Reshape(expected.Shape), "cnn_jacobian_first8", 1e-12);
            file.Check(InputJacobian.Norms(Evaluated, first).Spectral, "cnn_spectral_norm_first8", 1e-11);
        }

        void CheckNorms(Func<Tensor, Tensor> network, string tag)
        {
            var norms = InputJacobian.Norms(network, x);
            file.Check(InputJacobian.Of(network, x), $"{tag}jacobian", 1e-12);
            file.Check(InputJacobian.SingularValues(network, x), $"{tag}singular_values", 1e-11);
            file.Check(norms.Spectral, $"{tag}spectral_norm", 1e-11);
            file.Check(norms.Frobenius, $"{tag}frobenius_norm", 1e-11);
            file.Check(norms.Max, $"{tag}max_spectral", 1e-11);
            file.Check(norms.Mean, $"{tag}mean_spectral", 1e-11);
            file.Check(norms.ArgMax, $"{tag}argmax", 0, 0);
        }
    }

    private static void CheckEdgeOfStability(CurvatureFixture file)
    {
        var (start, data) = (file.Weights("p0__"), new Batch(file["in__x"], file["in__y"]));
        string[] tags = [.. file.Names.Where(static name => name.EndsWith("__loss", StringComparison.Ordinal)).Select(static name => name[..^"__loss".Length])];
        var runs = new DescentRuns(ReferenceNetworks.Perceptron, OutputLoss.HalfSquared, data, [.. tags.Select(tag => new DescentRecipe(2 / file.Number($"{tag}__two_over_eta")))]);
        var probes = Array.ConvertAll(tags, _ => new SharpnessProbe(ReferenceNetworks.Perceptron, OutputLoss.HalfSquared, data, data) { Tolerance = 1e-7, MaxProducts = (int)start.Size });
        var steps = tags.Max(tag => file[$"{tag}__loss"].Shape[0]);
        var losses = Array.ConvertAll(tags, _ => new List<double>());
        var readings = Array.ConvertAll(tags, _ => new List<SharpnessReading>());
        var points = Array.ConvertAll(tags, _ => new List<double[]>());
        var state = runs.Begin([.. tags.Select(_ => start)]);
        for (var step = 0; step < steps; step++)
        {
            for (var run = 0; run < tags.Length; run++)
            {
                points[run].Add(state.Networks.Unstack(run).ToVector().ToArray<double>());
                if (step % 5 == 0) readings[run].Add(probes[run].Measure(state.Network(run)));
            }

            (state, var values) = runs.Step(state);
            foreach (var (run, value) in values.ToArray<double>().Index()) losses[run].Add(value);
        }

        foreach (var (run, tag) in tags.Index())
        {
            double[] sharpness = [.. readings[run].Select(static each => each.Sharpness)], jacobians = [.. readings[run].Select(static each => each.Train.Max)];
            var (expected, expectedSharpness) = (file.Numbers($"{tag}__loss"), file.Numbers($"{tag}__sharpness_every5"));
            var isBelow = expectedSharpness.All(s => s < file.Number($"{tag}__two_over_eta"));

            // Beyond the edge rounding is amplified: only averages are the same.
            var compared = isBelow ? expected.Length : Math.Min(131, expected.Length);
            var tolerance = isBelow ? 1e-10 : 1e-9;
            var measured = (compared + 4) / 5;
            var theta = file.Names.First(name => name.StartsWith($"{tag}__theta_", StringComparison.Ordinal));
            foreach (var (at, stop) in theta[$"{tag}__theta_".Length..].Split('_').Select(int.Parse).Index().Where(each => each.Item < compared))
                file.Compare(points[run][stop], file[theta].Narrow(0, at, 1).Squeeze(0).ToArray<double>(), $"{tag} parameters before step {stop}", tolerance);
            file.Compare(losses[run].ToArray()[..compared], expected[..compared], $"{tag} losses", tolerance);
            file.Compare(sharpness[..measured], expectedSharpness[..measured], $"{tag} sharpness", 1e-8);
            file.Compare(jacobians[..measured], file.Numbers($"{tag}__max_jacobian_every5")[..measured], $"{tag} Jacobians", 1e-8);
            if (isBelow) continue;
            var plateau = expected.Length * 5 / 8;
            Assert.That(losses[run].Take(plateau).Zip(losses[run].Skip(1)).Any(static pair => pair.Second > pair.First), $"{tag}: the loss has a spike");
            Assert.That(losses[run].Skip(plateau).Average(), Is.EqualTo(expected[plateau..].Average()).Within(2).Percent, $"{tag}: mean loss at the edge");
            Assert.That(sharpness[(plateau / 5)..].Average(), Is.EqualTo(expectedSharpness[(plateau / 5)..].Average()).Within(5).Percent, $"{tag}: mean sharpness at the edge");
        }
    }
}
