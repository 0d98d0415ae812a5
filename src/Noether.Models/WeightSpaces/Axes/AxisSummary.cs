namespace Noether.Models.WeightSpaces;

/// <summary>What patterns gather of some features, each thing once.</summary>
internal sealed class AxisSummary(AxisFeatures x)
{
    private readonly Dictionary<string, Tensor> gathered = [];

    /// <summary>[batch, channels of all sources, matched blocks…].</summary>
    public Tensor Of(AxisPattern pattern) => Tensor.Concatenate(1, [.. pattern.Sources.Select(Of)]);

    private Tensor Of(AxisSource source)
    {
        if (!gathered.TryGetValue(source.Key, out var found))
        {
            // The means of a matrix are found together, in one read.
            var matrix = x.Leaves[source.Tensor];
            if (matrix.Rank == 4 && source.Blocks[0] != source.Blocks[1] && source.Kept.Length < 2)
            {
                var (rows, columns, total) = matrix.RowAndColumnMeans();
                var (row, column) = (source.Blocks[0], source.Blocks[1]);
                Add([row], rows);
                Add([column], columns);
                Add([], total);
                return gathered[source.Key];

                void Add(int[] kept, Tensor mean) => gathered[(source with { Kept = kept }).Key] = mean;
            }

            gathered[source.Key] = found = source.Gather(matrix);
        }

        return found;
    }
}
