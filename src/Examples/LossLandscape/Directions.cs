using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;
using Noether.Nn;

namespace Noether.Examples.LossLandscape;

/// <summary>Two directions through weight space, or one.</summary>
/// <param name="X">The first.</param>
/// <param name="Y">The second; empty for a line.</param>
/// <param name="Description">How they were made, in words; two runs with the same words and weights have the same directions.</param>
internal sealed record Directions(Parameters X, Parameters Y, string Description)
{
    /// <summary>The file that keeps them, so that other programs draw the same plane.</summary>
    public const string File = "directions.safetensors";

    private const string First = "x", Second = "y";

    /// <summary>Two directions as a command line names them.</summary>
    /// <param name="run">The run.</param>
    /// <param name="from">random, hessian, or a file.</param>
    /// <param name="at">Where they begin.</param>
    /// <param name="options">Of random ones.</param>
    /// <param name="states">Whether running statistics move too, with random ones.</param>
    /// <param name="set">What the Hessian is over.</param>
    /// <param name="plane">Whether a second one is needed.</param>
    public static (Directions Directions, IReadOnlyList<double>? Eigenvalues) Of(
        ExampleRun run, string from, Solution at, DirectionOptions options, bool states, EvaluationSet set, bool plane) => from switch
        {
            "random" => (Random(at, run.Seed, options, states), null),
            "hessian" => Hessian(run, at, set),
            _ => (Read(from, at, plane), null),
        };

    /// <summary>Random ones, scaled to the weights.</summary>
    public static Directions Random(Solution at, long seed, DirectionOptions options, bool states)
    {
        options = options with { FilterAxis = FilterAxes.Of(at.Module) };
        var weights = states ? at.Point.Where(name => at.Point[name].DType.IsFloating()) : at.Parameters;
        var (x, y) = RandomKey.From(seed).Fold(1).Split();
        return new(
            Direction.Random(weights, x, options), Direction.Random(weights, y, options),
            FormattableString.Invariant($"random, {options.Normalization} normalization, one-dimensional {options.OneDimensional}, {(states ? "with" : "without")} running statistics, seed {seed}"));
    }

    /// <summary>The eigenvectors of the Hessian's two largest eigenvalues, of length 1.</summary>
    public static (Directions Directions, IReadOnlyList<double> Eigenvalues) Hessian(ExampleRun run, Solution at, EvaluationSet set)
    {
        const int most = 200;
        const double tolerance = 1e-3;
        using var bar = run.Progress("eigenvectors", most);
        var products = 0;
        var risk = EmpiricalRisk.Of(at.Module, OutputLoss.CrossEntropy(), set.Batches, at.State);
        var hessian = new HessianOperator(risk, at.Parameters)
        {
            Cancellation = run.Cancellation,
            Progress = new Reporter(progress =>
            {
                bar.Advance(steps: progress.Products - products);
                products = progress.Products;
            }),
        };
        var pairs = Eigen.Extremal(hessian, largest: 2, tolerance: tolerance, maxProducts: most, key: RandomKey.From(0));
        var (x, y) = (pairs.Vectors.Unstack(0), pairs.Vectors.Unstack(1));
        Tensor.Evaluate([.. x.Leaves, .. y.Leaves]);
        return (new(x, y, FormattableString.Invariant($"eigenvectors of the Hessian over {set.Count} images ({set.Name}), frozen statistics, length 1")), pairs.Values);
    }

    /// <summary>Those of a file that <see cref="Save"/> wrote, or another program: tensors <c>x.NAME</c> and, for a plane, <c>y.NAME</c>.</summary>
    /// <exception cref="FileFormatException">The file is absent or broken, or a direction is none of this network's.</exception>
    public static Directions Read(string path, Solution at, bool plane)
    {
        var all = Checkpoint.LoadParameters(path);
        var (x, y) = (all.Under(First), all.Under(Second));
        if (x.Count == 0 || (plane && y.Count == 0)) throw new FileFormatException($"{path}: has no tensors {(x.Count == 0 ? First : Second)}.NAME; a direction is a tree of these");
        Check(path, First, x, at.Point);
        if (plane) Check(path, Second, y, at.Point);
        return new(x, plane ? y : Parameters.Empty, $"of a file, {Fingerprint.Of([.. x.Leaves, .. y.Leaves])[..16]}");
    }

    /// <summary>Writes them.</summary>
    public void Save(string path) => Checkpoint.SaveParameters(
        path, Y.Count == 0 ? Parameters.Nest((First, X)) : Parameters.Nest((First, X), (Second, Y)), new Dictionary<string, string> { ["directions"] = Description });

    private static void Check(string path, string which, Parameters direction, Parameters point)
    {
        foreach (var (name, d) in direction)
        {
            if (!point.TryGet(name, out var w)) throw new FileFormatException($"{path}: '{which}.{name}' is no tensor of the network");
            if (!w.Shape.Equals(d.Shape)) throw new FileFormatException($"{path}: '{which}.{name}' is {d.Shape}, but the network's is {w.Shape}");
            if (!d.DType.IsFloating() || !d.IsFinite().All().Item<bool>()) throw new FileFormatException($"{path}: '{which}.{name}' {d.Shape} holds values that are not finite numbers");
        }
    }

    // Progress<T> would report on another thread, after the bar is gone.
    private sealed class Reporter(Action<ProductProgress> report) : IProgress<ProductProgress>
    {
        public void Report(ProductProgress value) => report(value);
    }
}
