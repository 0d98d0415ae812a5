namespace Noether.Models.SharpnessAware;

/// <summary>What features say of classes without training: each example is taken for what most of its nearest neighbours are.</summary>
/// <remarks>Neighbours by the cosine of features, k = 10, as Andriushchenko et al. (2023) probe features on another set of images.</remarks>
public static class NearestNeighbours
{
    /// <summary>The classes [queries] that neighbours vote for, int64; of equal votes the smallest class.</summary>
    /// <param name="known">Features [examples, features…] of examples whose classes are known.</param>
    /// <param name="classes">Their classes [examples].</param>
    /// <param name="queries">Features [queries, features…].</param>
    /// <param name="neighbours">k.</param>
    public static Tensor Classify(Tensor known, Tensor classes, Tensor queries, int neighbours = 10)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(queries);
        if (known.Rank < 2 || queries.Rank < 2 || !known.Shape[1..].Equals(queries.Shape[1..]) || classes.Rank != 1 || classes.Shape[0] != known.Shape[0])
            throw new ShapeException($"NearestNeighbours: features {known.Shape}, classes {classes.Shape} and queries {queries.Shape} do not belong together");
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        var nearest = Unit(queries).MatMul(Unit(known).Transpose()).TopK(Math.Min(neighbours, known.Shape[0]), 1).Indices;
        var count = (int)classes.Max().Item<long>() + 1;
        return classes.Take(nearest).OneHot(count).Sum(1).ArgMax(1);
    }

    // Rows of length one; zero stays zero.
    private static Tensor Unit(Tensor features)
    {
        var rows = features.Reshape([features.Shape[0], checked((int)features.Shape[1..].Size)]);
        var norms = rows.Norm(1, keepAxis: true);
        return rows / Tensor.Select(norms > 0, norms, 1);
    }
}
