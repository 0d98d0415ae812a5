using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;
using Noether.Nn;

namespace Noether.Models.Tests.Fixtures.Curvature;

/// <content>Directions, surfaces and trajectories.</content>
internal static partial class CurvatureChecks
{
    private static Dictionary<string, Action<CurvatureFixture>> Landscapes => new()
    {
        ["directions"] = CheckDirections,
        ["surface_cnn"] = CheckConvolutionalSurface,
        ["surface_mlp"] = CheckPerceptronSurface,
        ["trajectory_pca"] = CheckTrajectory,
    };

    private static DirectionOptions Options(string mode, string ignore) => new()
    {
        Normalization = mode switch
        {
            "filter" => DirectionNormalization.Filter,
            "layer" => DirectionNormalization.Layer,
            "weight" => DirectionNormalization.Weight,
            "dfilter" => DirectionNormalization.UnitFilter,
            "dlayer" => DirectionNormalization.UnitLayer,
            _ => throw new NotSupportedException($"no mode '{mode}'"),
        },
        OneDimensional = ignore == "biasbn" ? OneDimensional.Zero : OneDimensional.CopyWeights,
    };

    private static void CheckDirections(CurvatureFixture file)
    {
        foreach (var tag in file.Names.Select(static name => name[..name.IndexOf("__", StringComparison.Ordinal)]).Distinct().Where(static tag => tag.Split('_') is [not "raw", _, _]))
        {
            var (axis, mode, ignore) = tag.Split('_') is [var first, var second, var third] ? (first, second, third) : default;
            var weights = axis == "state" ? file.After("p__").Map(x => x.To(file.Type)) : file.Weights("p__"); // the code moves counters too
            file.Check(Direction.Normalize(file.After($"raw_{axis}__"), weights, Options(mode, ignore)), $"{tag}__", 1e-12);
        }
    }

    private static void CheckConvolutionalSurface(CurvatureFixture file)
    {
        var (p, x, y) = (file.After("p__"), file["in__x"], file["in__y"]);
        var (dx, dy, coordinates) = (file.After("dx__"), file.After("dy__"), file.Numbers("coords"));
        var network = ReferenceNetworks.Convolutional(p);
        LossLandscape Of(OutputLoss loss, BatchStatistics statistics = BatchStatistics.Frozen, int tile = 27) =>
            new(network, loss, Dataset.Of(x, y).Batches(16, device: file.Device)) { Statistics = statistics, Tile = tile };

        var plane = Of(OutputLoss.CrossEntropy()).Plane(p, dx, dy, coordinates, coordinates);
        file.Check(Flat(plane.Loss), "loss_ce", 1e-12);
        file.Check(Percent(plane.Accuracy), "accuracy_percent", 1e-13, 1e-5);
        file.Check(Flat(Of(OutputLoss.SoftmaxSquared).Plane(p, dx, dy, coordinates, coordinates).Loss), "loss_softmax_mse", 1e-12);
        file.Check(Flat(Of(OutputLoss.CrossEntropy(), BatchStatistics.Recomputed).Plane(p, dx, dy, coordinates, coordinates).Loss), "loss_ce_bn_batch_stats", 1e-12);

        var (steps, other) = (file.Numbers("line_coords"), file.After("p2__"));
        var direction = Direction.Between(p, other);
        var moving = Of(OutputLoss.CrossEntropy(), BatchStatistics.Interpolated).Line(p, direction, steps);
        var (expected, accuracies) = (file.Numbers("line_states_loss"), file.Numbers("line_states_acc"));
        for (var i = 0; i < steps.Length; i++) Assert.That(moving.Clamped[0, i] || !double.IsNaN(expected[i]), $"line_states_loss {i}: a negative variance is marked");
        int[] valid = [.. Enumerable.Range(0, steps.Length).Where(i => !double.IsNaN(expected[i]))];
        file.Compare([.. valid.Select(i => moving.Loss[0, i])], [.. valid.Select(i => expected[i])], "line_states_loss", 1e-11);
        file.Compare([.. valid.Select(i => 100 * moving.Accuracy[0, i])], [.. valid.Select(i => accuracies[i])], "line_states_acc", 1e-13, 1e-5);
        file.Check(Flat(Of(OutputLoss.CrossEntropy()).Line(p, direction, steps).Loss), "line_weights_only_loss", 1e-12);
        file.Check(Flat(Of(OutputLoss.CrossEntropy(), BatchStatistics.Interpolated).Line(p, direction, [0, 1]).Loss), "line_end_check", 1e-12);
    }

