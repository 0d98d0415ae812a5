using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <content>The other forms that networks come in: tensors with filters, vectors, parameters.</content>
public sealed partial class WeightFeatures
{
    /// <summary>Features whose filters have axes of their own.</summary>
    /// <param name="spec">The networks' sizes.</param>
    /// <param name="weights">[batch, channels, n_{i+1}, n_i], and for a convolution also height and width.</param>
    /// <param name="biases">[batch, channels, n_{i+1}].</param>
    /// <exception cref="ShapeException">A tensor does not fit; the message names it, its shape and the one expected.</exception>
    public static WeightFeatures Fold(WeightSpec spec, IReadOnlyList<Tensor> weights, IReadOnlyList<Tensor> biases)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new(spec, [.. weights.Select((w, i) =>
        {
            if (i >= spec.Layers || w.Rank == 4) return w;
            var own = w.Rank == 6 ? Shape.Create([w.Shape[4], w.Shape[5]]) : null;
            if (own is null || own[0] != spec.Filters[i].Height || own[1] != spec.Filters[i].Width)
                throw new ShapeException($"WeightFeatures: W{i} is {w.Shape}, expected [batch, channels, {string.Join(", ", spec.WeightShape(i))}]");
            return w.Permute(0, 1, 4, 5, 2, 3).Reshape(w.Shape[0], w.Shape[1] * own[0] * own[1], w.Shape[2], w.Shape[3]);
        })], biases);
    }

    /// <summary>A layer's weights with their filter in axes of its own: [batch, channels, n_{i+1}, n_i], and for a convolution also height and width.</summary>
    public Tensor Unfold(int layer)
    {
        var (height, width) = Spec.Filters[layer];
        return (height, width) is (1, 1)
            ? weights[layer]
            : weights[layer].Reshape(Batch, Channels, height, width, Spec.Widths[layer + 1], Spec.Widths[layer]).Permute(0, 1, 4, 5, 2, 3);
    }

    /// <summary>Networks of one channel from vectors [batch, <see cref="WeightSpec.Parameters"/>], as <see cref="Parameters.ToVector"/> joins a network's tensors.</summary>
    /// <exception cref="ShapeException">The vectors have another length.</exception>
    public static WeightFeatures FromVectors(WeightSpec spec, Tensor vectors)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (vectors.Rank != 2 || vectors.Shape[1] != spec.Parameters)
            throw new ShapeException($"WeightFeatures: {vectors.Shape} are not vectors of the {spec.Parameters} parameters of {spec}");
        var (weights, biases) = (new Tensor[spec.Layers], new Tensor[spec.Layers]);
        for (int i = 0, at = 0; i < spec.Layers; i++)
        {
            weights[i] = vectors.Narrow(1, at, spec.WeightSize(i)).Reshape([vectors.Shape[0], 1, .. spec.WeightShape(i)]);
            at += spec.WeightSize(i);
            biases[i] = vectors.Narrow(1, at, spec.Widths[i + 1]).Unsqueeze(1);
            at += spec.Widths[i + 1];
        }

        return Fold(spec, weights, biases);
    }

    /// <summary>The inverse of <see cref="FromVectors"/>.</summary>
    /// <exception cref="ShapeException">There is more than one channel.</exception>
    public Tensor ToVectors()
    {
        CheckSingle("ToVectors");
        return Tensor.Concatenate(1, [.. Enumerable.Range(0, Spec.Layers).SelectMany(i => (Tensor[])[Unfold(i).Reshape(Batch, Spec.WeightSize(i)), biases[i].Squeeze(1)])]);
    }

    /// <summary>Every entry as a token: [batch, parameters, channels], in the order W_0 (row by row), b_0, W_1, b_1 …</summary>
    /// <exception cref="ShapeException">A layer is a convolution, whose folded channels are more than the others': map them to equal ones first.</exception>
    public Tensor Flatten()
    {
        if (!Spec.IsDense) throw new ShapeException($"Flatten: {Spec} has convolutions, whose entries have channels · filter features; map each layer's to channels first");
        return Tensor.Concatenate(2, [.. Leaves.Select(t => t.Reshape(Batch, Channels, checked((int)t.Shape[2..].Size)))]).SwapAxes(1, 2);
    }

    /// <summary>The inverse of <see cref="Flatten"/>.</summary>
    /// <exception cref="ShapeException">The tokens are not the parameters of these sizes, or a layer is a convolution.</exception>
    public static WeightFeatures Unflatten(WeightSpec spec, Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (!spec.IsDense || tokens.Rank != 3 || tokens.Shape[1] != spec.Parameters)
            throw new ShapeException($"Unflatten: {tokens.Shape} is not [batch, {spec.Parameters}, channels] of dense layers {spec}");
        var (batch, channels, rows) = (tokens.Shape[0], tokens.Shape[2], tokens.SwapAxes(1, 2));
        var (weights, biases) = (new Tensor[spec.Layers], new Tensor[spec.Layers]);
        for (int i = 0, at = 0; i < spec.Layers; i++)
        {
            weights[i] = rows.Narrow(2, at, spec.WeightSize(i)).Reshape(batch, channels, spec.Widths[i + 1], spec.Widths[i]);
            at += spec.WeightSize(i);
            biases[i] = rows.Narrow(2, at, spec.Widths[i + 1]);
            at += spec.Widths[i + 1];
        }

        return new(spec, weights, biases);
    }

    /// <summary>Networks of one channel from parameters that <c>Vmap</c> trains: every tensor has the networks along axis 0.</summary>
    /// <param name="spec">The networks' sizes.</param>
    /// <param name="networks">Pairs <c>….weight</c>, <c>….bias</c> in order; a layer without a bias gets zeros.</param>
    /// <exception cref="ShapeException">A tensor is missing or does not fit; the message names it and both shapes.</exception>
    public static WeightFeatures From(WeightSpec spec, Parameters networks)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var names = LayerNames(spec, networks);
        return Fold(spec, [.. names.Select((name, i) => Member(name + ".weight", spec.WeightShape(i)))], [.. names.Select((name, i) =>
            networks.Contains(name + ".bias")
                ? Member(name + ".bias", [spec.Widths[i + 1]])
                : Tensor.Zeros([networks[0].Value.Shape[0], 1, spec.Widths[i + 1]], networks[0].Value.DType, networks[0].Value.Device))]);

        Tensor Member(string name, Shape expected)
        {
            var tensor = networks[name];
            if (tensor.Rank != expected.Rank + 1 || !tensor.Shape[1..].Equals(expected))
                throw new ShapeException($"WeightFeatures: '{name}' is {tensor.Shape}, expected [batch, {string.Join(", ", expected)}] of {spec}");
            return tensor.Unsqueeze(1);
        }
    }

    /// <summary>The inverse of <see cref="From"/>: tensors by the names, and in the order, of parameters of the same networks.</summary>
    /// <param name="like">Any network or batch of them; only its names count. Biases that it lacks are dropped.</param>
    /// <exception cref="ShapeException">There is more than one channel, or the names do not fit.</exception>
    public Parameters ToParameters(Parameters like)
    {
        CheckSingle("ToParameters");
        var names = LayerNames(Spec, like);
        return new(like.Names.Select(name =>
        {
            var layer = names.IndexOf(name[..name.LastIndexOf('.')]);
            return KeyValuePair.Create(name, (name.EndsWith(".weight", StringComparison.Ordinal) ? Unfold(layer) : biases[layer]).Squeeze(1));
        }));
    }

    private static List<string> LayerNames(WeightSpec spec, Parameters networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        const string weight = ".weight";
        List<string> names = [.. networks.Names.Where(static n => n.EndsWith(weight, StringComparison.Ordinal)).Select(static n => n[..^weight.Length])];
        if (names.Count != spec.Layers) throw new ShapeException($"WeightFeatures: {names.Count} tensors '….weight' ({string.Join(", ", names)}) for the {spec.Layers} layers of {spec}");
        var other = networks.Names.FirstOrDefault(n => !n.EndsWith(weight, StringComparison.Ordinal) && !(n.EndsWith(".bias", StringComparison.Ordinal) && names.Contains(n[..^".bias".Length])));
        return other is null ? names : throw new ShapeException($"WeightFeatures: '{other}' is neither the weight nor the bias of a layer of {spec}");
    }

    internal void CheckSingle(string operation)
    {
        if (Channels != 1) throw new ShapeException($"{operation}: {Channels} features an entry are no weights of networks; there must be one channel");
    }
}
