using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>All linear maps of features of networks of any architecture that are equivariant to permutations of their axes, with a bias.</summary>
/// <remarks>
/// Generated from the axes' names: for each pair of tensors all ways to match their axes, the others averaged in the source and repeated in the target. Of
/// chains of dense layers it spans what <see cref="NpLinear"/> (all axes permute) and <see cref="HnpLinear"/> (ends are fixed) do, which are faster. For each
/// tensor and pattern <c>tensor.pattern.weight</c> [outputs · fixed places, inputs · those of all sources], and <c>tensor.pattern.bias</c> where no axis is
/// matched. Patterns have a character an axis: a digit where it is matched, a letter where not; for a matrix <c>01</c> gathers the entry, <c>0b</c> its row,
/// <c>a1</c> its column, <c>ab</c> everything, and <c>00</c>, <c>aa</c> go to the diagonal where both axes have one name. Sizes do not depend on those of
/// axes that permute; they grow with the square of the number of tensors. Complete for axes with at least as many places as they have names in two tensors
/// together; with fewer, terms repeat one another.
/// Source: Zhou et al., Universal neural functionals (2024).
/// </remarks>
/// <param name="Spec">The networks' tensors.</param>
/// <param name="Inputs">Channels of an entry that come in.</param>
/// <param name="Outputs">Channels of an entry that go out.</param>
public sealed record AxisLinear(AxisSpec Spec, int Inputs, int Outputs) : FeatureModule<AxisFeatures, AxisFeatures>
{
    /// <summary>Uniform within 1/√inputs, where inputs are those of all patterns that add into a tensor.</summary>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(key);
        var keys = key.Split(Spec.Tensors.Count);
        return new(Enumerable.Range(0, Spec.Tensors.Count).SelectMany(i =>
        {
            var patterns = Spec.Patterns[i];
            var inputs = Array.ConvertAll(patterns, pattern => Inputs * pattern.Sources.Sum(source => Spec.FixedSize(source.Tensor)));
            var bound = 1 / Math.Sqrt(inputs.Sum());
            var start = Initializer.Uniform(-bound, bound);
            var own = keys[i].Split(2 * patterns.Length);
            return patterns.SelectMany((pattern, at) =>
            {
                var outputs = Outputs * Spec.FixedSize(i);
                var weight = KeyValuePair.Create($"{Name(i, pattern)}.weight", start.Draw(own[2 * at], [outputs, inputs[at]], type));
                return pattern.IsConstant ? [weight, new($"{Name(i, pattern)}.bias", start.Draw(own[2 * at + 1], [outputs], type))] : (KeyValuePair<string, Tensor>[])[weight];
            });
        }));
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The features have other channels, or are of other tensors; sizes of axes that permute are free.</exception>
    public override AxisFeatures Apply(Parameters parameters, AxisFeatures x, Context context)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Spec.Difference(x.Spec) is { } difference) throw new ShapeException($"AxisLinear: made for {difference}");
        if (x.Channels != Inputs) throw new ShapeException($"AxisLinear: made for {Inputs} channels, not {x.Channels}");
        var summary = new AxisSummary(x);
        return new(x.Spec, [.. Spec.Patterns.Select((patterns, i) => Target(parameters, x, summary, i, patterns))]);
    }

    private static Tensor Target(Parameters parameters, AxisFeatures x, AxisSummary summary, int tensor, AxisPattern[] patterns)
    {
        var target = x.Leaves[tensor];
        if (patterns.FirstOrDefault(static pattern => pattern.Name == "01") is { } entry && patterns.Length == 4)
        {
            // A matrix: one product whose result is written once.
            Tensor Of(string name) => Map(patterns.First(pattern => pattern.Name == name));
            return summary.Of(entry).MixChannels(Weight(entry), Of("0b") + Of("ab").Unsqueeze(-1), Of("a1"));
        }

        var sum = patterns.Select(pattern => Spread(Map(pattern), pattern, target)).Aggregate(static (a, b) => a + b);
        return sum.BroadcastTo([sum.Shape[0], sum.Shape[1], .. target.Shape[2..]]);

        Tensor Weight(AxisPattern pattern) => parameters[$"{x.Spec.Tensors[tensor].Name}.{pattern.Name}.weight"];

        Tensor Map(AxisPattern pattern)
        {
            Tensor all = summary.Of(pattern), weight = Weight(pattern);
            if (pattern.IsConstant) return all.MatMul(weight.Transpose()) + parameters[$"{x.Spec.Tensors[tensor].Name}.{pattern.Name}.bias"];
            var places = all.Shape[2..];
            return weight.MatMul(all.Reshape(all.Shape[0], all.Shape[1], checked((int)places.Size))).Reshape([all.Shape[0], weight.Shape[0], .. places]);
        }
    }

    // [batch, channels, matched blocks…] along the axes of a tensor, of size 1 where values repeat, and on the diagonal of axes that share a block.
    private static Tensor Spread(Tensor y, AxisPattern pattern, Tensor target)
    {
        var axes = pattern.Blocks.Length;
        var sizes = Enumerable.Repeat(1, axes).ToArray();
        foreach (var block in pattern.Matched)
        {
            var axis = Array.IndexOf(pattern.Blocks, block);
            sizes[axis] = target.Shape[axis + 2];
        }

        y = y.Reshape([y.Shape[0], y.Shape[1], .. sizes]);
        for (var axis = 0; axis < axes; axis++)
        {
            var first = Array.IndexOf(pattern.Blocks, pattern.Blocks[axis]);
            if (first == axis) continue;
            var size = target.Shape[axis + 2];
            y *= Tensor.Eye(size, y.DType, y.Device).Reshape([.. Enumerable.Range(0, axes).Select(a => a == first || a == axis ? size : 1)]);
        }

        return y;
    }

    private string Name(int tensor, AxisPattern pattern) => $"{Spec.Tensors[tensor].Name}.{pattern.Name}";
}
