using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>
    /// Means of matrices over their columns, over their rows and over both, in one read: what layers on the weights of networks see of a weight tensor.
    /// </summary>
    /// <remarks>For x of [batch…, rows, columns]. Means of nothing are NaN.</remarks>
    /// <returns>A mean for each row [batch…, rows], for each column [batch…, columns], and for each matrix [batch…].</returns>
    /// <exception cref="ShapeException">There are fewer than two axes.</exception>
    public (Tensor Rows, Tensor Columns, Tensor Total) RowAndColumnMeans()
    {
        if (Rank < 2) throw new ShapeException($"RowAndColumnMeans: {Shape} are no matrices");
        var sums = ApplyMany(AxisSums.Instance, Floating());
        var rows = sums[0] / Shape[^1];
        return (rows, sums[1] / Shape[^2], rows.Mean(-1));
    }

    /// <summary>
    /// Mixes the channels of matrices and adds terms that depend on the row or on the column alone:
    /// <c>y[b, o, j, k] = Σ_c w[o, c] x[b, c, j, k] + rows[b, o, j] + columns[b, o, k]</c>.
    /// </summary>
    /// <remarks>
    /// For x of [batch, in, rows, columns]. A permutation-equivariant layer on the weights of networks is this for each weight tensor, with terms made of
    /// <see cref="RowAndColumnMeans"/> (a bias or a global term is a row term equal for all rows). One product; the result is written once.
    /// Source: Zhou et al., Permutation equivariant neural functionals (2023).
    /// </remarks>
    /// <param name="weight">[out, in].</param>
    /// <param name="rows">[batch, out, rows], or sizes of 1 that repeat.</param>
    /// <param name="columns">[batch, out, columns], or sizes of 1 that repeat.</param>
    /// <returns>[batch, out, rows, columns].</returns>
    /// <exception cref="ShapeException">Shapes do not go together.</exception>
    public Tensor MixChannels(Tensor weight, Tensor rows, Tensor columns)
    {
        const string operation = "MixChannels";
        if (Rank != 4) throw new ShapeException($"{operation}: {Shape} is not [batch, channels, rows, columns]");
        if (weight.Rank != 2 || weight.Shape[1] != Shape[1])
            throw new ShapeException($"{operation}: weights {weight.Shape} do not mix the {Shape[1]} channels of {Shape}");
        Shape rowTerms = [Shape[0], weight.Shape[0], Shape[2]], columnTerms = [Shape[0], weight.Shape[0], Shape[3]];
        if (!rowTerms.Equals(Shape.Broadcast(rows.Shape, rowTerms)))
            throw new ShapeException($"{operation}: row terms {rows.Shape} do not repeat to {rowTerms}");
        if (!columnTerms.Equals(Shape.Broadcast(columns.Shape, columnTerms)))
            throw new ShapeException($"{operation}: column terms {columns.Shape} do not repeat to {columnTerms}");
        var type = DTypes.Promote(DTypes.Promote(DType, weight.DType), DTypes.Promote(rows.DType, columns.DType)).ToFloating();
        return Apply(ChannelMix.Instance, weight.To(type), To(type), rows.To(type).BroadcastTo(rowTerms), columns.To(type).BroadcastTo(columnTerms));
    }
}
