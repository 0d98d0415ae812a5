using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.Tests.Curvature;

public sealed class CurvatureOperatorTests
{
    private static readonly Sequential Network = new(new Linear(3, 5), Activation.Tanh, new Linear(5, 4));
    private static readonly Parameters Weights = Network.Init(RandomKey.From(1), DType.Float64);
    private static readonly Dataset Samples = Dataset.Of(
        RandomKey.From(2).Normal([11, 3], type: DType.Float64), Tensor.From([0L, 1, 2, 3, 0, 1, 2, 3, 1, 1, 0]));

    private static EmpiricalRisk Risk(int batch = 11, OutputLoss? loss = null) =>
        EmpiricalRisk.Of(Network, loss ?? OutputLoss.CrossEntropy(0.1), Samples.Batches(batch));

    [Test]
    public void The_hessian_is_symmetric_and_indefinite_and_gauss_newton_has_no_negative_eigenvalue()
    {
        var (h, g) = (new HessianOperator(Risk(), Weights).ToMatrix(), new GaussNewtonOperator(Risk(), Weights).ToMatrix());
        using (Assert.EnterMultipleScope())
        {
            Assert.That((h - h.Transpose()).Abs().Max().Item(), Is.LessThan(1e-14));
            Assert.That(LinearAlgebra.SymmetricEigenvalues(h).Min().Item(), Is.LessThan(-1e-3));
            Assert.That(LinearAlgebra.SymmetricEigenvalues(g).Min().Item(), Is.GreaterThan(-1e-14));
        }
    }

