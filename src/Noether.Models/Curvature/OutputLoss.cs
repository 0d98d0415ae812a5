using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>
/// A loss as a function of a network's outputs [samples, outputs], one number a sample. The conventions of papers differ by factors that scale
/// every eigenvalue, so each has a name, which belongs in every file of results.
/// </summary>
/// <remarks>Targets are classes, integers [samples], or numbers [samples, outputs]; a class stands for its one-hot row.</remarks>
public abstract record OutputLoss
{
    /// <summary>The convention's name.</summary>
    public abstract string Name { get; }

    /// <summary>½ Σ (f - y)² over outputs, as the literature on the edge of stability counts; λ of <see cref="MeanSquared"/> times outputs/2.</summary>
    public static OutputLoss HalfSquared { get; } = new Squared(nameof(HalfSquared), static _ => 0.5);

    /// <summary>The mean of (f - y)² over outputs, PyTorch's default.</summary>
    public static OutputLoss MeanSquared { get; } = new Squared(nameof(MeanSquared), static outputs => 1.0 / outputs);

    /// <summary><see cref="MeanSquared"/> between softmax(f) and the target: what the code of "Visualizing the loss landscape" calls mse.</summary>
    public static OutputLoss SoftmaxSquared { get; } = new SquaredProbabilities();

    /// <summary>Cross-entropy of logits with targets (1 - ε)·y + ε/outputs.</summary>
    /// <param name="smoothing">ε in [0, 1].</param>
    public static OutputLoss CrossEntropy(double smoothing = 0) => smoothing is >= 0 and <= 1
        ? new LogLikelihood(smoothing)
        : throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "CrossEntropy: label smoothing must lie in [0, 1]");

    /// <summary>The losses [samples].</summary>
    /// <exception cref="ShapeException">Outputs are not [samples, outputs], or the targets do not belong to them.</exception>
    public Tensor PerSample(Tensor outputs, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(target);
        if (outputs.Rank != 2) throw new ShapeException($"{Name}: outputs {outputs.Shape} are not [samples, outputs]");
        var expected = target.DType.IsInteger() ? outputs.Shape[..1] : outputs.Shape;
        if (!target.Shape.Equals(expected)) throw new ShapeException($"{Name}: outputs {outputs.Shape} take targets {expected}, not {target.DType.Name()}{target.Shape}");
        return Losses(outputs, target);
    }

    /// <summary>The mean over samples.</summary>
    /// <inheritdoc cref="PerSample"/>
    public Tensor Mean(Tensor outputs, Tensor target) => PerSample(outputs, target).Mean();

    /// <summary>A·t for each sample, A = ∂²ℓ/∂f² of its outputs: [samples, outputs]. A is never formed.</summary>
    /// <param name="outputs">Where: [samples, outputs].</param>
    /// <param name="target">The samples' targets.</param>
    /// <param name="tangent">t [samples, outputs].</param>
    public virtual Tensor Curve(Tensor outputs, Tensor target, Tensor tangent) =>
        Transform.Hvp(f => PerSample(f, target).Sum(), outputs, tangent);

    /// <summary>A of each sample: [samples, outputs, outputs].</summary>
    public Tensor OutputHessian(Tensor outputs, Tensor target)
    {
        var unit = Tensor.Eye(outputs.Shape[1], outputs.DType, outputs.Device);
        return Transform.Vmap(row => Curve(outputs, target, row.Unsqueeze(0).BroadcastTo(outputs.Shape)), outAxis: 1)(unit);
    }

    /// <summary>The losses [samples] of checked outputs and targets.</summary>
    private protected abstract Tensor Losses(Tensor outputs, Tensor target);

    private static Tensor Rows(Tensor outputs, Tensor target) =>
        target.DType.IsInteger() ? target.OneHot(outputs.Shape[1], outputs.DType) : target.To(outputs.DType);

    private sealed record Squared(string Convention, Func<int, double> Weight) : OutputLoss
    {
        public override string Name => Convention;

        public override Tensor Curve(Tensor outputs, Tensor target, Tensor tangent) => 2 * Weight(outputs.Shape[1]) * tangent;

        private protected override Tensor Losses(Tensor outputs, Tensor target) =>
            Weight(outputs.Shape[1]) * (outputs - Rows(outputs, target)).Square().Sum(1);
    }

    private sealed record SquaredProbabilities : OutputLoss
    {
        public override string Name => nameof(SoftmaxSquared);

        private protected override Tensor Losses(Tensor outputs, Tensor target) => (outputs.Softmax(1) - Rows(outputs, target)).Square().Mean(1);
    }

    private sealed record LogLikelihood(double Smoothing) : OutputLoss
    {
        public override string Name => FormattableString.Invariant($"CrossEntropy({Smoothing})");

        // diag(p) - p·pᵀ, whatever the target.
        public override Tensor Curve(Tensor outputs, Tensor target, Tensor tangent)
        {
            var p = outputs.Softmax(1);
            var weighted = p * tangent;
            return weighted - p * weighted.Sum(1, keepAxis: true);
        }

        private protected override Tensor Losses(Tensor outputs, Tensor target) =>
            Loss.CrossEntropy(outputs, target, new() { LabelSmoothing = Smoothing, Reduction = Reduction.None });
    }
}
