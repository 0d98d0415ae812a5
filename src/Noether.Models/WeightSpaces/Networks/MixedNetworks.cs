namespace Noether.Models.WeightSpaces;

/// <summary>
/// Networks of different widths in one batch: layers whose parameters do not depend on hidden widths (<see cref="NpLinear"/>, <see cref="HnpLinear"/>,
/// attention, pools) are applied to each group of equal sizes, and results come back in the networks' order.
/// </summary>
/// <remarks>Exact: nothing is padded, so means are over a network's own neurons. As fast as the groups are large.</remarks>
public sealed class MixedNetworks
{
    private readonly (WeightFeatures Networks, int[] Places)[] groups;

    /// <summary>A batch of networks.</summary>
    /// <param name="networks">Each with a batch of its own, in order; of any sizes that the model takes.</param>
    /// <exception cref="ArgumentException">There is no network.</exception>
    public MixedNetworks(IReadOnlyList<WeightFeatures> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        if (networks.Count == 0) throw new ArgumentException("MixedNetworks: no networks", nameof(networks));
        var first = 0;
        var placed = networks.Select(each => (Networks: each, First: (first += each.Batch) - each.Batch)).ToArray();
        Count = first;
        groups = [.. placed.GroupBy(static each => (each.Networks.Spec, each.Networks.Channels)).Select(static group => (
            group.First().Networks.WithLeaves([.. Enumerable.Range(0, 2 * group.Key.Spec.Layers).Select(leaf => Tensor.Concatenate(0, [.. group.Select(each => each.Networks.Leaves[leaf])]))]),
            group.SelectMany(static each => Enumerable.Range(each.First, each.Networks.Batch)).ToArray()))];
    }

    /// <summary>How many networks there are.</summary>
    public int Count { get; }

    /// <summary>Networks of equal sizes together, and the place of each in the batch.</summary>
    public IReadOnlyList<(WeightFeatures Networks, int[] Places)> Groups => groups;

    /// <summary>A model's results for all networks, in their order: [batch, …].</summary>
    /// <param name="model">From features of any of the sizes to [batch, …], with parameters and state inside.</param>
    public Tensor Apply(Func<WeightFeatures, Tensor> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var back = new int[Count];
        var at = 0;
        foreach (var place in groups.SelectMany(static group => group.Places)) back[place] = at++;
        return Tensor.Concatenate(0, [.. groups.Select(group => model(group.Networks))]).Take(Tensor.From(back, [Count], groups[0].Networks.Biases[0].Device));
    }
}
