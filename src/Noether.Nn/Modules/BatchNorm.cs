namespace Noether.Nn;

/// <summary>
/// Normalises each channel over batch and space: [batch, channels, …]. Trains with the batch's mean and variance and collects running ones, with which
/// it works otherwise.
/// </summary>
/// <param name="Channels">The size of axis 1.</param>
/// <remarks>
/// y = (x - E x) / √(Var x + ε)·weight + bias, the biased variance; the running variance is of the unbiased one. Source: Ioffe and Szegedy (2015);
/// defaults and names as torch.nn.BatchNorm1d/2d/3d.
/// </remarks>
public sealed record BatchNorm(int Channels) : Module
{
    private const string Mean = "running_mean";
    private const string Variance = "running_var";
    private const string Count = "num_batches_tracked";

    /// <summary>ε.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>The weight of a new batch in the running statistics; null: their plain average.</summary>
    public double? Momentum { get; init; } = 0.1;

    /// <summary>Whether there are weight and bias.</summary>
    public bool Affine { get; init; } = true;

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) =>
        Affine ? WeightAndBias.Init(key, type, Initializer.Ones, [Channels], Initializer.Zeros, Channels) : Parameters.Empty;

    /// <inheritdoc/>
    public override Parameters InitState(DType type = DType.Float32, Device? device = null) => Parameters.Of(
        (Mean, Tensor.Zeros([Channels], type, device)), (Variance, Tensor.Ones([Channels], type, device)), (Count, Tensor.From(0, DType.Int64, device)));

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        if (x.Rank < 2 || x.Shape[1] != Channels) throw new ShapeException($"BatchNorm: {x.Shape} is not [batch, {Channels}, …]");
        if (context.IsTraining) return Train(parameters, x, context);
        var (mean, variance) = (context[Mean], context[Variance]);
        var scale = (variance + Epsilon).ReciprocalSqrt();
        if (Affine) scale *= parameters["weight"];
        var channel = Shape.Create([Channels, .. Enumerable.Repeat(1, x.Rank - 2)]);
        var y = (x - mean.Reshape(channel)) * scale.Reshape(channel);
        return Affine ? y + parameters["bias"].Reshape(channel) : y;
    }

    private Tensor Train(Parameters parameters, Tensor x, Context context)
    {
        var count = x.Size / Channels;
        if (count < 2) throw new ShapeException($"BatchNorm: training needs more than one value a channel, not {x.Shape}");
        var (y, mean, variance) = Affine ? x.BatchNorm(parameters["weight"], parameters["bias"], Epsilon) : x.BatchNorm(epsilon: Epsilon);

        var batches = context[Count] + 1;
        var share = Momentum is { } momentum ? Tensor.From(momentum, x.DType, x.Device) : (1 / batches.To(DType.Float64)).To(x.DType);
        context.Update(Mean, Mix(context[Mean], mean, share));
        context.Update(Variance, Mix(context[Variance], variance * (count / (count - 1.0)), share));
        context.Update(Count, batches);
        return y;
    }

    private static Tensor Mix(Tensor running, Tensor batch, Tensor share) => running * (1 - share) + (batch * share).To(running.DType);
}