    [Test]
    public void The_hessian_is_the_dense_one_and_the_gradients_difference_quotient()
    {
        var risk = Risk();
        var space = new ParameterSpace(Weights);
        var dense = Transform.Hessian(v => risk.Loss.Mean(Network.Apply(Weights.FromVector(v), Samples.All().Input), Samples.All().Target))(Weights.ToVector());
        var v = space.Normal(RandomKey.From(3));
        const double step = 1e-5;
        var quotient = (risk.Gradient(Weights + v * step) - risk.Gradient(Weights - v * step)) * (0.5 / step);
        var product = new HessianOperator(risk, Weights).Apply(v);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((new HessianOperator(risk, Weights).ToMatrix() - dense).Abs().Max().Item(), Is.LessThan(1e-13));
            Assert.That(space.Norm(product - quotient) / space.Norm(product), Is.LessThan(1e-8));
        }
    }

    [TestCase(1)]
    [TestCase(4)]
    [TestCase(5)]
    [TestCase(100)]
    public void The_batch_size_changes_nothing(int batch)
    {
        var vectors = new ParameterSpace(Weights).NormalBlock(RandomKey.From(4), 3);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Risk(batch).Value(Weights), Is.EqualTo(Risk().Value(Weights)).Within(1e-14));
            Same(Risk(batch).Gradient(Weights), Risk().Gradient(Weights));
            foreach (var (whole, parted) in Operators(Risk()).Zip(Operators(Risk(batch)))) Same(whole.ApplyBlock(vectors), parted.ApplyBlock(vectors));
        }
    }

    [Test]
    public void A_block_of_vectors_gives_the_products_of_each()
    {
        foreach (var operation in Operators(Risk(4)))
        {
            var vectors = operation.Space.RademacherBlock(RandomKey.From(5), 3);
            var products = operation.ApplyBlock(vectors);
            for (var i = 0; i < 3; i++) Same(products.Unstack(i), operation.Apply(vectors.Unstack(i)));
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(1 << 20)]
    public void Later_products_are_the_first_ones_whatever_is_kept_of_the_primal_pass(long bytes)
    {
        foreach (var make in (Func<CurvatureOperator>[])[
            () => new HessianOperator(Risk(4), Weights) { KeptBytes = bytes }, () => new GaussNewtonOperator(Risk(4), Weights) { KeptBytes = bytes },
            () => new EmpiricalFisherOperator(Risk(4), Weights) { KeptBytes = bytes }])
        {
            var later = make();
            for (var i = 0; i < 3; i++)
            {
                var vector = later.Space.Normal(RandomKey.From(10 + i));
                Same(make().Apply(vector), later.Apply(vector));
            }
        }
    }

    [Test]
    public void A_moved_operator_is_that_of_the_new_point_whatever_was_kept_of_the_old_one()
    {
        var other = Weights * 1.5;
        foreach (var (operation, there) in Operators(Risk(4)).Zip(Operators(Risk(4), other)))
        {
            var before = Products(operation);
            var moved = operation.MovedTo(other);
            foreach (var (a, b) in Products(moved).Zip(Products(there))) Same(a, b);
            foreach (var (a, b) in Products(operation).Zip(before)) Same(a, b);
        }

        static Parameters[] Products(CurvatureOperator operation) =>
            [.. Enumerable.Range(0, 3).Select(i => operation.Apply(operation.Space.Normal(RandomKey.From(20 + i))))];
    }

    [Test]
    public void Some_tensors_give_the_principal_block()
    {
        var whole = new HessianOperator(Risk(), Weights);
        var first = (int)Weights.Under("0").Size;
        var (h, blocks) = (whole.ToMatrix(), whole.LayerBlocks());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(blocks.Keys, Is.EqualTo(["0", "2"]));
            Assert.That((blocks["0"] - h[..first, ..first]).Abs().Max().Item(), Is.LessThan(1e-15));
            Assert.That((blocks["2"] - h[first.., first..]).Abs().Max().Item(), Is.LessThan(1e-15));
        }
    }

    [Test]
    public void The_curvature_of_every_loss_is_its_second_derivative()
    {
        var (outputs, target) = (RandomKey.From(6).Normal([11, 4], type: DType.Float64), Samples.All().Target);
        var t = RandomKey.From(7).Normal([11, 4], type: DType.Float64);
        foreach (var loss in (OutputLoss[])[OutputLoss.CrossEntropy(), OutputLoss.CrossEntropy(0.3), OutputLoss.MeanSquared, OutputLoss.HalfSquared, OutputLoss.SoftmaxSquared])
        {
            var second = Transform.Hvp(f => loss.PerSample(f, target).Sum(), outputs, t);
            Assert.That((loss.Curve(outputs, target, t) - second).Abs().Max().Item(), Is.LessThan(1e-14), loss.Name);
            var rows = loss.PerSample(outputs, target.OneHot(4, DType.Float64)) - loss.PerSample(outputs, target);
            Assert.That(rows.Abs().Max().Item(), Is.LessThan(1e-14), $"{loss.Name}: classes are their one-hot rows");
        }
    }

    [Test]
    public void Half_the_squares_curve_more_than_their_mean_by_half_the_outputs()
    {
        var (half, mean) = (Eigen.Extremal(new HessianOperator(Risk(loss: OutputLoss.HalfSquared), Weights)), Eigen.Extremal(new HessianOperator(Risk(loss: OutputLoss.MeanSquared), Weights)));
        Assert.That(half.Values[0] / mean.Values[0], Is.EqualTo(2).Within(1e-5));
    }

    [Test]
    public void The_empirical_fisher_matrix_is_the_mean_of_outer_products_of_gradients()
    {
        var risk = Risk(3);
        var all = Samples.All();
        var gradients = Tensor.Stack(0, [.. Enumerable.Range(0, 11).Select(i => Transform.Grad<Parameters>(p =>
            risk.Loss.Mean(Network.Apply(p, all.Input.Narrow(0, i, 1)), all.Target.Narrow(0, i, 1)))(Weights).ToVector())]);
        var expected = gradients.Transpose().MatMul(gradients) / 11.0;
        Assert.That((new EmpiricalFisherOperator(risk, Weights).ToMatrix() - expected).Abs().Max().Item(), Is.LessThan(1e-15));
    }

    [Test]
    public void Progress_counts_samples_and_cancellation_ends_a_product()
    {
        var seen = new Samplings();
        using var source = new CancellationTokenSource();
        var operation = new HessianOperator(Risk(4), Weights) { Progress = seen, Cancellation = source.Token };
        var v = operation.Space.Normal(RandomKey.From(8));
        operation.Apply(v);
        operation.Apply(v);
        source.Cancel();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen, Is.EqualTo([new(0, 4), new(0, 8), new(0, 11), new(1, 4), new(1, 8), new ProductProgress(1, 11)]));
            Assert.That(() => operation.Apply(v), Throws.InstanceOf<OperationCanceledException>());
        }
    }

    [Test]
    public void Wrong_calls_say_what_is_wrong()
    {
        var operation = new HessianOperator(Risk(), Weights, static name => name == "0.weight");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => operation.Apply(Weights), Throws.TypeOf<ParameterException>().With.Message.Contains("'0.bias' is not expected"));
            Assert.That(() => operation.Apply(Parameters.Of(("0.weight", Tensor.Zeros([3, 5])))), Throws.TypeOf<ParameterException>().With.Message.EqualTo("HessianOperator: '0.weight' has shape [3, 5], expected [5, 3]"));
            Assert.That(() => new ParameterSpace(Weights, static _ => false), Throws.TypeOf<ParameterException>().With.Message.Contains("none of 0.weight"));
            Assert.That(() => OutputLoss.HalfSquared.Mean(Tensor.Zeros([3, 2]), Tensor.Zeros([3])), Throws.TypeOf<ShapeException>().With.Message.EqualTo("HalfSquared: outputs [3, 2] take targets [3, 2], not float32[3]"));
            Assert.That(() => new EmpiricalRisk(static (_, b) => b.Input, OutputLoss.HalfSquared, []).Value(Weights), Throws.ArgumentException.With.Message.Contains("no batch"));
            Assert.That(() => new MatrixOperator(Tensor.Zeros([2, 3])), Throws.TypeOf<ShapeException>().With.Message.EqualTo("MatrixOperator: [2, 3] is not square"));
        }
    }

    private static CurvatureOperator[] Operators(EmpiricalRisk risk, Parameters? at = null) =>
        [new HessianOperator(risk, at ?? Weights), new GaussNewtonOperator(risk, at ?? Weights), new EmpiricalFisherOperator(risk, at ?? Weights)];

    private static void Same(Parameters x, Parameters y)
    {
        foreach (var (name, tensor) in x - y) Assert.That(tensor.Abs().Max().Item(), Is.LessThan(1e-14), name);
    }

    private sealed class Samplings : List<ProductProgress>, IProgress<ProductProgress>
    {
        public void Report(ProductProgress value) => Add(value);
    }
}
