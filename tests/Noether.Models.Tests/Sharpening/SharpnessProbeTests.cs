using Noether.Models.Curvature;
using Noether.Models.Sharpening;
using Noether.Nn;

namespace Noether.Models.Tests.Sharpening;

public sealed class SharpnessProbeTests
{
    private static readonly Sequential Network = new(new Linear(4, 6), Activation.Tanh, new Linear(6, 3));
    private static readonly Batch Train = Draw(1, 12), Test = Draw(2, 9);

    private static Batch Draw(int seed, int samples) => new(
        RandomKey.From(seed).Normal([samples, 4], type: DType.Float64), Tensor.From([.. Enumerable.Range(0, samples).Select(static i => (long)(i % 3))]));

    [Test]
    public void Along_a_run_the_probe_finds_the_exact_eigenvalues_and_fewer_products_do([Values(0, 0.2)] double smoothing)
    {
        var loss = OutputLoss.CrossEntropy();
        var smooth = OutputLoss.CrossEntropy(smoothing);
        EmpiricalRisk risk = new((p, batch) => Network.Apply(p, batch.Input), smooth, [Train]);
        var probe = new SharpnessProbe(Network.Apply, loss, Train, Test, smoothing) { Tolerance = 1e-5, MaxProducts = 51 };
        var runs = new DescentRuns(Network.Apply, loss, Train, [new(0.5) { LabelSmoothing = smoothing }]);
        var state = runs.Begin([Network.Init(RandomKey.From(3), DType.Float64)]);
        var products = new List<int>();
        for (var i = 0; i < 60; i++)
        {
            if (i % 5 == 0)
            {
                var p = state.Network(0);
                var reading = probe.Measure(p);
                var exact = LinearAlgebra.SymmetricEigenvalues(new HessianOperator(risk, p).ToMatrix()).ToArray<double>();
                var gaussNewton = LinearAlgebra.SymmetricEigenvalues(new GaussNewtonOperator(risk, p).ToMatrix()).Max().Item();
                products.Add(reading.Products);
                using (Assert.EnterMultipleScope())
                {
                    Assert.That(reading.Sharpness, Is.EqualTo(exact[^1]).Within(1e-8), $"step {i}");
                    Assert.That(reading.SecondEigenvalue, Is.EqualTo(exact[^2]).Within(1e-6), $"step {i}");
                    Assert.That(reading.GaussNewton, Is.EqualTo(gaussNewton).Within(1e-8), $"step {i}");
                    Assert.That(reading.Loss, Is.EqualTo(risk.Value(p)).Within(1e-12));
                    Assert.That(reading.GradientNorm, Is.EqualTo(risk.Gradient(p).Norm().Item()).Within(1e-12));
                }
            }

            (state, _) = runs.Step(state);
        }

        Assert.That(products.Skip(1).Average(), Is.LessThan(0.9 * products[0]));
    }

    [Test]
    public void The_probe_measures_the_network_on_both_samples()
    {
        var p = Network.Init(RandomKey.From(4), DType.Float64);
        var reading = new SharpnessProbe(Network.Apply, OutputLoss.CrossEntropy(), Train, Test, smoothing: 0.1).Measure(p);
        Tensor Outputs(Tensor x) => Network.Apply(p, x);
        var (outputs, testOutputs) = (Outputs(Train.Input), Outputs(Test.Input));
        using (Assert.EnterMultipleScope())
        {
            foreach (var (found, norms) in ((JacobianSummary, JacobianNorms)[])
            [
                (reading.Train, InputJacobian.Norms(Outputs, Train.Input)), (reading.Test, InputJacobian.Norms(Outputs, Test.Input)),
                (reading.TrainSoftmax, InputJacobian.Norms(InputJacobian.Softmax(Outputs), Train.Input)),
                (reading.TestSoftmax, InputJacobian.Norms(InputJacobian.Softmax(Outputs), Test.Input)),
            ])
            {
                Assert.That((found.Max, found.Mean), Is.EqualTo((norms.Max, norms.Mean)).Within(1e-12));
                Assert.That(found.ArgMax, Is.EqualTo(norms.ArgMax));
            }

            Assert.That(reading.TrainLoss, Is.EqualTo(Loss.CrossEntropy(outputs, Train.Target).Item()).Within(1e-12));
            Assert.That(reading.Loss, Is.EqualTo(OutputLoss.CrossEntropy(0.1).Mean(outputs, Train.Target).Item()).Within(1e-12));
            Assert.That(reading.TestLoss, Is.EqualTo(Loss.CrossEntropy(testOutputs, Test.Target).Item()).Within(1e-12));
            Assert.That(reading.TrainAccuracy, Is.EqualTo(Loss.Accuracy(outputs, Train.Target).Item()).Within(1e-6));
            Assert.That(reading.TestAccuracy, Is.EqualTo(Loss.Accuracy(testOutputs, Test.Target).Item()).Within(1e-6));
            Assert.That(reading.LossGap, Is.EqualTo(reading.TestLoss - reading.TrainLoss));
            Assert.That(reading.WeightNorm, Is.EqualTo(p.Norm().Item()).Within(1e-12));
        }
    }

    [Test]
    public void Of_a_network_that_diverged_nothing_is_measured()
    {
        var p = Network.Init(RandomKey.From(4), DType.Float64).Map(static w => w / 0.0);
        var reading = new SharpnessProbe(Network.Apply, OutputLoss.HalfSquared, Train, Test).Measure(p);
        Assert.That((double[])[reading.Sharpness, reading.Train.Max, reading.TestLoss], Is.All.NaN);
    }

    [Test]
    public void The_lower_bound_lies_below_what_a_fitted_network_needs()
    {
        // A line has the same Jacobian everywhere, so the bound holds without variation.
        var network = new Sequential(new Linear(4, 3));
        var reading = new SharpnessProbe(network.Apply, OutputLoss.HalfSquared, Train, Test).Measure(network.Init(RandomKey.From(5), DType.Float64));
        Assert.That(reading.LowerBound, Is.LessThanOrEqualTo(reading.Train.Max));
    }

    [Test]
    public void A_summary_tells_arrival_plateau_and_correlations()
    {
        int[] steps = [0, 10, 20, 30, 40, 50, 60];
        double[] sharpness = [1, 2, 4, 9.6, 10, 11, 10], jacobian = [1, 4, 16, 20, 21, 22, 23];
        var summary = EdgeSummary.Of(steps, sharpness, jacobian, threshold: 10);
        var below = EdgeSummary.Of(steps, sharpness, jacobian, threshold: 100);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.Arrival, Is.EqualTo(30));
            Assert.That(summary.Plateau, Is.EqualTo((10 + 11 + 10) / 3.0).Within(1e-12), "without the first third");
            Assert.That(summary.LogCorrelation, Is.EqualTo(1).Within(1e-12), "a power law before the edge");
            Assert.That(summary.Correlation, Is.LessThan(1));
            Assert.That(below.Arrival, Is.Null);
            Assert.That(below.Plateau, Is.NaN);
            Assert.That(below.LogCorrelation, Is.EqualTo(below.Correlation));
        }
    }
}
