using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Follows the modules of a network from the input to the output, and finds which axes of its tensors are one.</summary>
internal sealed class ModuleAxes
{
    private const string Input = "input";

    private readonly List<Axis> axes = [];
    private readonly List<(string Name, Axis[] Axes)> tensors = [];
    private readonly bool statistics;

    private ModuleAxes(bool statistics) => this.statistics = statistics;

    public static AxisSpec Find(Module network, bool statistics, bool hiddenOnly)
    {
        ArgumentNullException.ThrowIfNull(network);
        var found = new ModuleAxes(statistics);
        var input = new Place(found.Add(Input, 0));
        var output = found.Follow(network, "", input);
        if (hiddenOnly) input.Axis.Root.Permutes = output.Axis.Root.Permutes = false;
        var used = found.axes.Where(axis => axis.Root == axis && found.tensors.Any(t => t.Axes.Any(other => other.Root == axis)));
        return new(
            [.. used.Select(static axis => new NetworkAxis(axis.Name, axis.Size, axis.Permutes))],
            [.. found.tensors.Select(static t => new AxisTensor(t.Name, [.. t.Axes.Select(static axis => axis.Root.Name)]))]);
    }

    private Place Follow(Module module, string path, Place x)
    {
        switch (module)
        {
            case Sequential sequential:
                return sequential.Children.Aggregate(x, (at, child) => Follow(child.Module, Below(path, child.Name), at));
            case Residual residual:
                var body = Follow(residual.Body, Below(path, "body"), x);
                return Join(residual.Shortcut is null ? x : Follow(residual.Shortcut, Below(path, "shortcut"), x), body, path);
            case Linear linear:
                return Layer(path, "weight", linear.Inputs, linear.Outputs, linear.Bias, [], x);
            case Convolution { Groups: 1 } convolution:
                return Layer(path, "weight", convolution.Inputs, convolution.Outputs, convolution.Bias, [.. convolution.Kernel], x);
            case Convolution { Groups: var groups } convolution when groups == convolution.Inputs && groups == convolution.Outputs:
                Tensor(path, "weight", [.. Channels(x, groups, path), .. Fixed([1, .. convolution.Kernel])]);
                if (convolution.Bias) Tensor(path, "bias", Channels(x, groups, path));
                return x;
            case BatchNorm norm:
                Norm(path, norm.Affine, Channels(x, norm.Channels, path));
                if (!statistics) return x;
                Tensor(path, "running_mean", Channels(x, norm.Channels, path));
                Tensor(path, "running_var", Channels(x, norm.Channels, path));
                return x;
            case GroupNorm norm when norm.Groups == 1 || norm.Groups == norm.Channels:
                Norm(path, norm.Affine, Channels(x, norm.Channels, path));
                return x;
            case LayerNorm { Normalized.Rank: 1 } norm:
                Norm(path, norm.Affine, Channels(x, norm.Normalized[0], path));
                return x;
            case Embedding embedding:
                var vectors = Add(path, embedding.Size);
                Tensor(path, "weight", [.. Fixed([embedding.Count]), vectors]);
                return new(vectors);
            case MultiHeadAttention attention:
                return Attend(attention, path, x);
            case TransformerBlock block:
                return Follow(block, path, x);
            case Activation activation when activation == Activation.Flatten:
                return x with { Flattened = true };
            case Activation or Dropout or Pooling or AdaptiveAveragePool or AdaptiveMaxPool:
                return x;
            default:
                throw new ArgumentException($"AxisSpec: what the axes of {module.GetType().Name} '{path}' are is not known; name them in an AxisSpec of your own", nameof(module));
        }
    }

    private Place Follow(TransformerBlock block, string path, Place x)
    {
        var parts = block.Children.ToDictionary(static child => child.Name, static child => child.Module);
        var stream = Join(x, Branch(x, "self_attn"), path);
        Branch(stream, "norm1");
        stream = Join(stream, Branch(Branch(stream, "linear1"), "linear2"), path);
        return Branch(stream, "norm2");

        Place Branch(Place at, string name) => Follow(parts[name], Below(path, name), at);
    }

    // Queries, keys and values lie behind one another, each head by head.
    private Place Attend(MultiHeadAttention attention, string path, Place x)
    {
        var (heads, features) = (Add(Below(path, "heads"), attention.Heads), Add(Below(path, "head"), attention.Features / attention.Heads));
        Tensor(path, "in_proj_weight", [.. Fixed([3]), heads, features, .. Channels(x, attention.Features, path)]);
        if (attention.Bias) Tensor(path, "in_proj_bias", [.. Fixed([3]), heads, features]);
        var outputs = Add(Below(path, "out_proj"), attention.Features);
        Tensor(path, "out_proj.weight", [outputs, heads, features]);
        if (attention.Bias) Tensor(path, "out_proj.bias", [outputs]);
        return new(outputs);
    }

    private Place Layer(string path, string name, int inputs, int outputs, bool bias, int[] kernel, Place x)
    {
        var own = Add(path, outputs);
        Tensor(path, name, [own, .. Channels(x, inputs, path), .. Fixed(kernel)]);
        if (bias) Tensor(path, "bias", [own]);
        return new(own);
    }

    private void Norm(string path, bool affine, Axis[] channels)
    {
        if (!affine) return;
        Tensor(path, "weight", channels);
        Tensor(path, "bias", channels);
    }

    // The axis that a module sees as so many channels; behind a flattened image each has positions.
    private Axis[] Channels(Place x, int count, string path)
    {
        var axis = x.Axis.Root;
        if (axis.Size == 0) axis.Size = count; // of the input, which its first reader tells
        if (axis.Size == count) return [axis];
        return x.Flattened && count % axis.Size == 0
            ? [axis, .. Fixed([count / axis.Size])]
            : throw new ArgumentException($"AxisSpec: '{path}' takes {count} channels, but '{axis.Name}' has {axis.Size}", nameof(count));
    }

    private static Place Join(Place first, Place second, string path)
    {
        Axis a = first.Axis.Root, b = second.Axis.Root;
        if (a == b) return first;
        if (a.Size == 0) a.Size = b.Size;
        if (a.Size != b.Size) throw new ArgumentException($"AxisSpec: '{path}' adds {a.Size} channels of '{a.Name}' and {b.Size} of '{b.Name}'", nameof(second));
        b.Parent = a;
        return first;
    }

    private Axis Add(string name, int size)
    {
        var axis = new Axis(name.Length == 0 ? "output" : name, size);
        axes.Add(axis);
        return axis;
    }

    private IEnumerable<Axis> Fixed(IEnumerable<int> sizes) => sizes.Select(size =>
    {
        var name = $"places.{size}";
        var axis = axes.Find(axis => axis.Name == name) ?? Add(name, size);
        axis.Permutes = false;
        return axis;
    });

    private void Tensor(string path, string name, IEnumerable<Axis> own) => tensors.Add((Below(path, name), [.. own]));

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    // Channels, and whether space was joined to them.
    private sealed record Place(Axis Axis, bool Flattened = false);

    private sealed class Axis(string name, int size)
    {
        public string Name => name;

        public int Size { get; set; } = size;

        public bool Permutes { get; set; } = true;

        public Axis? Parent { get; set; }

        public Axis Root => Parent?.Root ?? this;
    }
}
