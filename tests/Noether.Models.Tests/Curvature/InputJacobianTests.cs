using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.Tests.Curvature;

public sealed class InputJacobianTests
{
    private static readonly Sequential Network = new(new Linear(6, 8), Activation.Tanh, new Linear(8, 3));
    private static readonly Parameters Weights = Network.Init(RandomKey.From(1), DType.Float64);
    private static readonly Tensor Samples = RandomKey.From(2).Normal([9, 6], type: DType.Float64);

    private static Tensor Outputs(Tensor x) => Network.Apply(Weights, x);

    [Test]
    public void A_linear_map_has_its_matrix_everywhere()
    {
        var w = RandomKey.From(3).Normal([6, 3], type: DType.Float64);
        var norms = InputJacobian.Norms(x => x.MatMul(w), Samples);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((InputJacobian.Of(x => x.MatMul(w), Samples) - w.Transpose()).Abs().Max().Item(), Is.Zero);
            Assert.That(norms.Spectral, Is.All.EqualTo(LinearAlgebra.Norm(w, MatrixNorm.Spectral).Item()).Within(1e-12));
            Assert.That(norms.Frobenius, Is.All.EqualTo(LinearAlgebra.Norm(w).Item()).Within(1e-12));
        }
    }

    [Test]
    public void Power_iteration_rises_to_the_exact_norms()
    {
        var exact = InputJacobian.Norms(Outputs, Samples);
        var estimates = InputJacobian.PowerIteration(Outputs, Samples, RandomKey.From(4).Normal([9, 6], type: DType.Float64), steps: 500, tolerance: 1e-6);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(estimates, Has.Count.LessThan(500));
            Assert.That(estimates[^1], Is.EqualTo(exact.Spectral).Within(1e-9));
            for (var i = 1; i < estimates.Count; i++) Assert.That(estimates[i].Zip(estimates[i - 1]).All(static pair => pair.First >= pair.Second - 1e-12), $"step {i}");
        }
    }

    [Test]
    public void Random_signs_give_the_frobenius_norm_in_the_mean()
    {
        var exact = InputJacobian.Norms(Outputs, Samples).Frobenius;
        var mean = RandomKey.From(5).Split(400).Select(key => InputJacobian.FrobeniusSquared(Outputs, Samples, key)).Aggregate(static (a, b) => a + b) / 400.0;
        Assert.That(mean.ToArray<double>().Select(Math.Sqrt), Is.EqualTo(exact).Within(15).Percent);
    }

    [Test]
    public void Probabilities_have_less_slope_than_logits_and_no_slope_along_their_sum()
    {
        var jacobian = InputJacobian.Of(InputJacobian.Softmax(Outputs), Samples);
        Assert.That(jacobian.Sum(1).Abs().Max().Item(), Is.LessThan(1e-15));
        Assert.That(InputJacobian.Norms(InputJacobian.Softmax(Outputs), Samples).Max, Is.LessThan(InputJacobian.Norms(Outputs, Samples).Max));
    }

    [Test]
    public void The_lower_bound_is_below_the_largest_slope_between_samples()
    {
        var target = Outputs(Samples) + 0.01 * RandomKey.From(6).Normal([9, 3], type: DType.Float64);
        var bound = InputJacobian.LowerBound(Samples, target, Outputs(Samples));
        var between = Enumerable.Range(0, 21).Max(i => Enumerable.Range(1, 8).Max(shift =>
            InputJacobian.Norms(Outputs, Samples + (i / 20.0) * (Samples.Roll(shift) - Samples)).Max));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(bound, Is.GreaterThan(0).And.LessThanOrEqualTo(between));
            // with targets as outputs it is the largest difference quotient
            var quotients = Enumerable.Range(1, 8).Max(shift => InputJacobian.DifferenceQuotients(Outputs, Samples, Samples.Roll(shift)).Max().Item());
            Assert.That(InputJacobian.LowerBound(Samples, Outputs(Samples), Outputs(Samples)), Is.EqualTo(quotients).Within(1e-12));
        }
    }

    [Test]
    public void The_tangent_kernel_is_the_sum_of_its_terms_and_its_conjugate_has_gauss_newtons_spectrum()
    {
        var data = Dataset.Of(Samples, Tensor.From([0L, 1, 2, 0, 1, 2, 0, 1, 2]));
        var risk = EmpiricalRisk.Of(Network, OutputLoss.CrossEntropy(), data.Batches(4));
        var kernel = TangentKernel.Terms(TangentKernel.Jacobian((p, x) => Network.Apply(p, x), Weights, Samples));
        var whole = new ParameterSpace(Weights).ToRows(TangentKernel.Jacobian((p, x) => Network.Apply(p, x), Weights, Samples));
        var conjugate = LinearAlgebra.SymmetricEigenvalues(TangentKernel.GaussNewtonConjugate(risk, Weights)).ToArray<double>();
        var gaussNewton = LinearAlgebra.SymmetricEigenvalues(new GaussNewtonOperator(risk, Weights).ToMatrix()).ToArray<double>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((kernel.Leaves.Aggregate(static (a, b) => a + b) - whole.MatMul(whole.Transpose())).Abs().Max().Item(), Is.LessThan(1e-12));
            Assert.That(conjugate[^18..], Is.EqualTo(gaussNewton[^18..]).Within(1e-12)); // 9 samples, 2 free directions each
        }
    }

    [Test]
    public void Wrong_calls_say_what_is_wrong()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => InputJacobian.Of(static x => x.Sum(), Samples), Throws.TypeOf<ShapeException>().With.Message.EqualTo("InputJacobian: the network makes [] of [9, 6], not [9, outputs]"));
            Assert.That(() => InputJacobian.PowerIteration(Outputs, Samples, Samples.Narrow(0, 0, 2)), Throws.TypeOf<ShapeException>().With.Message.Contains("[2, 6]"));
        }
    }
}
