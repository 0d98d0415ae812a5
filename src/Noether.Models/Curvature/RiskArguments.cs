using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>What a compiled function of a risk takes: where, along what, and the data.</summary>
internal sealed record RiskArguments(Parameters Point, Parameters Vector, Batch Batch) : ITensorTree<RiskArguments>
{
    public RiskArguments(Parameters point, Batch batch)
        : this(point, Parameters.Empty, batch)
    {
    }

    public IReadOnlyList<Tensor> Leaves => [.. Point.Leaves, .. Vector.Leaves, .. Batch.Leaves];

    public object Structure => (Point.Structure, Vector.Structure);

    public RiskArguments WithLeaves(IReadOnlyList<Tensor> leaves)
    {
        Tensor[] all = [.. leaves];
        var (points, vectors) = (Point.Count, Vector.Count);
        return new(
            Point.WithLeaves(all[..points]),
            Vector.WithLeaves(all[points..(points + vectors)]),
            Batch.WithLeaves(all[(points + vectors)..]));
    }
}
