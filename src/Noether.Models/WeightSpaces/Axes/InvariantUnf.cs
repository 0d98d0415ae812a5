using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A universal neural functional: numbers from networks of any architecture that do not change when their axes are permuted. [batch, outputs].</summary>
/// <remarks>
/// For each hidden width an <see cref="AxisLinear"/> and ReLU, then <see cref="AxisPool"/> and dense layers with ReLU between. Parameters below
/// <c>layers</c> and <c>head</c>. Source: Zhou et al., Universal neural functionals (2024).
/// </remarks>
/// <example><code>
/// var network = ImageNetworks.Residual(20);
/// var spec = AxisSpec.Of(network);
/// var networks = AxisFeatures.From(spec, Parameters.Stack([.. checkpoints])); // each parameters.Merge(state)
/// var model = new InvariantUnf(spec, [8, 8]) { Normalization = AxisNormalization.Of(networks) };
/// var accuracy = model.Apply(model.Init(key), networks, Context.ForInference(model.InitState())).Sigmoid();
/// </code></example>
/// <param name="Spec">The networks' tensors.</param>
/// <param name="Hidden">Channels after each linear layer; one at least.</param>
/// <exception cref="ArgumentException">There is no linear layer.</exception>
public sealed record InvariantUnf(AxisSpec Spec, IReadOnlyList<int> Hidden) : FeatureModule<AxisFeatures, Tensor>
{
    /// <summary>Channels after each linear layer.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = Hidden.Count > 0 ? Hidden : throw new ArgumentException("InvariantUnf: there must be a linear layer", nameof(Hidden));

    /// <summary>Channels of an entry; raw networks have one.</summary>
    public int Inputs { get; init; } = 1;

    /// <summary>Numbers that go out: classes, or one.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>Width of the two hidden layers of the head.</summary>
    public int HeadWidth { get; init; } = 256;

    /// <summary>What is done to the networks first; null: nothing.</summary>
    public AxisNormalization? Normalization { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IModule Module)> Children =>
    [
        .. Normalization is null ? Array.Empty<(string, IModule)>() : [("normalization", Normalization)],
        .. Layers.Select(static (layer, i) => ($"layers.{i}", (IModule)layer)), ("head", Head),
    ];

    private IEnumerable<AxisLinear> Layers => Hidden.Select((outputs, i) => new AxisLinear(Spec, i == 0 ? Inputs : Hidden[i - 1], outputs));

    private AxisPool Pool => new(Spec);

    private Sequential Head => Perceptron.Of(Hidden[^1] * Pool.Features, [HeadWidth, HeadWidth], Outputs, static _ => [Activation.Relu], sigmoid: false);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The networks have other channels or tensors; sizes of axes that permute are free.</exception>
    public override Tensor Apply(Parameters parameters, AxisFeatures x, Context context)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Normalization is not null) x = Normalization.Apply(Parameters.Empty, x, context.Under("normalization"));
        foreach (var (i, layer) in Layers.Index()) x = layer.Apply(parameters.Under($"layers.{i}"), x, context).Map(Activation.Relu.Function);
        return Head.Apply(parameters.Under("head"), Pool.Apply(Parameters.Empty, x, context), context.Under("head"));
    }
}
