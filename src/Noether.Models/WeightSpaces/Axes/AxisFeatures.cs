using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Features of every entry of every tensor of a batch of networks of any architecture. Immutable, and a tree of tensors in the spec's order.</summary>
/// <remarks>
/// Each is [batch, channels · places of its fixed axes, sizes of its axes that permute…]: fixed axes are folded into the channels, as
/// (channel · places + place), the places in row-major order.
/// </remarks>
public sealed class AxisFeatures : ITensorTree<AxisFeatures>
{
    private readonly Tensor[] tensors;

    /// <summary>Features from folded tensors.</summary>
    /// <param name="spec">The networks' tensors.</param>
    /// <param name="tensors">[batch, channels · fixed places, axes that permute…] for each tensor.</param>
    /// <exception cref="ShapeException">A tensor does not fit; the message names it, its shape and the one expected.</exception>
    public AxisFeatures(AxisSpec spec, IReadOnlyList<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(tensors);
        (Spec, this.tensors) = (spec, [.. tensors]);
        if (tensors.Count != spec.Tensors.Count) throw new ShapeException($"AxisFeatures: {tensors.Count} tensors for the {spec.Tensors.Count} of the spec");
        var first = tensors[0];
        if (first.Rank < 2 || first.Shape[1] % spec.FixedSize(0) != 0)
            throw new ShapeException($"AxisFeatures: {spec.Tensors[0]} is {first.Shape}, expected [batch, channels · {spec.FixedSize(0)}, …]");
        (Batch, Channels) = (first.Shape[0], first.Shape[1] / spec.FixedSize(0));
        for (var i = 0; i < this.tensors.Length; i++)
        {
            Shape expected = [Batch, Channels * spec.FixedSize(i), .. spec.PermutedAxes(i).Select(static axis => axis.Size)];
            if (!this.tensors[i].Shape.Equals(expected)) throw new ShapeException($"AxisFeatures: {spec.Tensors[i]} is {this.tensors[i].Shape}, expected {expected} for {Channels} channels");
        }
    }

    /// <summary>The networks' tensors.</summary>
    public AxisSpec Spec { get; }

    /// <summary>How many networks there are.</summary>
    public int Batch { get; }

    /// <summary>Features of one entry; raw networks have one.</summary>
    public int Channels { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Leaves => tensors;

    /// <inheritdoc/>
    public object Structure => Spec;

    /// <summary>Networks of one channel from parameters that have the networks along axis 0, as <see cref="Parameters.Stack"/> makes them.</summary>
    /// <remarks>
    /// A tensor may join axes that follow each other: [outputs, channels · height · width] behind a flattened image. Whole numbers that the spec does not name,
    /// such as counts of batches, are no features and left out.
    /// </remarks>
    /// <param name="spec">The networks' tensors.</param>
    /// <param name="networks">Parameters, and where the spec has them running statistics: <c>parameters.Merge(state)</c>.</param>
    /// <exception cref="ParameterException">A tensor is missing, or the spec lacks it.</exception>
    /// <exception cref="ShapeException">A tensor does not fit; the message names it and both shapes.</exception>
    public static AxisFeatures From(AxisSpec spec, Parameters networks)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(networks);
        var named = spec.Tensors.Select(static t => t.Name).ToHashSet();
        if (networks.FirstOrDefault(item => !named.Contains(item.Key) && item.Value.DType.IsFloating()) is { Key: { } other })
            throw new ParameterException($"AxisFeatures: '{other}' is not among the tensors of the spec");
        return new(spec, [.. spec.Tensors.Select((t, i) => Fold(spec, i, Expand(spec, i, networks[t.Name])))]);
    }

