namespace Noether.Nn;

/// <summary>Convolution (correlation, as PyTorch's) over one to three axes: [batch, inputs, space…] to [batch, outputs, space…].</summary>
/// <param name="Inputs">Channels before.</param>
/// <param name="Outputs">Channels after.</param>
/// <param name="Kernel">Its size along each spatial axis: <c>[3, 3]</c> for images.</param>
/// <remarks><c>weight</c> [outputs, inputs / groups, kernel…], <c>bias</c> [outputs]; both begin uniform within 1/√fan-in, as PyTorch's.</remarks>
public sealed record Convolution(int Inputs, int Outputs, Integers Kernel) : Module
{
    /// <summary>The step of the kernel, one for all axes or one each.</summary>
    public Integers Stride { get; init; } = [1];

    /// <summary>Zeros on both sides, one number for all axes or one each.</summary>
    public Integers Padding { get; init; } = [0];

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
        if (Groups < 1 || Inputs % Groups != 0) throw new ShapeException($"Convolution: {Groups} groups do not divide {Inputs} channels");
        var weight = Shape.Create([Outputs, Inputs / Groups, .. Kernel]);
        return WeightAndBias.Init(key, type, WeightInitializer, weight, Bias ? BiasInitializer ?? Initializer.FanInUniform(weight[1..].Size) : null, Outputs);
    }

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) =>
        x.Convolve(parameters["weight"], Bias ? parameters["bias"] : null, Stride.AsSpan(), Padding.AsSpan(), Dilation.AsSpan(), Groups);
}
