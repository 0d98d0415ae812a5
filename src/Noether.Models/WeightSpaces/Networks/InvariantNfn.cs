using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A neural functional: numbers from networks that do not change when neurons are permuted. [batch, outputs].</summary>
/// <remarks>
/// Encodings, then for each hidden width a linear layer, ReLU and dropout of channels, and a head that pools. Parameters below <c>nfnet_features</c> and
/// <c>head</c>. Source: Zhou et al., Permutation equivariant neural functionals (2023), section 3.
/// </remarks>
/// <example><code>
/// var predictor = new InvariantNfn(spec, [16, 16, 5]); // of a network's accuracy, as a logit
/// var classifier = new InvariantNfn(spec, [512, 512, 512])
/// {
///     Encodings = [new GaussianFourier(spec, 1, 128), new IoSinusoidal(spec, 256, 6)],
///     Layer = (inputs, outputs) =&gt; new NpLinear(spec, inputs, outputs),
///     Head = channels =&gt; new MlpHead(spec, channels, 10),
/// };
/// </code></example>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Hidden">Channels after each linear layer; one at least.</param>
/// <exception cref="ArgumentException">There is no linear layer.</exception>
public record InvariantNfn(WeightSpec Spec, IReadOnlyList<int> Hidden) : WeightModule<Tensor>
{
    /// <summary>Channels after each linear layer.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = Hidden.Count > 0 ? Hidden : throw new ArgumentException("InvariantNfn: there must be a linear layer", nameof(Hidden));

    /// <summary>Channels of an entry; raw weights have one.</summary>
    public int Inputs { get; init; } = 1;

    /// <summary>What is done to the weights first; null: nothing.</summary>
    public WeightNormalization? Normalization { get; init; }

    /// <summary>Maps before the first linear layer.</summary>
    public IReadOnlyList<WeightLayer> Encodings { get; init; } = [];

    /// <summary>The linear layer for channels that come in and go out.</summary>
    public Func<int, int, WeightLayer> Layer { get; init; } = (inputs, outputs) => new HnpLinear(Spec, inputs, outputs);

    /// <summary>The normalisation after each linear layer, for its channels; null: none.</summary>
    public Func<int, WeightLayer>? Norm { get; init; }

    /// <summary>Dropout after each ReLU.</summary>
    public double FeatureDropout { get; init; }

    /// <summary>What maps features to numbers, for their channels.</summary>
    public Func<int, WeightModule<Tensor>> Head { get; init; } = channels => new MlpHead(Spec, channels);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IModule Module)> Children => Normalization is null
        ? [(FeaturesName, Features), ("head", Head(Hidden[^1]))]
        : [("normalization", Normalization), (FeaturesName, Features), ("head", Head(Hidden[^1]))];

    /// <summary>The name of the part before the head.</summary>
    protected virtual string FeaturesName => "nfnet_features";

    private WeightSequential Features
    {
        get
        {
            List<WeightModule> modules = [.. Encodings];
            var channels = Encodings.Count > 0 ? Encodings[^1].Outputs : Inputs;
            for (var i = 0; i < Hidden.Count; i++)
            {
                modules.AddRange(Block(i, channels, Hidden[i]));
                channels = Hidden[i];
            }

            return new([.. modules]);
        }
    }

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        if (Normalization is not null) x = Normalization.Apply(Parameters.Empty, x, context.Under("normalization"));
        var features = Features.Apply(parameters.Under(FeaturesName), x, context.Under(FeaturesName));
        return Head(Hidden[^1]).Apply(parameters.Under("head"), features, context.Under("head"));
    }

    /// <summary>The modules for a hidden width.</summary>
    protected virtual IEnumerable<WeightModule> Block(int index, int inputs, int outputs)
    {
        yield return Layer(inputs, outputs);
        if (Norm is not null) yield return Norm(outputs);
        yield return WeightActivation.Relu;
        if (FeatureDropout > 0) yield return new ChannelDropout(FeatureDropout);
    }
}
