namespace Noether.Nn;

/// <summary>The mean of each window.</summary>
/// <param name="Window">Its size along each spatial axis.</param>
public sealed record AveragePool(Integers Window) : Pooling
{
    /// <summary>The distance of windows; null: the window's size.</summary>
    public Integers? Stride { get; init; }

    /// <summary>Zeros on both sides.</summary>
    public Integers Padding { get; init; } = [0];

    /// <summary>Whether zeros of the padding count in the mean, as they do in PyTorch.</summary>
    public bool CountPadding { get; init; } = true;

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) =>
        x.AveragePool(Window.AsSpan(), (Stride ?? Window).AsSpan(), Padding.AsSpan(), countPadding: CountPadding);
}
