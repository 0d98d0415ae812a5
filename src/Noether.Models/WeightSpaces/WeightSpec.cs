namespace Noether.Models.WeightSpaces;

/// <summary>The sizes of a feed-forward network whose weights are data: widths of its layers of neurons, and the filters between them.</summary>
/// <remarks>
/// Layers count from 0: weight tensor i leads from <c>Widths[i]</c> to <c>Widths[i + 1]</c> neurons (channels, where it is a convolution). A dense
/// layer has a filter of 1 x 1; one that follows a flattened image [channels, h, w] may be read as a filter of h x w.
/// </remarks>
public sealed class WeightSpec : IEquatable<WeightSpec>
{
    private readonly int[] widths;
    private readonly (int Height, int Width)[] filters;

    /// <summary>A network of dense layers.</summary>
    /// <param name="widths">Neurons from input to output: at least two numbers.</param>
    public WeightSpec(params ReadOnlySpan<int> widths)
        : this(widths.ToArray(), null)
    {
    }

    /// <summary>A network of convolutions and dense layers.</summary>
    /// <param name="widths">Channels and neurons from input to output: at least two numbers.</param>
    /// <param name="filters">Height and width of each layer's filter, 1 x 1 where it is dense; null: all dense.</param>
    /// <exception cref="ArgumentException">A size is not positive, or there are not as many filters as layers.</exception>
    public WeightSpec(IReadOnlyList<int> widths, IReadOnlyList<(int Height, int Width)>? filters)
    {
        ArgumentNullException.ThrowIfNull(widths);
        if (widths.Count < 2) throw new ArgumentException($"WeightSpec: {widths.Count} widths make no layer", nameof(widths));
        this.widths = [.. widths];
        this.filters = filters is null ? [.. Enumerable.Repeat((1, 1), widths.Count - 1)] : [.. filters];
        if (this.filters.Length != Layers) throw new ArgumentException($"WeightSpec: {this.filters.Length} filters for {Layers} layers", nameof(filters));
        if (this.widths.Any(static n => n < 1) || this.filters.Any(static f => f.Height < 1 || f.Width < 1))
            throw new ArgumentException($"WeightSpec: sizes must be positive: {this}", nameof(widths));
    }

    /// <summary>Neurons (channels) of each layer, from the input to the output: one more than there are weight tensors.</summary>
    public IReadOnlyList<int> Widths => widths;

    /// <summary>Height and width of each weight tensor's filter; 1 x 1 where it is dense.</summary>
    public IReadOnlyList<(int Height, int Width)> Filters => filters;

    /// <summary>How many weight tensors there are.</summary>
    public int Layers => widths.Length - 1;

    /// <summary>Positions of all filters together.</summary>
    public int FilterSizes => Enumerable.Range(0, Layers).Sum(FilterSize);

    /// <summary>True if no layer is a convolution.</summary>
    public bool IsDense => filters.All(static f => f is (1, 1));

    /// <summary>How many weights and biases a network has.</summary>
    public int Parameters => Enumerable.Range(0, Layers).Sum(i => WeightSize(i) + widths[i + 1]);

    /// <summary>Positions of a layer's filter: height times width.</summary>
    public int FilterSize(int layer) => filters[layer].Height * filters[layer].Width;

    /// <summary>Numbers in a layer's weight tensor.</summary>
    public int WeightSize(int layer) => FilterSize(layer) * widths[layer] * widths[layer + 1];

    /// <summary>The shape of a layer's weight tensor in a network: [outputs, inputs], or [outputs, inputs, height, width] where it is a convolution.</summary>
    public Shape WeightShape(int layer) => filters[layer] is (1, 1)
        ? [widths[layer + 1], widths[layer]]
        : [widths[layer + 1], widths[layer], filters[layer].Height, filters[layer].Width];

    /// <inheritdoc/>
    public bool Equals(WeightSpec? other) => other is not null && widths.AsSpan().SequenceEqual(other.widths) && filters.AsSpan().SequenceEqual(other.filters);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WeightSpec);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var n in widths) hash.Add(n);
        foreach (var f in filters) hash.Add(f);
        return hash.ToHashCode();
    }

    /// <summary>The widths joined by dashes, each filter behind the layer it leads to: <c>1-16(3x3)-10</c>.</summary>
    public override string ToString() => string.Join('-', widths.Select((n, i) =>
        i == 0 || i > filters.Length || filters[i - 1] is (1, 1) ? $"{n}" : $"{n}({filters[i - 1].Height}x{filters[i - 1].Width})"));
}
