using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.LossLandscapes;

/// <summary>How far a loss is from convex over lines and planes through weight space: both ends of its Hessian's spectrum at every point.</summary>
/// <param name="module">The network, to [samples, outputs].</param>
/// <param name="loss">The loss of outputs.</param>
/// <param name="data">Batches of inputs and targets, which count by their samples; gone through once a product.</param>
/// <remarks>
/// One two-ended Lanczos iteration a point (<see cref="Eigen.Extremal"/>), which begins from both eigenvectors of the point before: rows are walked to
/// and fro, so that it is a neighbour. The product takes the point as an argument and is compiled once. Points are trees of parameters and state together, as in
/// <see cref="LossLandscape"/>. Source: Li et al. (2018), section 6.
/// </remarks>
public sealed class ConvexityMap(Module module, OutputLoss loss, IEnumerable<Batch> data)
{
    // Beside the neighbour's eigenvectors: enough for Lanczos to find another pair that has overtaken them.
    private const double Noise = 0.1;

    /// <summary>What batch normalisation normalises by: the running statistics of the centre everywhere, or each batch's own.</summary>
    public NormalizationMode Normalization { get; init; } = NormalizationMode.Frozen;

    /// <summary>Which tensors the Hessian is of, by name; null: those with two axes or more, as published. <c>_ => true</c> takes all.</summary>
    public Func<string, bool>? TakesPart { get; init; }

    /// <summary>
    /// A point is done when both residuals are below this part of the largest |λ|: some eigenvalue then lies as near to each. Ends that stand apart are right to the square of it,
    /// an end that others crowd to about it.
    /// </summary>
    public double Tolerance { get; init; } = 1e-2;

    /// <summary>The most products to spend on a point.</summary>
    public int MaxProducts { get; init; } = 100;

    /// <summary>Told the number of finished points after each.</summary>
    public IProgress<int>? Progress { get; init; }

    /// <summary>Looked at before each batch.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The map on a line.</summary>
    /// <param name="origin">θ with the module's state.</param>
    /// <param name="direction">δ.</param>
    /// <param name="xs">α.</param>
    /// <inheritdoc cref="Plane"/>
    public EigenvalueGrid Line(Parameters origin, Parameters direction, IReadOnlyList<double> xs) => Plane(origin, direction, Parameters.Empty, xs, [0]);

    /// <summary>The map on a plane.</summary>
    /// <param name="origin">θ with the module's state.</param>
    /// <param name="x">δ: tensors that it has not stay.</param>
    /// <param name="y">η.</param>
    /// <param name="xs">α.</param>
    /// <param name="ys">β.</param>
    /// <exception cref="ParameterException">A direction has a tensor that the origin has not, or of another shape; or no tensor takes part.</exception>
    public EigenvalueGrid Plane(Parameters origin, Parameters x, Parameters y, IReadOnlyList<double> xs, IReadOnlyList<double> ys) =>
        PlaneThrough(origin, x, y)(xs, ys);

    /// <summary>
    /// A plane to be computed part by part: from α and β to the map on their grid, compiled once. A part depends on its own α and β alone, so that a run that was
    /// interrupted between parts ends with the same bits; the first point of a part has no neighbour and takes more products than others.
    /// </summary>
    /// <inheritdoc cref="Plane"/>
    public Func<IReadOnlyList<double>, IReadOnlyList<double>, EigenvalueGrid> PlaneThrough(Parameters origin, Parameters x, Parameters y)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Tolerance);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxProducts, 2);
        var state = module.InitState(device: origin.Leaves[0].Device);
        var plane = new WeightPlane(nameof(ConvexityMap), origin, x, y, name => !state.Contains(name));
        var risk = EmpiricalRisk.Of(module, loss, data, origin.Where(state.Contains), Normalization);

        // What is kept of a point would be traced anew at the next one.
        CurvatureOperator hessian = new HessianOperator(risk, Weights(origin), TakesPart ?? (name => origin[name].Rank > 1)) { KeptBytes = 0, Cancellation = Cancellation };
        return (xs, ys) => Walk((alpha, beta) => hessian.MovedTo(Weights(plane.At(alpha, beta))), xs, ys);

        Parameters Weights(Parameters point) => point.Where(name => !state.Contains(name));
    }

    private EigenvalueGrid Walk(Func<double, double, CurvatureOperator> at, IReadOnlyList<double> xs, IReadOnlyList<double> ys)
    {
        ArgumentNullException.ThrowIfNull(xs);
        ArgumentNullException.ThrowIfNull(ys);
        var grid = EigenvalueGrid.Over(xs, ys);
        Parameters? start = null;
        for (var i = 0; i < xs.Count * ys.Count; i++)
        {
            var (row, column) = (i / xs.Count, i % xs.Count);
            if (row % 2 == 1) column = xs.Count - 1 - column;
            var hessian = at(xs[column], ys[row]);
            start = Measure(hessian, start, grid, row, column);
            Progress?.Report(i + 1);
        }

        return grid;
    }

    // Fills in a point and says where the next one is to begin.
    private Parameters? Measure(CurvatureOperator hessian, Parameters? start, EigenvalueGrid grid, int row, int column)
    {
        var space = hessian.Space;
        var draws = space.Normal(RandomKey.From(0, space.Zero.Leaves[0].Device));
        try
        {
            var found = Eigen.Extremal(hessian, 1, 1, Tolerance, MaxProducts, start is null ? draws : space.Axpy(Noise / Math.Sqrt(space.Size), draws, start));
            var residual = found.Residuals.Max();
            (grid.Largest[row, column], grid.Smallest[row, column], grid.Residual[row, column]) = (found.Values[0], found.Values[1], residual);
            grid.Products[row, column] = found.Products;
            grid.Converged[row, column] = residual <= Tolerance * found.Values.Max(Math.Abs);
            var next = found.Vectors.Map(static x => x.Sum(0));
            Tensor.Evaluate(next);
            return next;
        }
        catch (NumericsException)
        {
            (grid.Largest[row, column], grid.Smallest[row, column], grid.Residual[row, column]) = (double.NaN, double.NaN, double.NaN);
            return null;
        }
    }
}
