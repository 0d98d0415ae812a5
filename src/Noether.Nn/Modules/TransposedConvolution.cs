namespace Noether.Nn;

/// <summary>The transpose of a convolution over one to three axes, which enlarges: [batch, inputs, space…] to [batch, outputs, space…].</summary>
/// <param name="Inputs">Channels before.</param>
/// <param name="Outputs">Channels after.</param>
/// <param name="Kernel">Its size along each spatial axis.</param>
/// <remarks><c>weight</c> [inputs, outputs / groups, kernel…], <c>bias</c> [outputs]; first values as PyTorch's, which takes axis 1 of the weight for its fan-in.</remarks>
public sealed record TransposedConvolution(int Inputs, int Outputs, Integers Kernel) : Module
{
    /// <summary>The distance of the input's neighbours in the output, one for all axes or one each.</summary>
    public Integers Stride { get; init; } = [1];

    /// <summary>Elements cut from both sides, one number for all axes or one each.</summary>
    public Integers Padding { get; init; } = [0];

    /// <summary>Elements more after the last: the sizes that a strided convolution forgets.</summary>
    public Integers OutputPadding { get; init; } = [0];

    /// <summary>The distance of neighbours in the kernel, one for all axes or one each.</summary>
    public Integers Dilation { get; init; } = [1];

    /// <summary>Channels and features fall into so many parts that do not meet.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether there is a bias.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>How the weight begins.</summary>
    public Initializer WeightInitializer { get; init; } = Initializer.FanIn;

    /// <summary>How the bias begins; null: uniform within 1/√fan-in.</summary>
    public Initializer? BiasInitializer { get; init; }

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        if (Groups < 1 || Outputs % Groups != 0) throw new ShapeException($"TransposedConvolution: {Groups} groups do not divide {Outputs} channels");
        var weight = Shape.Create([Inputs, Outputs / Groups, .. Kernel]);
        return WeightAndBias.Init(key, type, WeightInitializer, weight, Bias ? BiasInitializer ?? Initializer.FanInUniform(weight[1..].Size) : null, Outputs);
    }

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) => x.ConvolveTransposed(
        parameters["weight"], Bias ? parameters["bias"] : null, Stride.AsSpan(), Padding.AsSpan(), OutputPadding.AsSpan(), Dilation.AsSpan(), Groups);
}
