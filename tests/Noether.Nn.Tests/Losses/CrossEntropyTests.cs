using static Noether.Nn.Tests.Numbers;

namespace Noether.Nn.Tests;

/// <summary>Cross-entropy against PyTorch's documented formula, written as loops.</summary>
public class CrossEntropyTests
{
    private const double Tolerance = 1e-13; // float64 against loops
    private const int Batch = 5, Classes = 4;

    private static readonly Tensor Logits = Values([Batch, Classes], 1, -3, 3);
    private static readonly long[] Targets = [2, 0, -100, 3, 1];
    private static readonly double[] Weights = [0.5, 2, 1, 3];

    [Test]
    public void Classes_with_every_option_agree_with_the_formula(
        [Values(0, 0.1, 1)] double smoothing, [Values] bool weighted, [Values] Reduction reduction)
    {
        var options = new CrossEntropyOptions { LabelSmoothing = smoothing, Weights = weighted ? Tensor.From(Weights) : null, Reduction = reduction };
        double[] w = weighted ? Weights : [1, 1, 1, 1];
        var logs = Logs();
        var losses = new double[Batch];
        double total = 0;
        for (var n = 0; n < Batch; n++)
        {
            if (Targets[n] == -100) continue;
            total += w[Targets[n]];
            for (var c = 0; c < Classes; c++)
                losses[n] -= w[c] * logs[n, c] * (smoothing / Classes + (c == Targets[n] ? 1 - smoothing : 0));
        }

        double[] expected = reduction switch
        {
            Reduction.None => losses,
            Reduction.Sum => [losses.Sum()],
            _ => [losses.Sum() / total],
        };
        Assert.That(Loss.CrossEntropy(Logits, Tensor.From(Targets), options).ToArray<double>(), Is.EqualTo(expected).Within(Tolerance));
    }

    [Test]
    public void Probabilities_agree_with_the_formula([Values(0, 0.2)] double smoothing, [Values] bool weighted, [Values] Reduction reduction)
    {
        var target = Values([Batch, Classes], 4, 0, 1);
        var t = target.ToArray<double>();
        var options = new CrossEntropyOptions { LabelSmoothing = smoothing, Weights = weighted ? Tensor.From(Weights) : null, Reduction = reduction };
        var logs = Logs();
        var losses = new double[Batch];
        for (var n = 0; n < Batch; n++)
            for (var c = 0; c < Classes; c++)
                losses[n] -= (weighted ? Weights[c] : 1) * logs[n, c] * (t[n * Classes + c] * (1 - smoothing) + smoothing / Classes);
        double[] expected = reduction switch
        {
            Reduction.None => losses,
            Reduction.Sum => [losses.Sum()],
            _ => [losses.Sum() / Batch],
        };
        Assert.That(Loss.CrossEntropy(Logits, target, options).ToArray<double>(), Is.EqualTo(expected).Within(Tolerance));
    }

    [Test]
    public void Pixels_count_as_more_of_the_batch_and_a_vector_is_one_example()
    {
        var images = Values([2, Classes, 3], 6);
        var targets = Tensor.From([0L, 1, 2, 3, 0, 1], [2, 3]);
        var flat = Loss.CrossEntropy(images.MoveAxis(1, -1).Reshape(6, Classes), targets.Flatten());
        Assert.That(Loss.CrossEntropy(images, targets).Item(), Is.EqualTo(flat.Item()).Within(Tolerance));
        Assert.That(Loss.CrossEntropy(images, targets, new() { Reduction = Reduction.None }).Shape.ToString(), Is.EqualTo("[2, 3]"));
        var row = Logits.Narrow(0, 1, 1).Squeeze(0);
        Assert.That(Loss.CrossEntropy(row, Tensor.From(0)).Item(), Is.EqualTo(-Logs()[1, 0]).Within(Tolerance));
    }

    [Test]
    public void The_gradient_is_softmax_minus_target()
    {
        var targets = Tensor.From([2L, 0, 1, 3, 1]);
        var gradient = Transform.Grad(x => Loss.CrossEntropy(x, targets))(Logits).ToArray<double>();
        var logs = Logs();
        for (var n = 0; n < Batch; n++)
            for (var c = 0; c < Classes; c++)
                Assert.That(gradient[n * Classes + c], Is.EqualTo((Math.Exp(logs[n, c]) - (targets.ToArray<long>()[n] == c ? 1 : 0)) / Batch).Within(Tolerance));
    }

