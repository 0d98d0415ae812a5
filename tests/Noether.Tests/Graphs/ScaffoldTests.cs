using static Noether.Transform;

namespace Noether.Tests.Graphs;

/// <summary>Evaluations keep what pending graphs use, and nothing for graphs that a transform built and dropped.</summary>
/// <remarks>
/// Every test holds on to the dropped graph, so that the collector cannot be what frees its memory. Counts are of blocks of 2¹⁶ float64, with
/// a quarter of a block for scalars.
/// </remarks>
[NonParallelizable]
public sealed class ScaffoldTests
{
    private const int N = 1 << 16;
    private const double Block = N * sizeof(double);

    private readonly List<Tensor> held = [];

    [TearDown]
    public void Let_go() => held.Clear();

    [Test]
    public void A_gradient_alone_keeps_no_activations()
    {
        var x = Argument();
        var gradient = Grad((Tensor v) => Held(Deep(v)).Sum())(x);
        Assert.That(BlocksOf(() => gradient.Evaluate()), Is.EqualTo(1).Within(0.25));
    }

    [Test]
    public void A_gradient_and_its_value_evaluated_one_after_the_other_share_their_activations()
    {
        var x = Argument();
        var (value, gradient) = ValueAndGrad((Tensor v) => Held(Deep(v)).Sum())(x);
        gradient.Evaluate();
        var plan = Noether.Graphs.Planner.ForEvaluation(Device.Host, [value]).Plan;
        Assert.That(plan.Steps, Has.Length.LessThanOrEqualTo(2), plan.ToString()); // what is left: the sum, behind at most one group
    }

    [Test]
    public void A_Hessian_vector_product_alone_keeps_neither_value_nor_gradient()
    {
        var x = Argument();
        var product = Hvp((Tensor v) => Held(Deep(v)).Sum(), x, x);
        Assert.That(BlocksOf(() => product.Evaluate()), Is.EqualTo(1).Within(0.25));
    }

    [Test]
    public void A_batched_function_keeps_nothing_for_the_graph_of_one_example()
    {
        var x = Argument().Reshape(16, N / 16).Evaluate();
        var shared = (Argument().Reshape(16, N / 16).Sum(0) * 2).Exp().Tanh().Reshape(N / 16); // pending, and read by the traced example too
        var y = Vmap((Tensor row) => Held(row * shared))(x);
        Assert.That(BlocksOf(() => y.Evaluate()), Is.EqualTo(1).Within(0.25));
        Assert.That(shared.View, Is.Null);
    }

    [Test]
    public void A_tensor_taken_out_of_a_differentiated_function_can_still_be_read()
    {
        Tensor? loss = null;
        var x = Tensor.From([1.0, 2, 3], device: Device.Host);
        var gradient = Grad((Tensor v) => loss = (v * v).Sum())(x);
        Assert.That(gradient.ToArray<double>(), Is.EqualTo((double[])[2, 4, 6]));
        Assert.That(loss!.Item(), Is.EqualTo(14));
    }

    [Test]
    public void A_node_that_was_evaluated_without_being_kept_claims_nothing_any_more()
    {
        var x = Argument();
        var inner = x.Reshape(256, 256).Transpose() + 1;
        var middle = Held(inner.Reshape(N) * 2);
        (middle.Reshape(256, 256).Sum(0) + 1).Evaluate();
        var other = inner.Sum();
        other.Evaluate();
        Assert.That(inner.View, Is.Null);
    }

    [Test]
    public void A_function_that_throws_leaves_later_transforms_intact()
    {
        var x = Argument();
        Assert.That(() => Grad((Tensor v) => throw new InvalidOperationException("no"))(x), Throws.InvalidOperationException);
        var gradient = Grad((Tensor v) => Held(Deep(v)).Sum())(x);
        Assert.That(BlocksOf(() => gradient.Evaluate()), Is.EqualTo(1).Within(0.25));
    }

    private static Tensor Argument() => (Tensor.Arange(N, DType.Float64, Device.Host) / N).Evaluate();

    // Transposed copies keep the layers from fusing into one group.
    private Tensor Deep(Tensor x)
    {
        for (var layer = 0; layer < 4; layer++) x = Held(Held(x.Tanh()).Reshape(256, 256).Transpose().Reshape(N));
        return x.Square();
    }

    private Tensor Held(Tensor x)
    {
        held.Add(x);
        return x;
    }

    private static double BlocksOf(Action evaluate)
    {
        GC.Collect(); // of tensors that earlier tests left: they would go in between
        GC.WaitForPendingFinalizers();
        var before = Memory.Live(Device.Host);
        evaluate();
        return (Memory.Live(Device.Host) - before) / Block;
    }
}
