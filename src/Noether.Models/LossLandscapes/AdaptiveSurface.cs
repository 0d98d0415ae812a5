namespace Noether.Models.LossLandscapes;

/// <summary>
/// A surface that is computed where it bends: cells of a coarse grid are halved, those first whose interpolation is expected to err most, until it is expected to err nowhere by more
/// than a tolerance, or the points are spent.
/// </summary>
/// <remarks>
/// A cell that is halved learns how far bilinear interpolation was off at its centre and in the middle of its edges; its quarters are expected to err by a quarter of that, or of
/// what itself was expected to where that is more, for a surface may pass through those points by chance. A needle between coarse points can be missed. Cells are halved many at
/// once, so that their points are computed together.
/// </remarks>
public sealed record AdaptiveSurface
{
    private const double Shrinks = 4; // interpolation is of second order

    /// <summary>The expected error at which a cell stays as it is, in parts of the range of what was computed (of <see cref="Measure"/>).</summary>
    public double Tolerance { get; init; } = 1e-2;

    /// <summary>The most points to compute; the first two grids are computed whatever it says.</summary>
    public int Budget { get; init; } = int.MaxValue;

    /// <summary>How many times a coarse cell may be halved; the fine grid has <c>(coarse - 1)·2^levels + 1</c> points a side.</summary>
    public int Levels { get; init; } = 3;

    /// <summary>
    /// How many cells are halved at once, of about three points each: a landscape whose <see cref="LossLandscape.Tile"/> is not above twice this is compiled for one size only, but for
    /// the last few cells.
    /// </summary>
    public int Together { get; init; } = 32;

    /// <summary>What errors are judged by, such as <c>Math.Log</c> where losses span decades; null: the loss.</summary>
    public Func<double, double>? Measure { get; init; }

    /// <summary>Told how many points are computed after each part.</summary>
    public IProgress<int>? Progress { get; init; }

    /// <summary>Computes a surface.</summary>
    /// <param name="pointsOf">
    /// Losses at points, such as <see cref="LossLandscape.PointsThrough"/> gives; no point is asked for twice. What it was asked before it may answer from a file: points and their order
    /// follow from the losses alone.
    /// </param>
    /// <param name="xs">The coarse steps along the first direction, ascending; two or more.</param>
    /// <param name="ys">Along the second.</param>
    public AdaptiveGrid Compute(Func<IReadOnlyList<double>, IReadOnlyList<double>, LandscapePoints> pointsOf, IReadOnlyList<double> xs, IReadOnlyList<double> ys)
    {
        ArgumentNullException.ThrowIfNull(pointsOf);
        ArgumentNullException.ThrowIfNull(xs);
        ArgumentNullException.ThrowIfNull(ys);
        ArgumentOutOfRangeException.ThrowIfLessThan(xs.Count, 2, nameof(xs));
        ArgumentOutOfRangeException.ThrowIfLessThan(ys.Count, 2, nameof(ys));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Levels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Together);
        var surface = new PartialSurface(pointsOf, Refined(xs), Refined(ys), Measure ?? (static loss => loss), Progress);
        var size = 1 << Levels;
        Cell[] coarse = [.. Enumerable.Range(0, (xs.Count - 1) * (ys.Count - 1)).Select(i => new Cell(i / (xs.Count - 1) * size, i % (xs.Count - 1) * size, size))];
        surface.Add(coarse.SelectMany(static cell => cell.Corners));

        // Most urgent first. Of a coarse cell nothing is known before it is halved.
        var waiting = new PriorityQueue<Cell, double>();
        var leaves = new List<(Cell Cell, double Error)>();
        Halve([.. coarse.Select(static cell => (cell, 0.0))]);
        while (waiting.TryPeek(out _, out var urgency) && -urgency > Tolerance * surface.Range && surface.Count < Budget)
        {
            var chosen = new List<(Cell Cell, double Error)>();
            while (chosen.Count < Together && waiting.TryPeek(out var next, out urgency) && -urgency > Tolerance * surface.Range)
            {
                if (surface.Count + chosen.Select(static item => item.Cell).Append(next).SelectMany(static cell => cell.Middles).Where(surface.IsMissing).Distinct().Count() > Budget) break;
                chosen.Add((waiting.Dequeue(), -urgency));
            }

            if (chosen.Count == 0) break;
            Halve([.. chosen]);
        }

        while (waiting.TryDequeue(out var rest, out var urgency)) leaves.Add((rest, -urgency));
        foreach (var (cell, _) in leaves) surface.Fill(cell);
        return surface.Finished(leaves.Max(static leaf => leaf.Error));

        void Halve((Cell Cell, double Expected)[] cells)
        {
            surface.Add(cells.SelectMany(static item => item.Cell.Middles));
            foreach (var (cell, expected) in cells)
            {
                var error = Math.Max(surface.Error(cell), double.IsFinite(expected) ? expected : 0) / Shrinks;
                foreach (var part in cell.Quarters)
                {
                    if (part.Size > 1) waiting.Enqueue(part, -error);
                    else leaves.Add((part, 0)); // all of its points are computed
                }
            }
        }
    }

    private double[] Refined(IReadOnlyList<double> coarse)
    {
        var parts = 1 << Levels;
        return [.. Enumerable.Range(0, (coarse.Count - 1) * parts).Select(i => coarse[i / parts] + (coarse[i / parts + 1] - coarse[i / parts]) * (i % parts) / parts), coarse[^1]];
    }
}