    [Test]
    public void Gradients_with_smoothing_weights_and_ignored_targets_agree_with_differences() =>
        CheckGradient(
            p => Loss.CrossEntropy(p["x"], Tensor.From(Targets), new() { LabelSmoothing = 0.1, Weights = Tensor.From(Weights) }),
            Parameters.Of(("x", Logits)));

    [Test]
    public void Huge_logits_do_not_overflow()
    {
        var x = Tensor.From(new[,] { { 10_000f, 0, -10_000f } });
        Assert.That(Loss.CrossEntropy(x, Tensor.From([0])).Item(), Is.Zero);
        Assert.That(Loss.CrossEntropy(x, Tensor.From([2])).Item(), Is.EqualTo(20_000));
    }

    [Test]
    public void Negative_log_likelihood_of_log_probabilities_is_the_cross_entropy_of_logits()
    {
        var options = new CrossEntropyOptions { Weights = Tensor.From(Weights) };
        var logs = Logits - Logits.Exp().Sum(1, keepAxis: true).Log();
        Assert.That(Loss.NegativeLogLikelihood(logs, Tensor.From(Targets), options).Item(), Is.EqualTo(Loss.CrossEntropy(Logits, Tensor.From(Targets), options).Item()).Within(Tolerance));
        Assert.That(() => Loss.NegativeLogLikelihood(logs, Tensor.From(Targets), new() { LabelSmoothing = 0.1 }), Throws.ArgumentException);
    }

    [Test]
    public void Another_index_may_be_ignored()
    {
        var options = new CrossEntropyOptions { IgnoreIndex = 3, Reduction = Reduction.None };
        Assert.That(Loss.CrossEntropy(Logits, Tensor.From([3L, 0, 1, 3, 1]), options).ToArray<double>().Select(v => v == 0), Is.EqualTo([true, false, false, true, false]));
    }

    [Test]
    public void Accuracy_is_the_part_that_is_right()
    {
        var x = Tensor.From(new[,] { { 1f, 2 }, { 3, 0 }, { 0, 1 }, { 5, 4 } });
        Assert.That(Loss.Accuracy(x, Tensor.From([1, 0, 0, 0])).Item(), Is.EqualTo(0.75));
    }

    [Test]
    public void Wrong_targets_and_weights_name_the_shapes()
    {
        Assert.That(() => Loss.CrossEntropy(Logits, Tensor.From([1L, 2])), Throws.TypeOf<ShapeException>().With.Message.Contains("[5, 4]").And.Message.Contains("[2]"));
        Assert.That(() => Loss.CrossEntropy(Logits, Tensor.Ones([5])), Throws.TypeOf<ShapeException>().With.Message.Contains("[5]"));
        Assert.That(() => Loss.NegativeLogLikelihood(Logits, Tensor.Ones([5])), Throws.TypeOf<DTypeException>().With.Message.Contains("float32[5]"));
        Assert.That(() => Loss.CrossEntropy(Tensor.From(1.0), Tensor.From(1)), Throws.TypeOf<ShapeException>());
        Assert.That(() => Loss.CrossEntropy(Tensor.Arange(3), Tensor.From(1)), Throws.TypeOf<DTypeException>());
        Assert.That(() => Loss.CrossEntropy(Logits, Tensor.From(Targets), new() { Weights = Tensor.Ones([3]) }), Throws.TypeOf<ShapeException>().With.Message.Contains("[3]"));
        Assert.That(() => Loss.CrossEntropy(Logits, Tensor.From(Targets), new() { LabelSmoothing = 2 }), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static double[,] Logs()
    {
        var x = Logits.ToArray<double>();
        var logs = new double[Batch, Classes];
        for (var n = 0; n < Batch; n++)
        {
            double sum = 0;
            for (var c = 0; c < Classes; c++) sum += Math.Exp(x[n * Classes + c]);
            for (var c = 0; c < Classes; c++) logs[n, c] = x[n * Classes + c] - Math.Log(sum);
        }

        return logs;
    }
}
