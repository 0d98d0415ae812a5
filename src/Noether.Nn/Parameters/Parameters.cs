using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Noether.Nn;

/// <summary>
/// Named tensors in a fixed order: a model's weights, its running statistics, an optimiser's state. Immutable plain data that transforms take as
/// a whole: differentiate, batch, compile, perturb, or feed it to another model.
/// </summary>
/// <remarks>Names are PyTorch's: segments joined by dots, <c>layers.0.weight</c>. <see cref="Under"/> gives a module its own part.</remarks>
public sealed partial class Parameters : ITensorTree<Parameters>, IReadOnlyList<KeyValuePair<string, Tensor>>
{
    private readonly string[] names;
    private readonly Dictionary<string, int> positions; // shared by every tree of the same structure
    private readonly Tensor[] tensors;

    /// <summary>A tree from names and tensors, in this order.</summary>
    /// <exception cref="ParameterException">A name twice, or a name with an empty segment.</exception>
    public Parameters(IEnumerable<KeyValuePair<string, Tensor>> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var all = items.ToArray();
        names = Array.ConvertAll(all, static item => item.Key);
        tensors = Array.ConvertAll(all, static item => item.Value);
        positions = new(names.Length);
        for (var i = 0; i < names.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(tensors[i]);
            if (names[i].Split('.').Contains("")) throw new ParameterException($"Parameters: the name '{names[i]}' has an empty segment");
            if (!positions.TryAdd(names[i], i)) throw new ParameterException($"Parameters: '{names[i]}' is named twice");
        }

        Structure = string.Join('\n', names);
    }

    private Parameters(Parameters structure, Tensor[] tensors)
    {
        names = structure.names;
        positions = structure.positions;
        Structure = structure.Structure;
        this.tensors = tensors;
    }

    /// <summary>No tensors: what a module without weights has.</summary>
    public static Parameters Empty { get; } = new([]);

    /// <summary>How many tensors there are.</summary>
    public int Count => tensors.Length;

    /// <summary>How many numbers there are in all of them.</summary>
    public long Size => tensors.Sum(static x => x.Size);

    /// <summary>The names, in order.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The names as one, by which trees of equal shapes are told apart.</summary>
    public object Structure { get; }

    /// <summary>The tensors, in the order of their names.</summary>
    public IReadOnlyList<Tensor> Leaves => tensors;

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="ParameterException">There is none; the message lists those that are there.</exception>
    public Tensor this[string name] => TryGet(name, out var tensor) ? tensor : throw new ParameterException($"Parameters: no '{name}'; {Listed()}");

    /// <summary>The name and tensor at a position.</summary>
    public KeyValuePair<string, Tensor> this[int index] => new(names[index], tensors[index]);

    /// <summary>A tree from names and tensors, in this order.</summary>
    /// <inheritdoc cref="Parameters(IEnumerable{KeyValuePair{string, Tensor}})"/>
    public static Parameters Of(params ReadOnlySpan<(string Name, Tensor Tensor)> items)
    {
        var pairs = new KeyValuePair<string, Tensor>[items.Length];
        for (var i = 0; i < pairs.Length; i++) pairs[i] = new(items[i].Name, items[i].Tensor);
        return new(pairs);
    }

    /// <summary>Joins trees, each below its own prefix, in this order: the inverse of <see cref="Under"/>.</summary>
    public static Parameters Nest(params ReadOnlySpan<(string Prefix, Parameters Tree)> parts)
    {
        var items = new List<KeyValuePair<string, Tensor>>();
        foreach (var (prefix, tree) in parts)
        {
            foreach (var (name, tensor) in tree) items.Add(new($"{prefix}.{name}", tensor));
        }

        return new(items);
    }

    /// <summary>Joins trees of one structure along a new axis 0 of every tensor: a batch of networks for <c>Vmap</c>.</summary>
    /// <exception cref="ParameterException">The structures differ, or there is no tree.</exception>
    public static Parameters Stack(params ReadOnlySpan<Parameters> trees)
    {
        if (trees.Length == 0) throw new ParameterException("Stack: no parameters");
        var all = trees.ToArray();
        foreach (var tree in all) all[0].CheckMatches(tree, "Stack");
        return new(all[0], [.. all[0].tensors.Select((_, i) => Tensor.Stack(0, Array.ConvertAll(all, tree => tree.tensors[i])))]);
    }

    /// <summary>One tree of a batch: index <paramref name="i"/> along axis 0 of every tensor.</summary>
    public Parameters Unstack(int i) => Map(x => x.Narrow(0, i, 1).Squeeze(0));

