using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>
/// The tensors of a network of any architecture, with named axes: what permutes together shares a name. A sum of branches makes their channels one
/// axis, scale, shift and running statistics of a norm have the axis of its channels, heads of attention have one.
/// </summary>
/// <remarks>
/// Layers are generated from it (<see cref="AxisLinear"/>). Chains of layers have faster ones: <see cref="WeightSpec"/>. Axes whose places have a meaning
/// each, as inputs, classes and positions in a filter, are fixed. Source: Zhou et al., Universal neural functionals (2024).
/// </remarks>
/// <example><code>
/// var spec = new AxisSpec(
///     [new("pixel", 4, Permutes: false), new("hidden", 16), new("class", 10, Permutes: false)],
///     [new("0.weight", "hidden", "pixel"), new("0.bias", "hidden"), new("2.weight", "class", "hidden"), new("2.bias", "class")]);
/// var same = AxisSpec.Of(new Sequential(new Linear(4, 16), Activation.Relu, new Linear(16, 10))); // but for names
/// </code></example>
public sealed class AxisSpec : IEquatable<AxisSpec>
{
    private readonly NetworkAxis[] axes;
    private readonly AxisTensor[] tensors;
    private readonly NetworkAxis[][] ofTensors;
    private readonly string[] structure; // of each tensor: what parameters of layers depend on
    private readonly Lazy<AxisPattern[][]> patterns;

    /// <summary>Axes, and the tensors that have them.</summary>
    /// <exception cref="ArgumentException">A name comes twice or is not there, a size is not positive, or there is no tensor.</exception>
    public AxisSpec(IReadOnlyList<NetworkAxis> axes, IReadOnlyList<AxisTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(axes);
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count == 0) throw new ArgumentException("AxisSpec: there is no tensor", nameof(tensors));
        var byName = new Dictionary<string, NetworkAxis>();
        foreach (var axis in axes)
        {
            if (axis.Size < 1) throw new ArgumentException($"AxisSpec: axis '{axis.Name}' has size {axis.Size}; sizes must be positive", nameof(axes));
            if (!byName.TryAdd(axis.Name, axis)) throw new ArgumentException($"AxisSpec: axis '{axis.Name}' is named twice", nameof(axes));
        }

        if (tensors.GroupBy(static t => t.Name).FirstOrDefault(static group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"AxisSpec: tensor '{twice.Key}' is named twice", nameof(tensors));
        (this.axes, this.tensors) = ([.. axes], [.. tensors]);
        ofTensors = [.. tensors.Select(t => t.Axes.Select(name => byName.TryGetValue(name, out var axis)
            ? axis
            : throw new ArgumentException($"AxisSpec: {t} has an axis '{name}', which is not among {string.Join(", ", byName.Keys)}", nameof(tensors))).ToArray())];
        structure = [.. tensors.Select((t, i) => $"{t.Name}[{string.Join(", ", ofTensors[i].Select(static axis => axis.Permutes ? axis.Name : $"{axis.Size} fixed"))}]")];
        patterns = new(() => AxisPattern.All(this));
    }

    /// <summary>The axes.</summary>
    public IReadOnlyList<NetworkAxis> Axes => axes;

    /// <summary>The tensors, in the order of features, vectors and parameters.</summary>
    public IReadOnlyList<AxisTensor> Tensors => tensors;

    /// <summary>How many numbers a network has.</summary>
    public int Parameters => Enumerable.Range(0, tensors.Length).Sum(i => checked((int)Shape(i).Size));

    /// <summary>What each tensor of a linear layer's output gathers.</summary>
    internal AxisPattern[][] Patterns => patterns.Value;

    /// <summary>The axes of a network of <c>Noether.Nn</c>, found by following its modules from the input to the output.</summary>
    /// <remarks>
    /// Known are sequences, residual connections, convolutions (depthwise ones too), dense layers (behind <see cref="Activation.Flatten"/> too), norms,
    /// embeddings, attention, transformer blocks, and what has no parameters: other activations and pools must treat channels alike. Axes have the names of
    /// the modules that they are the outputs of.
    /// </remarks>
    /// <param name="network">The network.</param>
    /// <param name="statistics">Whether running statistics are among the tensors.</param>
    /// <param name="hiddenOnly">Whether inputs and outputs stay in place; else they may be permuted too.</param>
    /// <exception cref="ArgumentException">A module is of another kind, or modules do not fit; the message names it.</exception>
    public static AxisSpec Of(Module network, bool statistics = true, bool hiddenOnly = true) => ModuleAxes.Find(network, statistics, hiddenOnly);

    /// <summary>The axes of a tensor, in its order.</summary>
    public IReadOnlyList<NetworkAxis> AxesOf(int tensor) => ofTensors[tensor];

    /// <summary>The shape of a tensor of a network, an axis each.</summary>
    public Shape Shape(int tensor) => Noether.Shape.Create([.. ofTensors[tensor].Select(static axis => axis.Size)]);

    /// <summary>The axes of a tensor that permute, in its order: those that its features have beside batch and channels.</summary>
    public IReadOnlyList<NetworkAxis> PermutedAxes(int tensor) => [.. ofTensors[tensor].Where(static axis => axis.Permutes)];

    /// <summary>Places of all fixed axes of a tensor together; they are folded into the channels of its features.</summary>
    public int FixedSize(int tensor) => ofTensors[tensor].Where(static axis => !axis.Permutes).Aggregate(1, static (size, axis) => checked(size * axis.Size));

    /// <summary>The same tensors with other sizes of axes that permute.</summary>
    /// <param name="sizes">By the axes' names; others stay.</param>
    /// <exception cref="ArgumentException">A name is not that of an axis that permutes.</exception>
    public AxisSpec Resize(IReadOnlyDictionary<string, int> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.Keys.FirstOrDefault(name => !axes.Any(axis => axis.Permutes && axis.Name == name)) is { } other) throw new ArgumentException($"AxisSpec: no axis '{other}' permutes", nameof(sizes));
        return new([.. axes.Select(axis => sizes.TryGetValue(axis.Name, out var size) ? axis with { Size = size } : axis)], tensors);
    }

    /// <summary>What tells networks apart that one layer cannot both take, in words; null if there is nothing: sizes of axes that permute may differ.</summary>
    internal string? Difference(AxisSpec other)
    {
        if (tensors.Length != other.tensors.Length) return $"{tensors.Length} tensors, not {other.tensors.Length}";
        var first = Enumerable.Range(0, tensors.Length).FirstOrDefault(i => structure[i] != other.structure[i], -1);
        return first < 0 ? null : $"{structure[first]}, not {other.structure[first]}";
    }

    /// <inheritdoc/>
    public bool Equals(AxisSpec? other) => other is not null && axes.AsSpan().SequenceEqual(other.axes) && structure.AsSpan().SequenceEqual(other.structure);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AxisSpec);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(axes.Length, string.Join('\n', structure));

    /// <summary>Axes with their sizes, and then a tensor a line.</summary>
    public override string ToString() => $"{string.Join(", ", (object[])axes)}\n{string.Join('\n', (object[])tensors)}";
}
