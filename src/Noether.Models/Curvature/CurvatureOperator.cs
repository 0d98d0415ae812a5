using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>A matrix of second order of an <see cref="EmpiricalRisk"/> at fixed parameters: a mean over samples.</summary>
/// <remarks>
/// The product of each batch is compiled once and counts by the batch's samples. From the second product on what a batch's primal pass leaves is kept
/// (<see cref="KeptBytes"/>), so that only the linear part is computed: of a layer with products of matrices 6 instead of 8. Tensors that take no part stay
/// constant: a product is the principal block's.
/// </remarks>
public abstract class CurvatureOperator : SymmetricOperator
{
    private readonly Func<RiskArguments, Parameters> product, block;
    private List<Func<Parameters, Parameters>> linear = []; // of the first batches, at the point
    private long kept;
    private int products;

    /// <summary>The operator at a point.</summary>
    /// <param name="risk">L.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="takesPart">Which tensors, by name; null: all.</param>
    protected CurvatureOperator(EmpiricalRisk risk, Parameters parameters, Func<string, bool>? takesPart)
    {
        ArgumentNullException.ThrowIfNull(risk);
        (Risk, At, Space) = (risk, parameters, new(parameters, takesPart));
        product = Transform.Compile((RiskArguments a) => Product(a.Point, a.Batch, a.Vector));
        block = Transform.Compile((RiskArguments a) => Transform.Vmap((Parameters v) => Product(a.Point, a.Batch, v))(a.Vector));
    }

    /// <summary>L.</summary>
    public EmpiricalRisk Risk { get; }

    /// <summary>θ: all parameters.</summary>
    public Parameters At { get; private set; }

    /// <inheritdoc/>
    public sealed override ParameterSpace Space { get; }

    /// <summary>How many bytes the primal passes of batches may take between products; those beyond it are computed anew each time. 0: nothing is kept.</summary>
    public long KeptBytes { get; init; } = 1L << 30;

    /// <summary>Told after each batch.</summary>
    public IProgress<ProductProgress>? Progress { get; init; }

    /// <summary>Looked at before each batch.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <inheritdoc/>
    public sealed override Parameters Apply(Parameters vector)
    {
        Space.Zero.CheckMatches(vector, GetType().Name);
        return Over((index, batch) => Linear(index, batch, vector) ?? product(new(At, vector, batch)));
    }

    /// <inheritdoc/>
    public sealed override Parameters ApplyBlock(Parameters vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        Space.Zero.CheckMatches(vectors.Unstack(0), GetType().Name);
        return Over((_, batch) => block(new(At, vectors, batch)));
    }

    /// <summary>The same matrix at another point: what is compiled for every point is shared, what is kept of a point is not.</summary>
    /// <param name="parameters">θ, of the same names and shapes.</param>
    public CurvatureOperator MovedTo(Parameters parameters)
    {
        At.CheckMatches(parameters, GetType().Name);
        var moved = (CurvatureOperator)MemberwiseClone();
        (moved.At, moved.linear, moved.kept, moved.products) = (parameters, [], 0, 0);
        return moved;
    }

    /// <summary>The diagonal blocks of layers: the matrix of each, by the name that its tensors have before their last dot.</summary>
    public IReadOnlyDictionary<string, Tensor> LayerBlocks() => Space.Zero.Names
        .GroupBy(static name => name.Contains('.', StringComparison.Ordinal) ? name[..name.LastIndexOf('.')] : name)
        .ToDictionary(static layer => layer.Key, layer => Block(layer.Contains).ToMatrix());

    /// <summary>The principal block of some of the participating tensors.</summary>
    public CurvatureOperator Block(Func<string, bool> takesPart) => Restricted(name => Space.Zero.Contains(name) && takesPart(name));

    /// <summary>The same matrix on other tensors.</summary>
    private protected abstract CurvatureOperator Restricted(Func<string, bool> takesPart);

    /// <summary>The product of one batch: a mean over its samples.</summary>
    /// <param name="point">All parameters.</param>
    /// <param name="batch">The data.</param>
    /// <param name="vector">Of the participating tensors.</param>
    private protected abstract Parameters Product(Parameters point, Batch batch, Parameters vector);

    // The product of a batch whose primal pass is kept, or can be from now on; else null.
    private Parameters? Linear(int index, Batch batch, Parameters vector)
    {
        if (index < linear.Count) return linear[index](vector);
        if (products == 0 || index > linear.Count || kept >= KeptBytes) return null;
        var atPoint = Transform.Compile((Parameters v) => Product(At, batch, v));
        var device = At.Leaves[0].Device;
        var before = Memory.Live(device);
        var result = atPoint(vector);
        kept += Math.Max(0, Memory.Live(device) - before);
        if (kept < KeptBytes) linear.Add(atPoint);
        return result;
    }

    private Parameters Over(Func<int, Batch, Parameters> ofBatch)
    {
        var index = 0;
        var result = Risk.Mean(
            batch => ofBatch(index++, batch),
            samples => Progress?.Report(new(products, samples)),
            Cancellation);
        products++;
        return result;
    }
}
