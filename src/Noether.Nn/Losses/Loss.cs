namespace Noether.Nn;

/// <summary>Losses with PyTorch's semantics: <c>torch.nn.functional</c> under shorter names.</summary>
/// <remarks>Inputs come first, targets second; both have one shape unless a loss says otherwise. Safe from overflow for every finite input.</remarks>
public static partial class Loss
{
    /// <summary>(x - t)².</summary>
    public static Tensor MeanSquared(Tensor x, Tensor target, Reduction reduction = Reduction.Mean) =>
        Reduce((x - Like("MeanSquared", x, target)).Square(), reduction);

    /// <summary>|x - t|.</summary>
    public static Tensor MeanAbsolute(Tensor x, Tensor target, Reduction reduction = Reduction.Mean) =>
        Reduce((x - Like("MeanAbsolute", x, target)).Abs(), reduction);

    /// <summary>d²/2 for |d| &lt; δ, else δ(|d| - δ/2), with d = x - t (PyTorch's <c>huber_loss</c>).</summary>
    public static Tensor Huber(Tensor x, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean)
    {
        if (delta <= 0) throw new ArgumentOutOfRangeException(nameof(delta), delta, "Huber: delta must be positive");
        var d = x - Like("Huber", x, target);
        var size = d.Abs();
        return Reduce(Tensor.Select(size < delta, d.Square() / 2, delta * (size - delta / 2)), reduction);
    }

    /// <summary>d²/(2β) for |d| &lt; β, else |d| - β/2, with d = x - t; β = 0 is <see cref="MeanAbsolute"/>.</summary>
    public static Tensor SmoothAbsolute(Tensor x, Tensor target, double beta = 1, Reduction reduction = Reduction.Mean)
    {
        if (beta < 0) throw new ArgumentOutOfRangeException(nameof(beta), beta, "SmoothAbsolute: beta must not be negative");
        if (beta == 0) return MeanAbsolute(x, target, reduction);
        var d = x - Like("SmoothAbsolute", x, target);
        var size = d.Abs();
        return Reduce(Tensor.Select(size < beta, d.Square() / (2 * beta), size - beta / 2), reduction);
    }

    /// <summary>Binary cross-entropy of logits: -[w·t·log σ(x) + (1 - t)·log(1 - σ(x))].</summary>
    /// <param name="logits">Any shape.</param>
    /// <param name="target">Probabilities, of the same shape.</param>
    /// <param name="positiveWeight">w: above 1 prefers recall; broadcasts.</param>
    /// <param name="reduction">What becomes of the elements.</param>
    public static Tensor BinaryCrossEntropy(Tensor logits, Tensor target, Tensor? positiveWeight = null, Reduction reduction = Reduction.Mean)
    {
        // softplus(-|x|) + max(-x, 0) is -log σ(x) without overflow; log σ(-x) = log σ(x) - x.
        target = Like("BinaryCrossEntropy", logits, target);
        var missed = (-logits).Softplus();
        var weight = positiveWeight is null ? missed : missed * (1 + (positiveWeight.To(logits.DType) - 1) * target);
        return Reduce((1 - target) * logits + weight, reduction);
    }

    /// <summary>Kullback-Leibler divergence t·(log t - x) of log-probabilities x from probabilities t; 0·log 0 is 0.</summary>
    /// <param name="logProbabilities">Any shape; axis 0 is the batch.</param>
    /// <param name="target">Probabilities, or their logarithms if <paramref name="logTarget"/>.</param>
    /// <param name="logTarget">Whether the target is given by logarithms.</param>
    /// <param name="reduction">The mean is over elements, as PyTorch's default; sum and divide by the batch for the mathematical mean.</param>
    public static Tensor KullbackLeibler(Tensor logProbabilities, Tensor target, bool logTarget = false, Reduction reduction = Reduction.Mean)
    {
        target = Like("KullbackLeibler", logProbabilities, target);
        if (logTarget) return Reduce(target.Exp() * (target - logProbabilities), reduction);
        var positive = target > 0;
        var safe = Tensor.Select(positive, target, 1);
        return Reduce(Tensor.Select(positive, safe * safe.Log(), 0) - target * logProbabilities, reduction);
    }

    private static Tensor Reduce(Tensor losses, Reduction reduction) => reduction switch
    {
        Reduction.Mean => losses.Mean(),
        Reduction.Sum => losses.Sum(),
        _ => losses,
    };

    private static Tensor Like(string loss, Tensor x, Tensor target)
    {
        if (!x.DType.IsFloating()) throw new DTypeException($"{loss}: takes floating inputs, not {x.DType.Name()}{x.Shape}");
        return x.Shape.Equals(target.Shape)
            ? target.To(x.DType)
            : throw new ShapeException($"{loss}: input {x.Shape} and target {target.Shape} differ");
    }
}
