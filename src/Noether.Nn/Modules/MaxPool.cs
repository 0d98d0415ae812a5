namespace Noether.Nn;

/// <summary>The largest of each window.</summary>
/// <param name="Window">Its size along each spatial axis.</param>
public sealed record MaxPool(Integers Window) : Pooling
{
    /// <summary>The distance of windows; null: the window's size.</summary>
    public Integers? Stride { get; init; }

    /// <summary>How far windows reach over both edges; padding never wins.</summary>
    public Integers Padding { get; init; } = [0];

    /// <summary>The distance of neighbours in a window.</summary>
    public Integers Dilation { get; init; } = [1];

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) =>
        x.MaxPool(Window.AsSpan(), (Stride ?? Window).AsSpan(), Padding.AsSpan(), Dilation.AsSpan());
}
