namespace Noether.Models.WeightSpaces;

/// <summary>A reordering of the neurons of each layer of networks, the input's and output's included.</summary>
/// <remarks>W'_i[j, k] = W_i[p_{i+1}[j], p_i[k]], b'_i[j] = b_i[p_{i+1}[j]]: where hidden neurons alone move, the networks compute the same function.</remarks>
public sealed class NeuronPermutation
{
    private readonly int[][] orders;

    /// <summary>An order for each layer of neurons.</summary>
    /// <param name="spec">The networks' sizes.</param>
    /// <param name="orders">For each layer of neurons, from the input on, a permutation of 0 … width - 1.</param>
    /// <exception cref="ArgumentException">An entry is no permutation of its layer's neurons.</exception>
    public NeuronPermutation(WeightSpec spec, IReadOnlyList<int[]> orders)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (orders.Count != spec.Widths.Count) throw new ArgumentException($"NeuronPermutation: {orders.Count} orders for {spec.Widths.Count} layers of neurons", nameof(orders));
        for (var i = 0; i < orders.Count; i++)
        {
            if (!orders[i].Order().SequenceEqual(Enumerable.Range(0, spec.Widths[i])))
                throw new ArgumentException($"NeuronPermutation: [{string.Join(", ", orders[i])}] is no order of the {spec.Widths[i]} neurons of layer {i}", nameof(orders));
        }

        (Spec, this.orders) = (spec, [.. orders]);
    }

    /// <summary>The networks' sizes.</summary>
    public WeightSpec Spec { get; }

    /// <summary>For each layer of neurons, which neuron comes to each place.</summary>
    public IReadOnlyList<int[]> Orders => orders;

    /// <summary>A random one.</summary>
    /// <param name="spec">The networks' sizes.</param>
    /// <param name="key">Decides it.</param>
    /// <param name="hiddenOnly">Leaves the input's and the output's neurons in place (the group HNP); else all move (NP).</param>
    public static NeuronPermutation Random(WeightSpec spec, RandomKey key, bool hiddenOnly = true)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var keys = key.Split(spec.Widths.Count);
        return new(spec, [.. spec.Widths.Select((n, i) =>
            hiddenOnly && (i == 0 || i == spec.Layers) ? [.. Enumerable.Range(0, n)] : keys[i].Permutation(n).ToArray<int>())]);
    }

    /// <summary>The reordered features.</summary>
    /// <exception cref="ShapeException">The networks have other sizes.</exception>
    public WeightFeatures Apply(WeightFeatures x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!x.Spec.Equals(Spec)) throw new ShapeException($"NeuronPermutation: made for networks {Spec}, not {x.Spec}");
        var taken = Array.ConvertAll(orders, order => Tensor.From(order, [order.Length], x.Biases[0].Device));
        return x.Map((i, w) => w.Take(taken[i + 1], -2).Take(taken[i], -1), (i, b) => b.Take(taken[i + 1], -1));
    }
}