    private static void CheckPerceptronSurface(CurvatureFixture file)
    {
        var (p, x, y) = (file.Weights("p__"), file["in__x"], file["in__y"]);
        var landscape = new LossLandscape(new Perceptron(), OutputLoss.CrossEntropy(), Dataset.Of(x, y).Batches(20, device: file.Device)) { Tile = 20 };
        foreach (var tag in file.Names.Where(static name => name.EndsWith("__xs", StringComparison.Ordinal)).Select(static name => name[..^"__xs".Length]))
        {
            var options = Options(tag.Split('_')[0], tag.Split('_')[1]);
            Parameters dx = Direction.Normalize(file.After("raw_x__"), p, options), dy = Direction.Normalize(file.After("raw_y__"), p, options);
            file.Check(dx, $"{tag}__dx__", 1e-12);
            file.Check(dy, $"{tag}__dy__", 1e-12);
            var grid = landscape.Plane(p, dx, dy, file.Numbers($"{tag}__xs"), file.Numbers($"{tag}__ys"));
            file.Check(Flat(grid.Loss), $"{tag}__loss", 1e-12);
            file.Check(Percent(grid.Accuracy), $"{tag}__acc", 1e-13, 1e-5);
        }

        foreach (var tag in file.Names.Where(static name => name.StartsWith("line_", StringComparison.Ordinal) && name.EndsWith("_coords", StringComparison.Ordinal)).Select(static name => name[..^"_coords".Length]))
        {
            var direction = file.After($"{tag}__dx__");
            file.Check(Direction.Normalize(file.After("raw_x__"), p, Options(tag["line_".Length..], "none")).Where(name => p[name].Rank > 1), $"{tag}__dx__", 1e-12);
            file.Check(Flat(landscape.Line(p, direction, file.Numbers($"{tag}_coords")).Loss), $"{tag}_loss", 1e-12);
        }
    }

    private static void CheckTrajectory(CurvatureFixture file)
    {
        var count = file.Names.Where(static name => name.StartsWith("ckpt", StringComparison.Ordinal)).Select(static name => name[..name.IndexOf("__", StringComparison.Ordinal)]).Distinct().Count();
        Parameters[] checkpoints = [.. Enumerable.Range(0, count).Select(i => file.After($"ckpt{i}__"))];
        var last = checkpoints[^1];
        foreach (var tag in file.Names.Where(static name => name.EndsWith("__pc1", StringComparison.Ordinal)).Select(static name => name[..^"__pc1".Length]))
        {
            bool TakesPart(string name) => tag == "all" || last[name].Rank > 1;
            var path = new Trajectory(checkpoints, TakesPart);
            var plane = path.Plane();
            Tensor Whole(Parameters part) => last.ZerosLike().With(part).ToVector();
            file.Check(Tensor.Stack(0, [.. checkpoints.Select(at => Whole((at - last).Where(TakesPart)))]), $"{tag}__matrix", 1e-14);
            file.Compare([path.ToMatrix().Square().Sum().Item()], [file[$"{tag}__matrix"].Square().Sum().Item()], $"{tag}__matrix", 1e-13);
            file.CheckUpToSign(Whole(plane.First), $"{tag}__pc1", 1e-10);
            file.CheckUpToSign(Whole(plane.Second), $"{tag}__pc2", 1e-10);
            file.Check(plane.SingularValues, $"{tag}__singular_values", 1e-11);
            file.Check(plane.ExplainedRatio, $"{tag}__explained_variance_ratio", 1e-11);
            file.Check(plane.ExplainedVariance, $"{tag}__explained_variance", 1e-11);
            var (x, y) = (last.FromVector(file[$"{tag}__pc1"]), last.FromVector(file[$"{tag}__pc2"]));
            file.Check(path.Lengths(x, y), $"{tag}__proj_cos", 1e-10);
            file.Check(path.Coordinates(x, y), $"{tag}__proj_lstsq", 1e-10);
        }

        if (!file.Has("in__random_dirs")) return;
        var whole = new Trajectory(checkpoints);
        Parameters[] directions = [.. Enumerable.Range(0, 2).Select(i => last.FromVector(file["in__random_dirs"].Narrow(0, i, 1).Squeeze(0)))];
        file.Check(whole.Lengths(directions[0], directions[1]), "random__proj_cos", 1e-11);
        file.Check(whole.Coordinates(directions[0], directions[1]), "random__proj_lstsq", 1e-11);
        file.Check(whole.Space.Cosine(directions[0], directions[1]), "random__cosine_similarity", 1e-11);
    }

    private static double[] Flat(double[,] grid) => [.. grid.Cast<double>()];

    private static double[] Percent(double[,] grid) => [.. grid.Cast<double>().Select(static part => 100 * part)];

    private sealed record Perceptron : Module
    {
        public override Parameters Init(RandomKey key, DType type = DType.Float32) => throw new NotSupportedException("parameters come from files");

        public override Tensor Apply(Parameters parameters, Tensor x, Context context) => ReferenceNetworks.Perceptron(parameters, x);
    }
}