    /// <summary>Networks of one channel from vectors [batch, <see cref="AxisSpec.Parameters"/>]: tensor after tensor, each row-major.</summary>
    /// <exception cref="ShapeException">The vectors have another length.</exception>
    public static AxisFeatures FromVectors(AxisSpec spec, Tensor vectors)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.Rank != 2 || vectors.Shape[1] != spec.Parameters) throw new ShapeException($"AxisFeatures: {vectors.Shape} are not vectors of {spec.Parameters} parameters");
        var start = 0;
        return new(spec, [.. spec.Tensors.Select((_, i) =>
        {
            var shape = spec.Shape(i);
            var own = vectors.Narrow(1, start, checked((int)shape.Size));
            start += checked((int)shape.Size);
            return Fold(spec, i, own.Reshape([vectors.Shape[0], 1, .. shape]));
        })]);
    }

    /// <inheritdoc/>
    public AxisFeatures WithLeaves(IReadOnlyList<Tensor> leaves) => new(Spec, leaves);

    /// <summary>A tensor with all its axes: [batch, channels, axes…].</summary>
    public Tensor Unfold(int tensor)
    {
        var all = Spec.AxesOf(tensor);
        int[] order = [.. FixedFirst(Spec, tensor)];
        var y = tensors[tensor].Reshape([Batch, Channels, .. order.Select(axis => all[axis].Size)]);
        return y.Permute([0, 1, .. Enumerable.Range(0, order.Length).Select(axis => Array.IndexOf(order, axis) + 2)]);
    }

    /// <summary>The inverse of <see cref="From"/>.</summary>
    /// <param name="like">One network, without a batch: it says names, order and shapes. What the spec lacks is repeated.</param>
    /// <exception cref="ShapeException">There is more than one channel.</exception>
    /// <exception cref="ParameterException">A tensor is missing.</exception>
    public Parameters ToParameters(Parameters like)
    {
        ArgumentNullException.ThrowIfNull(like);
        CheckSingle("ToParameters");
        var repeated = like.Map(t => t.BroadcastTo([Batch, .. t.Shape]));
        return repeated.With(new(Spec.Tensors.Select((t, i) => KeyValuePair.Create(t.Name, Unfold(i).Reshape([Batch, .. like[t.Name].Shape])))));
    }

    /// <summary>The inverse of <see cref="FromVectors"/>.</summary>
    /// <exception cref="ShapeException">There is more than one channel.</exception>
    public Tensor ToVectors()
    {
        CheckSingle("ToVectors");
        return Tensor.Concatenate(1, [.. tensors.Select((_, i) => Unfold(i).Reshape(Batch, checked((int)Spec.Shape(i).Size)))]);
    }

    /// <summary>A function of each tensor.</summary>
    public AxisFeatures Map(Func<Tensor, Tensor> function) => Map((_, t) => function(t));

    /// <summary>A function of each tensor and its number.</summary>
    public AxisFeatures Map(Func<int, Tensor, Tensor> function) => new(Spec, [.. tensors.Select((t, i) => function(i, t))]);

    /// <summary>A function of tensors at the same place of two features of the same networks.</summary>
    /// <exception cref="ShapeException">The networks have other tensors.</exception>
    public AxisFeatures Zip(AxisFeatures other, Func<Tensor, Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Spec.Equals(other.Spec)) throw new ShapeException("AxisFeatures: networks of other tensors do not go together");
        return Map((i, t) => function(t, other.tensors[i]));
    }

    /// <summary>The channels of these features and then those of others of the same networks, such as gradients beside weights.</summary>
    /// <exception cref="ShapeException">The networks have other tensors.</exception>
    public AxisFeatures Beside(AxisFeatures other) => Zip(other, static (a, b) => Tensor.Concatenate(1, a, b));

    /// <summary>The sum, entry by entry.</summary>
    public static AxisFeatures operator +(AxisFeatures x, AxisFeatures y) => x.Zip(y, static (a, b) => a + b);

    private void CheckSingle(string operation)
    {
        if (Channels != 1) throw new ShapeException($"{operation}: {Channels} features an entry are no networks; there must be one channel");
    }

    // [batch, channels, axes…] with fixed axes in the channels.
    private static Tensor Fold(AxisSpec spec, int tensor, Tensor x) =>
        x.Permute([0, 1, .. FixedFirst(spec, tensor).Select(static axis => axis + 2)])
            .Reshape([x.Shape[0], x.Shape[1] * spec.FixedSize(tensor), .. spec.PermutedAxes(tensor).Select(static axis => axis.Size)]);

    // [batch, as stored…] with one channel and all axes.
    private static Tensor Expand(AxisSpec spec, int tensor, Tensor stored)
    {
        var shape = spec.Shape(tensor);
        return stored.Rank > 0 && Joins(stored.Shape[1..], shape)
            ? stored.Reshape([stored.Shape[0], 1, .. shape])
            : throw new ShapeException($"AxisFeatures: '{spec.Tensors[tensor].Name}' is {stored.Shape}, expected [batch, {string.Join(", ", shape)}] of {spec.Tensors[tensor]}");
    }

    // Whether sizes are products of sizes that follow each other.
    private static bool Joins(Shape joined, Shape sizes)
    {
        var at = 0;
        foreach (var size in joined)
        {
            var product = 1;
            while (product < size && at < sizes.Rank) product *= sizes[at++];
            if (product != size) return false;
        }

        return sizes.Skip(at).All(static size => size == 1);
    }

    private static IEnumerable<int> FixedFirst(AxisSpec spec, int tensor)
    {
        var axes = spec.AxesOf(tensor);
        return Enumerable.Range(0, axes.Count).OrderBy(axis => axes[axis].Permutes);
    }
}
