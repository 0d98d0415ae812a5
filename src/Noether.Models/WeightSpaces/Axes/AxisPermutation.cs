namespace Noether.Models.WeightSpaces;

/// <summary>A reordering of the axes of networks, the same in every tensor that has them: the networks compute the same function.</summary>
public sealed class AxisPermutation
{
    private readonly Dictionary<string, int[]> orders;

    /// <summary>An order for some axes; others stay as they are.</summary>
    /// <param name="spec">The networks' tensors.</param>
    /// <param name="orders">By the axes' names: which place comes to each place.</param>
    /// <exception cref="ArgumentException">An axis does not permute, or an order is no permutation of its places.</exception>
    public AxisPermutation(AxisSpec spec, IReadOnlyDictionary<string, int[]> orders)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(orders);
        foreach (var (name, order) in orders)
        {
            var axis = spec.Axes.FirstOrDefault(axis => axis.Name == name && axis.Permutes)
                ?? throw new ArgumentException($"AxisPermutation: no axis '{name}' permutes, but {string.Join(", ", spec.Axes.Where(static axis => axis.Permutes).Select(static axis => axis.Name))}", nameof(orders));
            if (!order.Order().SequenceEqual(Enumerable.Range(0, axis.Size)))
                throw new ArgumentException($"AxisPermutation: [{string.Join(", ", order)}] is no order of the {axis.Size} places of '{name}'", nameof(orders));
        }

        (Spec, this.orders) = (spec, new(orders));
    }

    /// <summary>The networks' tensors.</summary>
    public AxisSpec Spec { get; }

    /// <summary>For each axis that moves, which place comes to each place.</summary>
    public IReadOnlyDictionary<string, int[]> Orders => orders;

    /// <summary>A random one of all axes that permute.</summary>
    /// <param name="spec">The networks' tensors.</param>
    /// <param name="key">Decides it.</param>
    public static AxisPermutation Random(AxisSpec spec, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(key);
        var keys = key.Split(Math.Max(1, spec.Axes.Count));
        return new(spec, spec.Axes.Index().Where(static each => each.Item.Permutes).ToDictionary(static each => each.Item.Name, each => keys[each.Index].Permutation(each.Item.Size).ToArray<int>()));
    }

    /// <summary>The reordered features.</summary>
    /// <exception cref="ShapeException">The networks have other tensors.</exception>
    public AxisFeatures Apply(AxisFeatures x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!x.Spec.Equals(Spec)) throw new ShapeException("AxisPermutation: made for networks of other tensors");
        return x.Map((i, t) => Spec.PermutedAxes(i).Index().Aggregate(t, (y, each) =>
            orders.TryGetValue(each.Item.Name, out var order) ? y.Take(Tensor.From(order, [order.Length], t.Device), each.Index + 2) : y));
    }
}
