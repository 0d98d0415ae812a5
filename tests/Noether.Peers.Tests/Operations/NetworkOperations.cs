using Noether.Nn;
using Noether.Peers.Tests.Oracle;
using static Noether.Peers.Tests.Oracle.Domain;
using static TorchSharp.torch.nn.functional;
using TorchReduction = TorchSharp.torch.nn.Reduction;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Peers.Tests.Operations;

internal static class NetworkOperations
{
    private static readonly (Reduction Ours, TorchReduction Theirs)[] Reductions =
        [(Reduction.Mean, TorchReduction.Mean), (Reduction.Sum, TorchReduction.Sum), (Reduction.None, TorchReduction.None)];

    public static IEnumerable<Operation> All { get; } =
    [
        Classes("cross-entropy", 0, static (x, y, o) => Loss.CrossEntropy(x, y, o), static (x, y, r) => cross_entropy(x, y, reduction: r)),
        Classes("cross-entropy, smoothed", 0.1,
            static (x, y, o) => Loss.CrossEntropy(x, y, o), static (x, y, r) => cross_entropy(x, y, reduction: r, label_smoothing: 0.1)),
        Classes("cross-entropy, ignoring a class", 0,
            static (x, y, o) => Loss.CrossEntropy(x, y, o with { IgnoreIndex = 1 }), static (x, y, r) => cross_entropy(x, y, ignore_index: 1, reduction: r)),
        Classes("negative log-likelihood", 0,
            static (x, y, o) => Loss.NegativeLogLikelihood(x.LogSoftmax(1), y, o), static (x, y, r) => nll_loss(log_softmax(x, 1), y, reduction: r)),
        new("cross-entropy with probabilities", static d =>
        {
            var (n, classes) = (d.Next(1, 5), d.Next(2, 5));
            return new([d.Operand([n, classes], Real), d.Operand([n, classes], Real)],
                x => Loss.CrossEntropy(x[0], x[1].Softmax(1)), x => cross_entropy(x[0], softmax(x[1], 1)));
        }),
        new("cross-entropy, weighted", static d =>
        {
            var (n, classes) = (d.Next(1, 5), d.Next(2, 5));
            var labels = d.Integers(n, 0, classes - 1);
            return new([d.Operand([n, classes], Real), d.Operand([classes], Positive)],
                x => Loss.CrossEntropy(x[0], Tensor.From(labels), new() { Weights = x[1].StopGradient() }),
                x => cross_entropy(x[0], TorchSharp.torch.tensor(labels), x[1].detach()));
        }),
        Pair("mean squared error", Real, Real, static (x, y, r) => Loss.MeanSquared(x, y, r), static (x, y, r) => mse_loss(x, y, r)),
        Pair("mean absolute error", Real, Real, static (x, y, r) => Loss.MeanAbsolute(x, y, r), static (x, y, r) => l1_loss(x, y, r)),
        Pair("Huber's loss", Real, Real, static (x, y, r) => Loss.Huber(x, y, 0.7, r), static (x, y, r) => huber_loss(x, y, 0.7, r)),
        Pair("smooth absolute error", Real, Real, static (x, y, r) => Loss.SmoothAbsolute(x, y, 0.7, r), static (x, y, r) => smooth_l1_loss(x, y, r, 0.7)),
        Pair("binary cross-entropy", Real, Probability, static (x, y, r) => Loss.BinaryCrossEntropy(x, y, null, r),
            static (x, y, r) => binary_cross_entropy_with_logits(x, y, reduction: r)),
        Pair("Kullback-Leibler divergence", Real, Probability, static (x, y, r) => Loss.KullbackLeibler(x, y, false, r), static (x, y, r) => kl_div(x, y, false, r)),
        new("layer normalisation", static d =>
        {
            int[] shape = [d.Next(1, 4), d.Next(1, 4), d.Next(3, 6)];
            return new([d.Operand(shape, Real, distinct: true), d.Operand([shape[2]], Real), d.Operand([shape[2]], Real)],
                x => new LayerNorm(shape[2]).Apply(Weights(x), x[0]), x => layer_norm(x[0], [shape[2]], x[1], x[2]));
        })
        { Slack = 5 },
        new("group normalisation", static d =>
        {
            int[] shape = [d.Next(1, 3), 4, d.Next(3, 5), d.Next(2, 4)];
            return new([d.Operand(shape, Real, distinct: true), d.Operand([4], Real), d.Operand([4], Real)],
                x => new GroupNorm(2, 4).Apply(Weights(x), x[0]), x => group_norm(x[0], 2, x[1], x[2]));
        })
        { Slack = 5 },
        new("batch normalisation", static d =>
        {
            int[] shape = [d.Next(2, 4), 3, d.Next(2, 4)];
            return new([d.Operand(shape, Real, distinct: true), d.Operand([3], Real), d.Operand([3], Real)],
                x =>
                {
                    var norm = new BatchNorm(3);
                    return norm.Train(Weights(x), norm.InitState(x[0].DType), x[0], RandomKey.From(0)).Output;
                },
                x => batch_norm(x[0], TorchSharp.torch.zeros(3, x[0].dtype), TorchSharp.torch.ones(3, x[0].dtype), x[1], x[2], training: true));
        })
        { Slack = 5 },
        new("linear layer", static d =>
        {
            var (n, inputs, outputs) = (d.Next(1, 4), d.Next(1, 6), d.Next(1, 6));
            return new([d.Operand([2, n, inputs], Real), d.Operand([outputs, inputs], Real), d.Operand([outputs], Real)],
                x => new Linear(inputs, outputs).Apply(Weights(x), x[0]), x => linear(x[0], x[1], x[2]));
        }),
        Attends("attention", false),
        Attends("causal attention", true),
        new("attention with a mask of numbers, scaled", static d =>
        {
            int queries = d.Next(1, 40), keys = d.Next(1, 150), size = d.Next(1, 20);
            return new([d.Operand([2, 3, queries, size], Real), d.Operand([2, 3, keys, size], Real), d.Operand([2, 3, keys, 7], Real), d.Operand([2, 1, queries, keys], Real)],
                x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], x[3], scale: 1 / Math.Sqrt(size)),
                x => scaled_dot_product_attention(x[0], x[1], x[2], x[3]));
        }),
        new("embedding", static d =>
        {
            var index = d.Integers(6, 0, 4);
            return new([d.Operand([5, d.Next(1, 4)], Real)],
                x => new Embedding(5, x[0].Shape[1]).Apply(Parameters.Of(("weight", x[0])), Tensor.From(index, [2, 3])),
                x => x[0].index_select(0, TorchSharp.torch.tensor(index)).reshape(2, 3, -1));
        }),
    ];

    private static Parameters Weights(Tensor[] x) => Parameters.Of(("weight", x[1]), ("bias", x[2]));

    private static Operation Attends(string name, bool causal) => new(name, d =>
    {
        int queries = d.Next(1, 5), keys = causal ? queries : d.Next(1, 5), size = d.Next(1, 5);
        return new([d.Operand([2, queries, size], Real), d.Operand([2, keys, size], Real), d.Operand([2, keys, 3], Real)],
            x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], causal: causal),
            x => scaled_dot_product_attention(x[0], x[1], x[2], is_casual: causal));
    });

    private static Operation Pair(
        string name, Domain first, Domain second, Func<Tensor, Tensor, Reduction, Tensor> ours, Func<TorchTensor, TorchTensor, TorchReduction, TorchTensor> theirs) =>
        new(name, d =>
        {
            var (shape, reduction) = (d.Sizes(1, 3), d.One(Reductions));
            return new([d.Operand(shape, first), d.Operand(shape, second)],
                x => ours(x[0], x[1], reduction.Ours), x => theirs(x[0], x[1], reduction.Theirs));
        });

    private static Operation Classes(
        string name, double smoothing, Func<Tensor, Tensor, CrossEntropyOptions, Tensor> ours, Func<TorchTensor, TorchTensor, TorchReduction, TorchTensor> theirs) =>
        new(name, d =>
        {
            int n = d.Next(1, 5), classes = d.Next(3, 5), pixels = d.Next(1, 3);
            var reduction = d.One(Reductions);
            var labels = d.Integers(n * pixels, 0, classes - 1);
            labels[0] = 0; // so that something counts where a class is ignored
            return new([d.Operand([n, classes, pixels], Real)],
                x => ours(x[0], Tensor.From(labels, [n, pixels]), new() { LabelSmoothing = smoothing, Reduction = reduction.Ours }),
                x => theirs(x[0], TorchSharp.torch.tensor(labels, [n, pixels]), reduction.Theirs));
        });
}
