using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Changes networks: θ + net(θ), where net is a stack of equivariant layers whose output begins small.</summary>
/// <remarks>
/// Encodings, then linear layers with ReLU between, a linear layer to one channel, and a learned number for each tensor. Parameters below
/// <c>net.hnet</c>. Source: Zhou et al., Permutation equivariant neural functionals (2023), section 3.3.
/// </remarks>
/// <param name="Spec">The networks' sizes; raw weights, of one channel, come in.</param>
/// <param name="Hidden">Channels between.</param>
/// <param name="Layers">Linear layers before the last.</param>
public sealed record EditNet(WeightSpec Spec, int Hidden = 128, int Layers = 3) : WeightModule
{
    private const string Name = "net.hnet";

    /// <summary>Maps before the first linear layer.</summary>
    public IReadOnlyList<WeightLayer> Encodings { get; init; } = [];

    /// <summary>The linear layer for channels that come in and go out.</summary>
    public Func<int, int, WeightLayer> Layer { get; init; } = (inputs, outputs) => new HnpLinear(Spec, inputs, outputs);

    /// <summary>The normalisation after each linear layer but the last, for its channels; null: none.</summary>
    public Func<int, WeightLayer>? Norm { get; init; }

    /// <summary>Dropout of entries after the first layer.</summary>
    public double Dropout { get; init; }

    /// <summary>What the learned numbers begin as.</summary>
    public double Scale { get; init; } = 0.01;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IModule Module)> Children => [(Name, Network)];

    private WeightSequential Network
    {
        get
        {
            List<WeightModule> modules = [.. Encodings];
            var channels = Encodings.Count > 0 ? Encodings[^1].Outputs : 1;
            for (var i = 0; i < Layers; i++)
            {
                modules.Add(Layer(channels, Hidden));
                if (Norm is not null) modules.Add(Norm(Hidden));
                modules.Add(WeightActivation.Relu);
                if (i == 0 && Dropout > 0) modules.Add(new WeightDropout(Dropout));
                channels = Hidden;
            }

            return new([.. modules, Layer(channels, 1), new LearnedScale(Spec, Scale)]);
        }
    }

    /// <summary>net(θ).</summary>
    public WeightFeatures Change(Parameters parameters, WeightFeatures x, Context context) => Call(Name, Network, parameters, x, context);

    /// <inheritdoc/>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context) => x + Change(parameters, x, context);
}
