namespace Noether.Nn;

/// <content>Losses over classes. The class axis is 1, or 0 of a vector; further axes (pixels, time) count as more of the batch.</content>
public static partial class Loss
{
    /// <summary>Cross-entropy of logits against classes or probabilities.</summary>
    /// <param name="logits">[batch, classes, …], or [classes].</param>
    /// <param name="target">Integers in [0, classes) of shape [batch, …], or probabilities of the logits' shape.</param>
    /// <param name="options">Label smoothing, weights, ignored index, reduction.</param>
    /// <exception cref="ShapeException">The target has neither shape.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor target, CrossEntropyOptions? options = null)
    {
        options ??= new();
        var axis = ClassAxis("CrossEntropy", logits);
        if (options.LabelSmoothing is < 0 or > 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.LabelSmoothing, "CrossEntropy: label smoothing must lie in [0, 1]");
        var weights = Weights("CrossEntropy", options.Weights, logits, axis);
        if (target.DType.IsFloating()) return OfProbabilities(logits.LogSoftmax(axis), target, axis, weights, options);
        if (weights is not null) return OfClasses("CrossEntropy", logits.LogSoftmax(axis), target, axis, weights, options);
        var losses = logits.CrossEntropy(target, axis, options.LabelSmoothing, options.IgnoreIndex);
        return options.Reduction switch
        {
            Reduction.Mean => losses.Sum() / target.NotEqual(options.IgnoreIndex).To(losses.DType).Sum(),
            Reduction.Sum => losses.Sum(),
            _ => losses,
        };
    }

    /// <summary>Negative log-likelihood: minus the log-probability of each target class.</summary>
    /// <param name="logProbabilities">[batch, classes, …], or [classes].</param>
    /// <param name="target">Integers in [0, classes) of shape [batch, …].</param>
    /// <param name="options">Weights, ignored index, reduction; no smoothing.</param>
    /// <exception cref="ShapeException">The target has another shape.</exception>
    public static Tensor NegativeLogLikelihood(Tensor logProbabilities, Tensor target, CrossEntropyOptions? options = null)
    {
        options ??= new();
        if (options.LabelSmoothing != 0) throw new ArgumentException("NegativeLogLikelihood: has no label smoothing; use CrossEntropy", nameof(options));
        var axis = ClassAxis("NegativeLogLikelihood", logProbabilities);
        var weights = Weights("NegativeLogLikelihood", options.Weights, logProbabilities, axis);
        return OfClasses("NegativeLogLikelihood", logProbabilities, target, axis, weights, options);
    }

    /// <summary>The part of the batch whose largest logit is the target's, a float32 in [0, 1].</summary>
    /// <inheritdoc cref="CrossEntropy"/>
    public static Tensor Accuracy(Tensor logits, Tensor target)
    {
        var axis = ClassAxis("Accuracy", logits);
        CheckTarget("Accuracy", logits, target, axis);
        return logits.ArgMax(axis).Equal(target).To(DType.Float32).Mean();
    }

    private static Tensor OfProbabilities(Tensor logs, Tensor target, int axis, Tensor? weights, CrossEntropyOptions options)
    {
        target = Like("CrossEntropy", logs, target);
        if (options.LabelSmoothing != 0) target = target * (1 - options.LabelSmoothing) + options.LabelSmoothing / logs.Shape[axis];
        if (weights is not null) target *= weights;
        var losses = -(target * logs).Sum(axis);
        return options.Reduction switch
        {
            Reduction.Mean => losses.Sum() / (double)Math.Max(1, losses.Size), // the batch, whatever the weights: PyTorch's rule for probabilities
            Reduction.Sum => losses.Sum(),
            _ => losses,
        };
    }

    private static Tensor OfClasses(string loss, Tensor logs, Tensor target, int axis, Tensor? weights, CrossEntropyOptions options)
    {
        CheckTarget(loss, logs, target, axis);
        var counted = target.NotEqual(options.IgnoreIndex);
        var safe = Tensor.Select(counted, target, 0).Unsqueeze(axis);
        var weight = weights is null ? null : weights.BroadcastTo(logs.Shape).TakeAlong(safe, axis).Squeeze(axis);
        var likelihood = -logs.TakeAlong(safe, axis).Squeeze(axis);
        if (weight is not null) likelihood *= weight;
        var losses = Tensor.Select(counted, likelihood, 0);
        var total = weight is null ? counted.To(logs.DType) : Tensor.Select(counted, weight, 0);
        if (options.LabelSmoothing != 0)
        {
            // The uniform part sees every class with its own weight; both parts divide by the targets' weights.
            var uniform = -(weights is null ? logs : logs * weights).Sum(axis);
            losses = (1 - options.LabelSmoothing) * losses + options.LabelSmoothing / logs.Shape[axis] * Tensor.Select(counted, uniform, 0);
        }

        return options.Reduction switch
        {
            Reduction.Mean => losses.Sum() / total.Sum(),
            Reduction.Sum => losses.Sum(),
            _ => losses,
        };
    }

    private static int ClassAxis(string loss, Tensor logits)
    {
        if (logits.Rank == 0) throw new ShapeException($"{loss}: {logits.Shape} has no class axis");
        if (!logits.DType.IsFloating()) throw new DTypeException($"{loss}: takes floating inputs, not {logits.DType.Name()}{logits.Shape}");
        return logits.Rank == 1 ? 0 : 1;
    }

    private static void CheckTarget(string loss, Tensor logits, Tensor target, int axis)
    {
        if (!target.DType.IsInteger()) throw new DTypeException($"{loss}: classes are {target.DType.Name()}{target.Shape}, not int32 or int64");
        if (!logits.Shape.Without(axis).Equals(target.Shape))
            throw new ShapeException($"{loss}: input {logits.Shape} takes classes of shape {logits.Shape.Without(axis)}, not {target.Shape}");
    }

    // One weight a class, shaped to broadcast along the class axis.
    private static Tensor? Weights(string loss, Tensor? weights, Tensor logits, int axis)
    {
        if (weights is null) return null;
        if (weights.Rank != 1 || weights.Size != logits.Shape[axis])
            throw new ShapeException($"{loss}: weights {weights.Shape} for {logits.Shape[axis]} classes of {logits.Shape}");
        var sizes = new int[logits.Rank];
        Array.Fill(sizes, 1);
        sizes[axis] = logits.Shape[axis];
        return weights.To(logits.DType).Reshape(sizes);
    }
}
