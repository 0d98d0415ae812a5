using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.LossLandscapes;

/// <summary>A network's loss on lines and planes through weight space: <c>f(α, β) = L(θ + α·δ + β·η)</c>.</summary>
/// <param name="module">The network, to [samples, outputs].</param>
/// <param name="loss">The loss of outputs.</param>
/// <param name="data">Batches of inputs and targets, which count by their samples; gone through once a tile.</param>
/// <remarks>
/// Many points are one batched computation, in which a first layer takes three products for all of them
/// (<see cref="Transform.Vmap(Func{Tensor, Tensor}, int, int)"/>). Points are trees of parameters and state together, by the module's names. Losses are summed in float64.
/// </remarks>
public sealed class LossLandscape(Module module, OutputLoss loss, IEnumerable<Batch> data)
{
    private const string Variance = "running_var";

    /// <summary>What batch normalisation normalises by.</summary>
    public BatchStatistics Statistics { get; init; } = BatchStatistics.Frozen;

    /// <summary>How many points are computed together; each takes the memory of a batch's activations.</summary>
    public int Tile { get; init; } = 64;

    /// <summary>Told the number of finished points after each tile.</summary>
    public IProgress<int>? Progress { get; init; }

    /// <summary>Looked at before each batch.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Equally spaced steps.</summary>
    public static double[] Steps(double first, double last, int count) =>
        [.. Enumerable.Range(0, count).Select(i => count == 1 ? first : first + (last - first) * i / (count - 1))];

    /// <summary>The losses on a line.</summary>
    /// <param name="origin">θ with the module's state.</param>
    /// <param name="direction">δ.</param>
    /// <param name="xs">α.</param>
    /// <inheritdoc cref="Plane"/>
    public LandscapeGrid Line(Parameters origin, Parameters direction, IReadOnlyList<double> xs) => Plane(origin, direction, Parameters.Empty, xs, [0]);

    /// <summary>The losses on a plane.</summary>
    /// <param name="origin">θ with the module's state.</param>
    /// <param name="x">δ: tensors that it has not stay.</param>
    /// <param name="y">η.</param>
    /// <param name="xs">α.</param>
    /// <param name="ys">β.</param>
    /// <exception cref="ParameterException">A direction has a tensor that the origin has not, or of another shape.</exception>
    public LandscapeGrid Plane(Parameters origin, Parameters x, Parameters y, IReadOnlyList<double> xs, IReadOnlyList<double> ys) =>
        PlaneThrough(origin, x, y)(xs, ys);

    /// <summary>A plane to be computed part by part: from α and β to the losses on their grid, compiled once.</summary>
    /// <inheritdoc cref="Plane"/>
    public Func<IReadOnlyList<double>, IReadOnlyList<double>, LandscapeGrid> PlaneThrough(Parameters origin, Parameters x, Parameters y)
    {
        var pointsOf = PointsThrough(origin, x, y);
        return (xs, ys) => Grid(pointsOf, xs, ys);
    }

