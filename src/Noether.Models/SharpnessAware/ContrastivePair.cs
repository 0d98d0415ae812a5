using Noether.Nn;

namespace Noether.Models.SharpnessAware;

/// <summary>
/// Two encoders that learn to give the two sides of a pair (an image and its caption, or two halves of one image) like vectors, and those of different pairs
/// different ones.
/// </summary>
/// <param name="First">From one side [batch, …] to features [batch, n].</param>
/// <param name="FirstFeatures">n.</param>
/// <param name="Second">The same for the other side.</param>
/// <param name="SecondFeatures">Its n.</param>
/// <param name="Size">Of the vectors that are compared: a linear map of the features, of length one.</param>
/// <remarks>
/// Parameters <c>first</c>, <c>second</c>, <c>first_projection</c>, <c>second_projection</c>, <c>log_scale</c> (begins as ln(1/0.07)). Source: Radford et al.,
/// "Learning transferable visual models from natural language supervision" (2021), figure 3.
/// </remarks>
public sealed record ContrastivePair(Module First, int FirstFeatures, Module Second, int SecondFeatures, int Size) : IModule
{
    private const string LogScale = "log_scale";
    private const double Temperature = 0.07;
    private const double LargestScale = 100; // larger ones make training unstable

    private (string Name, IModule Module)[] Modules =>
    [
        ("first", First), ("second", Second),
        ("first_projection", new Linear(FirstFeatures, Size, Bias: false)), ("second_projection", new Linear(SecondFeatures, Size, Bias: false)),
    ];

    /// <inheritdoc/>
    public Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Parts.Init(Modules, key, type).Merge(Parameters.Of((LogScale, Tensor.From(Math.Log(1 / Temperature), type, key.Words.Device))));
    }

    /// <inheritdoc/>
    public Parameters InitState(DType type = DType.Float32, Device? device = null) => Parts.InitState(Modules, type, device);

    /// <summary>The vectors of both sides [batch, size], of length one.</summary>
    /// <param name="parameters">From <see cref="Init"/>.</param>
    /// <param name="first">One side of each pair.</param>
    /// <param name="second">The other.</param>
    /// <param name="context">Mode, key and state.</param>
    public (Tensor First, Tensor Second) Encode(Parameters parameters, Tensor first, Tensor second, Context context)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(context);
        return (Side("first", First, FirstFeatures, first), Side("second", Second, SecondFeatures, second));

        Tensor Side(string name, Module encoder, int features, Tensor x)
        {
            var own = context.Under(name);
            var seen = encoder.Apply(parameters.Under(name), x, own);
            own.Observe(seen);
            if (seen.Rank != 2 || seen.Shape[1] != features) throw new ShapeException($"ContrastivePair: the encoder '{name}' gives {seen.Shape}, not [batch, {features}]");
            var vector = new Linear(features, Size, Bias: false).Apply(parameters.Under($"{name}_projection"), seen);
            return vector / (vector.Square().Sum(1, keepAxis: true) + 1e-12).Sqrt();
        }
    }

    /// <summary>The loss of a batch of pairs: each side is to be told among all others by its partner, both ways.</summary>
    /// <inheritdoc cref="Encode"/>
    public Tensor LossOf(Parameters parameters, Tensor first, Tensor second, Context context)
    {
        var (a, b) = Encode(parameters, first, second, context);
        return SymmetricLoss(a, b, Scale(parameters));
    }

    /// <summary>What cosines are multiplied by in the loss: learnt, at most 100.</summary>
    public Tensor Scale(Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters[LogScale].Exp().Minimum(LargestScale);
    }

    /// <summary>½·(cross-entropy of rows + cross-entropy of columns) of s·a·bᵀ, whose diagonal is right.</summary>
    /// <param name="first">a [pairs, size].</param>
    /// <param name="second">b [pairs, size].</param>
    /// <param name="scale">s without axes.</param>
    public static Tensor SymmetricLoss(Tensor first, Tensor second, Tensor scale)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(scale);
        if (first.Rank != 2 || !first.Shape.Equals(second.Shape)) throw new ShapeException($"SymmetricLoss: {first.Shape} and {second.Shape} are not two sides of as many pairs");
        var logits = scale * first.MatMul(second.Transpose());
        var right = Tensor.Arange(first.Shape[0], DType.Int64, first.Device);
        return (Loss.CrossEntropy(logits, right) + Loss.CrossEntropy(logits.Transpose(), right)) / 2;
    }

    /// <summary>The part of the pairs whose first side is nearest to its own partner, among groups of the given size.</summary>
    /// <param name="first">[pairs, size].</param>
    /// <param name="second">[pairs, size].</param>
    /// <param name="group">Candidates; pairs that do not fill the last group are left out.</param>
    public static double Retrieval(Tensor first, Tensor second, int group)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Rank != 2 || !first.Shape.Equals(second.Shape) || group < 1 || group > first.Shape[0])
            throw new ShapeException($"Retrieval: {first.Shape} and {second.Shape} do not give groups of {group} pairs");
        var groups = first.Shape[0] / group;
        Tensor Grouped(Tensor side) => side.Narrow(0, 0, groups * group).Reshape([groups, group, side.Shape[1]]);
        var nearest = Grouped(first).MatMul(Grouped(second).SwapAxes(1, 2)).ArgMax(2);
        return nearest.Equal(Tensor.Arange(group, nearest.DType, nearest.Device)).To(DType.Float64).Mean().Item();
    }
}
