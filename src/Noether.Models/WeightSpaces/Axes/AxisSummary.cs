namespace Noether.Models.WeightSpaces;

/// <summary>What patterns gather of some features, each thing once.</summary>
internal sealed class AxisSummary(AxisFeatures x)
{
    private readonly Dictionary<string, Tensor> gathered = [];
    private readonly Dictionary<string, Tensor> joined = [];

    /// <summary>[batch, channels of all sources, matched blocks…].</summary>
    public Tensor Of(AxisPattern pattern) => joined.TryGetValue(pattern.Key, out var found)
        ? found
        : joined[pattern.Key] = Tensor.Concatenate(1, [.. pattern.Sources.Select(Of)]);

    private Tensor Of(AxisSource source)
    {
        if (gathered.TryGetValue(source.Key, out var found)) return found;
        var tensor = x.Leaves[source.Tensor];
        if (tensor.Rank != 4 || source.Blocks[0] == source.Blocks[1] || source.Kept == 2) return gathered[source.Key] = source.Gather(tensor);

        // The means of a matrix are found together, in one read.
        var (rows, columns, total) = tensor.RowAndColumnMeans();
        foreach (var (kept, mean) in ((int[], Tensor)[])[([0], rows), ([1], columns), ([], total)])
            gathered[new AxisSource(source.Tensor, [0, 1], kept).Key] = mean;
        return gathered[source.Key];
    }
}
