using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>
/// An autoencoder of implicit neural representations: from the weights of a network of sines to an array, which stands for the image without its neurons'
/// order, and from the array to the weights of networks that draw a patch of the image each.
/// </summary>
/// <remarks>
/// <see cref="Apply(Parameters, WeightFeatures, Context)"/> gives the drawn image [batch, n_L, height, width]. Parts <c>encoder</c> and <c>decoder.0</c>;
/// if <see cref="Additive"/>, also <c>init_params.t</c> and <c>additive_scales.t</c> for the tensors W_0, b_0, W_1 …
/// Source: Zhou et al., Neural functional transformers (2023), section 4.
/// </remarks>
/// <param name="Encoder">To arrays of w² vectors.</param>
/// <param name="Decoder">From a vector to a network's parameters in the order W_0, b_0, W_1 …, such as <see cref="SitzmannDecoder"/> or <see cref="SimpleDecoder"/>.</param>
/// <param name="Height">Rows of the image.</param>
/// <param name="Width">Its columns.</param>
public sealed record Inr2Array(Inr2ArrayEncoder Encoder, Module Decoder, int Height, int Width) : WeightModule<Tensor>
{
    /// <summary>Factors and offset of the networks, those that come in and those that draw.</summary>
    public SirenOptions Options { get; init; } = new();

    /// <summary>Whether the decoder's outputs, scaled for each tensor, are added to the learned weights of one network.</summary>
    public bool Additive { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IModule Module)> Children => [("encoder", Encoder), ("decoder.0", Decoder)];

    private WeightSpec Spec => Encoder.Spec;

    private SirenRenderer Renderer => new(Height, Width) { Options = Options, PatchesPerSide = (int)Math.Round(Math.Sqrt(Encoder.Latents)) };

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        if (!Additive) return base.Init(key, type);
        var (first, second) = key.Split();
        var tensors = new Siren(Spec) { Options = Options }.Init(second, type).Leaves;
        return base.Init(first, type).Merge(Parameters.Nest(("init_params", Numbered(tensors)), ("additive_scales", Numbered(tensors.Select(Spread)))));
    }

    /// <summary>The array of each network: [batch, w², features].</summary>
    public Tensor Encode(Parameters parameters, WeightFeatures x, Context context)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(context);
        return Encoder.Apply(parameters.Under("encoder"), x, context.Under("encoder"));
    }

    /// <summary>The networks of an array: its vectors' as channels, [batch, w², …].</summary>
    public WeightFeatures Decode(Parameters parameters, Tensor array, Context context)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(context);
        var networks = WeightFeatures.Unflatten(Spec, Decoder.Apply(parameters.Under("decoder.0"), array, context.Under("decoder.0")).SwapAxes(1, 2));
        return Additive ? networks.Map((i, w) => Beside(2 * i, w), (i, b) => Beside(2 * i + 1, b)) : networks;

        Tensor Beside(int t, Tensor x) => parameters[$"init_params.{t}"] + parameters[$"additive_scales.{t}"] * x;
    }

    /// <summary>The image that an array stands for.</summary>
    /// <exception cref="ShapeException">The array has not w² vectors.</exception>
    public Tensor Draw(Parameters parameters, Tensor array, Context context) => Renderer.Render(Decode(parameters, array, context));

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context) => Draw(parameters, Encode(parameters, x, context), context);

    /// <summary>The mean squared difference between the drawn image and what the networks themselves draw, or the true image where it is given.</summary>
    /// <param name="parameters">From <see cref="Init"/>.</param>
    /// <param name="x">Raw weights, [batch, 1, …].</param>
    /// <param name="context">Mode, key and state.</param>
    /// <param name="image">[batch, n_L, height, width].</param>
    public Tensor Loss(Parameters parameters, WeightFeatures x, Context context, Tensor? image = null) =>
        Nn.Loss.MeanSquared(Apply(parameters, x, context), image ?? new SirenRenderer(Height, Width) { Options = Options }.Render(x));

    private static Parameters Numbered(IEnumerable<Tensor> tensors) => new(tensors.Select(static (t, i) => KeyValuePair.Create($"{i}", t)));

    // How far a tensor's numbers are apart; a single number has no deviation.
    private static Tensor Spread(Tensor t) => t.Size == 1 ? t.Abs().Mean() : t.Std();
}