    /// <summary>Any points of a plane, such as a curve's: from as many α as β to the losses there, compiled once.</summary>
    /// <inheritdoc cref="Plane"/>
    public Func<IReadOnlyList<double>, IReadOnlyList<double>, LandscapePoints> PointsThrough(Parameters origin, Parameters x, Parameters y)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Tile);
        var state = module.InitState(device: origin.Leaves[0].Device);
        var plane = new WeightPlane(nameof(LossLandscape), origin, x, y, name => Statistics == BatchStatistics.Interpolated || !state.Contains(name));
        var evaluate = Evaluation(plane, state);
        return (alphas, betas) => Points(evaluate, plane.Device, alphas, betas);
    }

    private static LandscapeGrid Grid(Func<IReadOnlyList<double>, IReadOnlyList<double>, LandscapePoints> pointsOf, IReadOnlyList<double> xs, IReadOnlyList<double> ys)
    {
        ArgumentNullException.ThrowIfNull(xs);
        ArgumentNullException.ThrowIfNull(ys);
        var points = pointsOf([.. ys.SelectMany(_ => xs)], [.. ys.SelectMany(y => xs.Select(_ => y))]);
        var grid = new LandscapeGrid([.. xs], [.. ys], new double[ys.Count, xs.Count], new double[ys.Count, xs.Count], new bool[ys.Count, xs.Count]);
        for (var i = 0; i < points.Loss.Count; i++)
        {
            var (row, column) = (i / xs.Count, i % xs.Count);
            (grid.Loss[row, column], grid.Accuracy[row, column], grid.Clamped[row, column]) = (points.Loss[i], points.Accuracy[i], points.Clamped[i]);
        }

        return grid;
    }

    private LandscapePoints Points(Func<Tensor[], Tensor[]> evaluate, Device device, IReadOnlyList<double> alphas, IReadOnlyList<double> betas)
    {
        ArgumentNullException.ThrowIfNull(alphas);
        ArgumentNullException.ThrowIfNull(betas);
        if (alphas.Count != betas.Count) throw new ArgumentException($"LossLandscape: {alphas.Count} steps along x and {betas.Count} along y are not of the same points", nameof(betas));
        var points = alphas.Count;
        var (loss, accuracy, clamped) = (new double[points], new double[points], new bool[points]);
        var tile = Math.Min(Tile, points);
        var batches = Statistics == BatchStatistics.Recomputed ? Joined() : data;
        for (var start = 0; start < points; start += tile)
        {
            // The last tile repeats its last point, so that all have one shape.
            int[] chosen = [.. Enumerable.Range(start, tile).Select(i => Math.Min(i, points - 1))];
            var (losses, right, negative, samples) = Sums(evaluate, batches, Steps(chosen, alphas), Steps(chosen, betas));
            for (var i = 0; i < Math.Min(tile, points - start); i++)
                (loss[start + i], accuracy[start + i], clamped[start + i]) = (losses[i] / samples, right[i] / samples, negative[i] > 0);
            Progress?.Report(Math.Min(points, start + tile));
        }

        return new(loss, accuracy, clamped);

        Tensor Steps(int[] positions, IReadOnlyList<double> steps) => Tensor.From(Array.ConvertAll(positions, i => steps[i]), device: device);
    }

    private (double[] Losses, double[] Right, double[] Clamped, long Samples) Sums(
        Func<Tensor[], Tensor[]> evaluate, IEnumerable<Batch> batches, Tensor alphas, Tensor betas)
    {
        Tensor[]? sums = null;
        long samples = 0;
        foreach (var batch in batches)
        {
            Cancellation.ThrowIfCancellationRequested();
            var terms = evaluate([alphas, betas, .. batch.Leaves]);
            sums = sums is null ? terms : [.. sums.Zip(terms, static (a, b) => a + b)];
            Tensor.Evaluate(sums);
            samples += batch.Size;
        }

        return sums is null
            ? throw new ArgumentException("LossLandscape: the data have no batch")
            : (sums[0].ToArray<double>(), sums[1].ToArray<double>(), sums[2].ToArray<double>(), samples);
    }

    private Batch[] Joined()
    {
        Batch[] all = [.. data];
        if (all.Length < 2) return all;
        return [new([.. Enumerable.Range(0, all[0].Count).Select(column => Tensor.Concatenate(0, Array.ConvertAll(all, batch => batch[column])))])];
    }

    // From steps [tile] and a batch: sums of losses, right answers and negative variances of each point.
    private Func<Tensor[], Tensor[]> Evaluation(WeightPlane plane, Parameters state)
    {
        return Transform.Compile((Tensor[] a) =>
        {
            var axes = new int?[a.Length];
            axes[0] = axes[1] = 0;
            return Transform.Vmap(At, axes)(a);
        });

        Tensor[] At(Tensor[] a)
        {
            var point = plane.At(a[0], a[1]);
            var batch = new Batch(a[2..]);
            var negative = Tensor.Zeros([], DType.Float64, a[0].Device) * a[0];
            if (Statistics == BatchStatistics.Interpolated)
            {
                var variances = point.Where(name => name.EndsWith(Variance, StringComparison.Ordinal) && state.Contains(name));
                foreach (var variance in variances.Leaves) negative += (variance < 0).To(DType.Float64).Sum();
                point = point.With(variances.Map(static v => v.Maximum(0)));
            }

            var statistics = point.Where(state.Contains);
            var context = Statistics == BatchStatistics.Recomputed ? Context.ForTraining(state: statistics) : Context.ForInference(statistics);
            var outputs = module.Apply(point.Where(name => !state.Contains(name)), batch.Input, context);
            var losses = loss.PerSample(outputs, batch.Target).To(DType.Float64).Sum();
            var right = batch.Target.DType.IsInteger()
                ? outputs.ArgMax(1).Equal(batch.Target).To(DType.Float64).Sum()
                : losses * double.NaN;
            return [losses, right, negative];
        }
    }
}
