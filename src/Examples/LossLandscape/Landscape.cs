using System.Diagnostics;
using System.Globalization;

using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;
using Noether.Nn;
using Noether.Plots;

namespace Noether.Examples.LossLandscape;

/// <summary>Trains or reads a network, computes its plane block of rows by block of rows, and draws it.</summary>
internal sealed class Landscape(ExampleRun run)
{
    private const string WeightsFile = "weights.safetensors", PlaneFile = "landscape.npz";

    private const int EvaluationBatch = 250, TestImages = 1_000;

    public required string NetworkName { get; init; }

    public required string? WeightsPath { get; init; }

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    public required int Images { get; init; }

    public required int Points { get; init; }

    public required double Range { get; init; }

    public required DirectionNormalization Normalization { get; init; }

    public void Run()
    {
        var files = ExampleData.Find("mnist", run.Data, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
        var data = Dataset.FromIdx(files[0], files[1]);
        var network = LossLandscapeApp.Networks[NetworkName]();
        var (training, test) = (data[..^TestImages], data[^TestImages..]);
        var (parameters, state) = WeightsPath is { } path ? Read(network, path) : Train(network, run.Quick ? training[..4000] : training);
        var batches = test[..Math.Min(Images, test.Count)].Batches(EvaluationBatch).ToArray();
        var risk = EmpiricalRisk.Of(network, OutputLoss.CrossEntropy(), batches, state);
        var centre = risk.Value(parameters);
        if (!double.IsFinite(centre)) throw new NumericsException($"the loss of {NetworkName} is {centre}; its weights are no solution to look around");
        run.Say($"{NetworkName}: {parameters.Size:N0} weights, loss {centre:0.0000} on {batches.Sum(static b => b.Size):N0} test images");

        var grid = Compute(network, parameters.Merge(state), parameters, batches);
        Draw(grid, centre);
    }

    private (Parameters Parameters, Parameters State) Read(Module network, string path)
    {
        var (like, state) = (network.Init(RandomKey.From(0)), network.InitState());
        var all = Checkpoint.LoadParameters(path, like.Merge(state));
        foreach (var (name, tensor) in all)
        {
            if (tensor.DType.IsFloating() && !tensor.IsFinite().All().Item<bool>()) throw new FileFormatException($"{path}: '{name}' {tensor.Shape} holds values that are not finite");
        }

        return (all.Where(like.Contains), all.Where(state.Contains));
    }

    private (Parameters Parameters, Parameters State) Train(Module network, Dataset training)
    {
        if (run.Resume && File.Exists(Path.Combine(run.Out, WeightsFile))) return Read(network, Path.Combine(run.Out, WeightsFile));
        var steps = Epochs * training.BatchCount(BatchSize, dropLast: true);
        var trainer = new Trainer(network, static (y, t) => Loss.CrossEntropy(y, t), new Sgd { LearningRate = new CosineSchedule(0.05, steps), Momentum = 0.9, Nesterov = true, WeightDecay = 5e-4 });
        using var bar = run.Progress("training", steps);
        var trained = trainer.Fit(trainer.Init(RandomKey.From(run.Seed)), training, new() { BatchSize = BatchSize, Epochs = Epochs, Progress = step => bar.Advance($"loss {step.Loss:0.0000}") }, run.Cancellation);
        Checkpoint.SaveParameters(run.Output(WeightsFile), trained.Parameters.Merge(trained.State));
        return (trained.Parameters, trained.State);
    }

    // Rows that a resumed run finds are not computed again; those that are missing are NaN.
    private LandscapeGrid Compute(Module network, Parameters origin, Parameters weights, Batch[] batches)
    {
        var (first, second) = RandomKey.From(run.Seed).Fold(1).Split();
        var options = new DirectionOptions { Normalization = Normalization, FilterAxis = FilterAxes.Of(network) };
        var (x, y) = (Direction.Random(weights, first, options), Direction.Random(weights, second, options));
        var space = new ParameterSpace(weights);
        run.Record("cosine", Math.Round(space.Cosine(x, y), 4));
        var steps = Noether.Models.LossLandscapes.LossLandscape.Steps(-Range, Range, Points);
        var path = run.Output(PlaneFile);
        var mark = Mark(weights, batches);
        var grid = run.Resume && File.Exists(path) ? Load(path, steps, mark) : new(steps, steps, Empty(), Empty(), new bool[Points, Points]);

        var landscape = new Noether.Models.LossLandscapes.LossLandscape(network, OutputLoss.CrossEntropy(), batches) { Cancellation = run.Cancellation, Tile = Math.Min(Points, 32) };
        var plane = landscape.PlaneThrough(origin, x, y);
        var clock = Stopwatch.StartNew();
        var computed = 0;
        using var bar = run.Progress("surface", (long)Points * Points);
        run.CanResumeFrom(path);
        const int rows = 2;
        for (var row = 0; row < Points; row += rows)
        {
            double[] some = steps[row..Math.Min(Points, row + rows)];
            var count = some.Length * Points;
            if (!Enumerable.Range(row, some.Length).Any(r => double.IsNaN(grid.Accuracy[r, 0])))
            {
                bar.Skip(count);
                continue;
            }

            var part = plane(steps, some);
            for (var r = 0; r < some.Length; r++)
            {
                for (var column = 0; column < Points; column++) (grid.Loss[row + r, column], grid.Accuracy[row + r, column]) = (part.Loss[r, column], part.Accuracy[r, column]);
            }

            computed += count;
            Save(path, grid, mark);
            bar.Advance($"{computed / clock.Elapsed.TotalSeconds:0.0} points/s", count);
        }

        if (computed > 0) run.Record("points_per_second", Math.Round(computed / clock.Elapsed.TotalSeconds, 1));
        return grid;
    }

    private double[,] Empty()
    {
        var values = new double[Points, Points];
        for (var i = 0; i < values.Length; i++) values[i / Points, i % Points] = double.NaN;
        return values;
    }

    // Of weights, data and settings: a file with another one is of another plane.
    private string Mark(Parameters weights, Batch[] batches)
    {
        var fingerprint = Fingerprint.Of(weights.Leaves.Concat(batches.SelectMany(static batch => batch.Leaves)));
        return string.Create(CultureInfo.InvariantCulture, $"{NetworkName} {Normalization} {run.Seed} {fingerprint}");
    }

    private static void Save(string path, LandscapeGrid grid, string mark) => TensorFiles.SaveNpz(path,
    [
        new("xs", Tensor.From([.. grid.Xs])), new("ys", Tensor.From([.. grid.Ys])), new("loss", Tensor.From(grid.Loss)), new("accuracy", Tensor.From(grid.Accuracy)),
        new("mark", Tensor.From(Array.ConvertAll(System.Text.Encoding.UTF8.GetBytes(mark), static b => (int)b))),
    ]);

    private static LandscapeGrid Load(string path, double[] steps, string mark)
    {
        var file = NpzFile.Read(path);
        var found = System.Text.Encoding.UTF8.GetString([.. file.Arrays["mark"].ToTensor().ToArray<int>().Select(static b => (byte)b)]);
        if (found != mark) throw new FileFormatException($"{path}: is the plane of another network, other data or other settings; choose another --out, or leave out --resume");
        if (!file.Arrays["xs"].ToTensor().ToArray<double>().AsSpan().SequenceEqual(steps)) throw new FileFormatException($"{path}: has other points; choose another --out, or leave out --resume");
        return new(steps, steps, Square(file.Arrays["loss"]), Square(file.Arrays["accuracy"]), new bool[steps.Length, steps.Length]);

        static double[,] Square(HostArray array)
        {
            var values = new double[array.Shape[0], array.Shape[1]];
            Buffer.BlockCopy(array.ToTensor().ToArray<double>(), 0, values, 0, values.Length * sizeof(double));
            return values;
        }
    }

    private void Draw(LandscapeGrid grid, double centre)
    {
        double[] losses = [.. grid.Loss.Cast<double>()], finite = [.. losses.Where(double.IsFinite)];
        var holes = losses.Length - finite.Length;
        if (finite.Length == 0) throw new NumericsException("the loss is finite at no point of the plane; a smaller --range may help");
        run.Record("loss_at_centre", centre);
        run.Record("loss_least", finite.Min());
        run.Record("loss_most", finite.Max());
        run.Record("holes", holes);
        if (holes > 0) run.Say($"{holes} of {losses.Length} points have no finite loss; they are holes in the figures");
        double[] heights = [.. losses.Select(static loss => double.IsFinite(loss) ? Math.Log10(Math.Max(loss, 1e-6)) : double.NaN)];
        var figure = new Figure($"{NetworkName}: loss around the trained weights", "first direction", "second direction") { EqualUnits = true }
            .HeatMap<double>(heights, Points, Points, (-Range, Range), (-Range, Range), label: "log10 loss", smooth: true);
        if (holes == 0) figure = figure.Contour<double>(heights, Points, Points, (-Range, Range), (-Range, Range), count: 14);
        figure.Save(run.Output("landscape.png"));
        LandscapePage.Write(run.Output("landscape.html"), $"{NetworkName}: loss around the trained weights", heights, Points, Range);
        run.Say($"loss {finite.Min():0.0000} to {finite.Max():0.00} over the plane, {centre:0.0000} in the middle");
    }
}