    /// <summary>True if a tensor has this name.</summary>
    public bool Contains(string name) => positions.ContainsKey(name);

    /// <summary>The tensor of a name, if there is one.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out Tensor tensor)
    {
        var found = positions.TryGetValue(name, out var at);
        tensor = found ? tensors[at] : null;
        return found;
    }

    /// <summary>The tensors whose names begin with <c>prefix.</c>, named without it; empty if there are none.</summary>
    public Parameters Under(string prefix)
    {
        var start = prefix + ".";
        return new(this.Where(item => item.Key.StartsWith(start, StringComparison.Ordinal)).Select(item => KeyValuePair.Create(item.Key[start.Length..], item.Value)));
    }

    /// <summary>The tensors whose names satisfy a condition.</summary>
    public Parameters Where(Func<string, bool> condition) => new(this.AsEnumerable().Where(item => condition(item.Key)));

    /// <summary>These tensors and then those of another tree.</summary>
    /// <exception cref="ParameterException">A name is in both.</exception>
    public Parameters Merge(Parameters other) => Count == 0 ? other : other.Count == 0 ? this : new(this.Concat(other));

    /// <summary>The same tree with other tensors for names that it has.</summary>
    /// <exception cref="ParameterException">A name is not there.</exception>
    public Parameters With(Parameters replacements)
    {
        var changed = (Tensor[])tensors.Clone();
        foreach (var (name, tensor) in replacements)
        {
            if (!positions.TryGetValue(name, out var at)) throw new ParameterException($"With: no '{name}' to replace; {Listed()}");
            changed[at] = tensor;
        }

        return new(this, changed);
    }

    /// <summary>The same tree with another tensor for one name.</summary>
    /// <inheritdoc cref="With(Parameters)"/>
    public Parameters With(string name, Tensor tensor) => With(Of((name, tensor)));

    /// <inheritdoc/>
    public Parameters WithLeaves(IReadOnlyList<Tensor> leaves) =>
        leaves.Count == Count ? new(this, [.. leaves]) : throw new ParameterException($"WithLeaves: {leaves.Count} tensors for {Count} names");

    /// <summary>Throws unless another tree has the same names in the same order, with the same shapes.</summary>
    /// <param name="other">The other tree.</param>
    /// <param name="operation">Named in the error.</param>
    /// <exception cref="ParameterException">The message names the first tensor that is missing, too many, elsewhere or of another shape.</exception>
    public void CheckMatches(Parameters other, string operation)
    {
        CheckNames(other, operation);
        for (var i = 0; i < Count; i++)
        {
            if (!tensors[i].Shape.Equals(other.tensors[i].Shape))
                throw new ParameterException($"{operation}: '{names[i]}' has shape {other.tensors[i].Shape}, expected {tensors[i].Shape}");
        }
    }

    /// <summary>A table of names, types, shapes and sizes.</summary>
    public override string ToString()
    {
        var width = Math.Max(10, Count == 0 ? 0 : names.Max(static name => name.Length));
        var text = new System.Text.StringBuilder();
        foreach (var (name, x) in this) text.AppendLine($"{name.PadRight(width)}  {x.DType.Name(),-8}  {x.Shape,-20}  {x.Size,10:N0}");
        return text.Append($"{$"{Count} tensors".PadRight(width)}  {"",-8}  {"",-20}  {Size,10:N0}").ToString();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator()
    {
        for (var i = 0; i < names.Length; i++) yield return new(names[i], tensors[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void CheckNames(Parameters other, string operation)
    {
        if (ReferenceEquals(positions, other.positions) || names.AsSpan().SequenceEqual(other.names)) return;
        foreach (var name in names)
        {
            if (!other.Contains(name)) throw new ParameterException($"{operation}: '{name}' is missing; {other.Listed()}");
        }

        foreach (var name in other.names)
        {
            if (!Contains(name)) throw new ParameterException($"{operation}: '{name}' is not expected; {Listed()}");
        }

        var first = Enumerable.Range(0, Count).First(i => names[i] != other.names[i]);
        throw new ParameterException($"{operation}: '{other.names[first]}' stands at position {first}, where '{names[first]}' is expected");
    }

    private string Listed()
    {
        const int most = 12;
        if (Count == 0) return "there are no tensors";
        return $"there are {string.Join(", ", names.Take(most))}{(Count > most ? $", … ({Count} in all)" : "")}";
    }
}
