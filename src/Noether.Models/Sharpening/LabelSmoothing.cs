namespace Noether.Models.Sharpening;

/// <summary>Targets that do not ask for certainty, for any loss that takes numbers as targets.</summary>
/// <remarks>For cross-entropy it is <see cref="Curvature.OutputLoss.CrossEntropy"/> with ε, but ε may be a tensor, one for each run under <c>Vmap</c>.</remarks>
public static class LabelSmoothing
{
    /// <summary><c>(1 - ε)·y + ε/outputs</c> [samples, outputs].</summary>
    /// <param name="target">y: classes [samples], or numbers [samples, outputs].</param>
    /// <param name="outputs">How many.</param>
    /// <param name="smoothing">ε, without axes.</param>
    /// <param name="type">Of the result.</param>
    public static Tensor Targets(Tensor target, int outputs, Tensor smoothing, DType type)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(smoothing);
        var rows = target.DType.IsInteger() ? target.OneHot(outputs, type) : target.To(type);
        return (1 - smoothing.To(type)) * rows + smoothing.To(type) / (double)outputs;
    }
}
