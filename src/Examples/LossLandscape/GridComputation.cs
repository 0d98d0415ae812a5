using System.Diagnostics;

using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;
using Noether.Nn;

using Evaluator = Noether.Models.LossLandscapes.LossLandscape;

namespace Noether.Examples.LossLandscape;

/// <summary>Computes a grid block by block; what is computed lies in a file, from which a resumed run goes on.</summary>
/// <param name="run">The run.</param>
/// <param name="path">The file of the arrays.</param>
/// <param name="header">Everything that the arrays depend on: a file with another one is of another grid.</param>
internal sealed class GridComputation(ExampleRun run, string path, string header)
{
    // Each point takes the memory of a batch's activations; statistics of all the data at once take that of all the data.
    private const int MostTogether = 32, FewTogether = 4;

    // A large file is not written again for every few points.
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    /// <summary>What is computed, for the progress.</summary>
    public string What { get; init; } = "surface";

    /// <summary>Points computed a second by this run; 0 if it computed none.</summary>
    public double PointsPerSecond { get; private set; }

    /// <summary>The losses at origin + x·first + y·second.</summary>
    public MetricGrid Compute(
        Module module, Parameters origin, Parameters first, Parameters second, double[] xs, double[] ys, IReadOnlyList<EvaluationSet> sets, BatchStatistics statistics)
    {
        var grid = new MetricGrid(xs, ys, EvaluationSet.Metrics(sets));
        if (run.Resume && File.Exists(path)) grid.Load(path, header);
        var most = statistics == BatchStatistics.Recomputed ? FewTogether : MostTogether;
        var columns = Part(xs.Length, most);
        var rows = Math.Min(ys.Length, Math.Max(1, most / columns));
        run.CanResumeFrom(path);
        var (clock, saved) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        var (computed, unsaved) = (0, false);
        using var bar = run.Progress(What, (long)xs.Length * ys.Length * sets.Count);
        try
        {
            foreach (var (i, set) in sets.Index())
            {
                var landscape = new Evaluator(module, OutputLoss.CrossEntropy(), set.Batches) { Cancellation = run.Cancellation, Statistics = statistics, Tile = rows * columns };
                var plane = landscape.PlaneThrough(origin, first, second);
                var (losses, accuracies) = (grid[set.Loss(i)], grid[set.Accuracy(i)]);
                for (var row = 0; row < ys.Length; row += rows)
                {
                    for (var column = 0; column < xs.Length; column += columns)
                    {
                        // The last blocks reach back, so that all have one shape and one plan.
                        var (top, left) = (Math.Min(row, ys.Length - rows), Math.Min(column, xs.Length - columns));
                        var added = Math.Min(rows, ys.Length - row) * Math.Min(columns, xs.Length - column);
                        if (!Lacks(accuracies, top, left, rows, columns))
                        {
                            bar.Skip(added);
                            continue;
                        }

                        var part = plane(xs[left..(left + columns)], ys[top..(top + rows)]);
                        for (var r = 0; r < rows; r++)
                        {
                            for (var c = 0; c < columns; c++)
                            {
                                if (!double.IsNaN(accuracies[top + r, left + c])) continue;
                                (losses[top + r, left + c], accuracies[top + r, left + c]) = (part.Loss[r, c], part.Accuracy[r, c]);
                                grid[EvaluationSet.Clamped][top + r, left + c] = part.Clamped[r, c] ? 1 : 0;
                            }
                        }

                        (computed, unsaved) = (computed + added, true);
                        if (saved.Elapsed > SaveEvery)
                        {
                            grid.Save(path, header);
                            saved.Restart();
                            unsaved = false;
                        }

                        bar.Advance(FormattableString.Invariant($"{computed / clock.Elapsed.TotalSeconds:0.0} points/s"), added);
                    }
                }
            }
        }
        finally
        {
            if (unsaved) grid.Save(path, header);
        }

        PointsPerSecond = computed / clock.Elapsed.TotalSeconds;
        return grid;
    }

    // The largest part that cuts a row into equal ones, or nearly.
    private static int Part(int count, int most)
    {
        var parts = (count + most - 1) / most;
        return (count + parts - 1) / parts;
    }

    // An accuracy is a number even where the loss is none.
    private static bool Lacks(double[,] accuracies, int top, int left, int rows, int columns)
    {
        for (var r = top; r < top + rows; r++)
        {
            for (var c = left; c < left + columns; c++)
            {
                if (double.IsNaN(accuracies[r, c])) return true;
            }
        }

        return false;
    }
}
