using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Sparse networks inside dense ones: trains many masked classifiers at once, and finds masks by magnitude.</summary>
/// <remarks>Source: Frankle and Carbin, The lottery ticket hypothesis (2019), section 2; one round of magnitude pruning.</remarks>
/// <param name="spec">Dense layers, ReLU between.</param>
/// <param name="images">[n, n_0].</param>
/// <param name="labels">[n].</param>
public sealed class LotteryTicket(WeightSpec spec, Tensor images, Tensor labels)
{
    private Func<Tensor[], Tensor[]>? compiled;

    /// <summary>Images a step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Of Adam.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Initial weights, uniform within 1/√inputs, and biases of zero: [networks, parameters].</summary>
    public static Tensor Start(WeightSpec spec, int networks, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(key);
        var keys = key.Split(spec.Layers);
        return Tensor.Concatenate(1, [.. Enumerable.Range(0, spec.Layers).SelectMany(i =>
        {
            var bound = 1 / Math.Sqrt(spec.Widths[i]);
            return (Tensor[])[keys[i].Uniform([networks, spec.WeightSize(i)], -bound, bound), Tensor.Zeros([networks, spec.Widths[i + 1]], device: key.Words.Device)];
        })]);
    }

    /// <summary>1 at the largest weights of each network, over all of its layers together, and at all biases; 0 elsewhere: [networks, parameters].</summary>
    /// <param name="scores">Of one channel; what is large is kept.</param>
    /// <param name="density">The part of the weights to keep.</param>
    public static Tensor KeepLargest(WeightFeatures scores, double density)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (density is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(density), density, "KeepLargest: the density must lie in (0, 1]");
        var all = Tensor.Concatenate(1, [.. scores.Weights.Select(w => w.Reshape(scores.Batch, -1))]);
        var kept = Math.Max(1, (int)Math.Round(density * all.Shape[1]));
        var least = all.TopK(kept, 1).Values.Narrow(1, kept - 1, 1); // [networks, 1]
        return scores.Map((_, w) => (w >= least.Reshape(scores.Batch, 1, 1, 1)).To(w.DType), (_, b) => b.OnesLike()).ToVectors();
    }

    /// <summary>Trains networks from their initial weights, those outside the mask held at zero.</summary>
    /// <param name="initial">[networks, parameters].</param>
    /// <param name="mask">The same, of 0 and 1.</param>
    /// <param name="steps">Of Adam, each network on images of its own choice.</param>
    /// <param name="key">Decides the images.</param>
    /// <param name="progress">Called with the steps done, now and then.</param>
    /// <param name="cancellation">Looked at as often.</param>
    /// <returns>Trained weights, zero outside the mask.</returns>
    public Tensor Train(Tensor initial, Tensor mask, int steps, RandomKey key, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (initial.Rank != 2 || initial.Shape[1] != spec.Parameters || !mask.Shape.Equals(initial.Shape))
            throw new ShapeException($"LotteryTicket: weights {initial.Shape} and masks {mask.Shape} are not [networks, {spec.Parameters}] of {spec}");
        var networks = initial.Shape[0];
        var adam = new Adam { LearningRate = LearningRate };
        var memory = adam.Init(Parameters.Of(("vector", Tensor.Zeros([spec.Parameters], device: initial.Device))));
        compiled ??= Transform.Compile(Transform.Vmap(a => Step(a, adam, memory), [.. Enumerable.Repeat<int?>(0, memory.Count + 3)]), [.. Enumerable.Range(0, memory.Count + 1)]);

        var keys = key.SplitBatch(networks).Words;
        Tensor[] state = [initial * mask, .. memory.Leaves.Select(m => Tensor.Zeros([networks, .. m.Shape], m.DType, initial.Device))];
        Tensor.Evaluate(state);
        for (var step = 1; step <= steps; step++)
        {
            state = compiled([.. state, mask, keys]);
            if (step % 10 != 0 && step != steps) continue;
            Tensor.Evaluate(state);
            cancellation.ThrowIfCancellationRequested();
            progress?.Invoke(step);
        }

        return state[0];
    }

    /// <summary>The part of images that each network has right: [networks].</summary>
    public float[] Accuracy(Tensor networks, Tensor testImages, Tensor testLabels) =>
        Transform.Vmap(v => Loss.Accuracy(Logits(v, testImages), testLabels))(networks).ToArray<float>();

    private Tensor[] Step(Tensor[] a, Adam adam, Parameters memory)
    {
        var (vector, remembered, mask, key) = (a[0], memory.WithLeaves(a[1..^2]), a[^2], RandomKey.From(a[^1]));
        var chosen = key.Fold(remembered["step"].To(DType.Int32).Reshape(1)).Integers([BatchSize], 0, images.Shape[0]);
        var gradient = Transform.Grad(v => Loss.CrossEntropy(Logits(v, images.Take(chosen)), labels.Take(chosen)))(vector);
        var (after, next) = adam.Step(Parameters.Of(("vector", vector)), Parameters.Of(("vector", gradient * mask)), remembered);
        return [after.Leaves[0], .. next.Leaves];
    }

    private Tensor Logits(Tensor vector, Tensor x)
    {
        for (int i = 0, at = 0; i < spec.Layers; i++)
        {
            var weight = vector.Narrow(0, at, spec.WeightSize(i)).Reshape(spec.Widths[i + 1], spec.Widths[i]);
            at += spec.WeightSize(i);
            x = x.MatMul(weight.Transpose()) + vector.Narrow(0, at, spec.Widths[i + 1]);
            at += spec.Widths[i + 1];
            if (i < spec.Layers - 1) x = x.Relu();
        }

        return x;
    }
}
