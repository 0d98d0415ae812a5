using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Models.Tests.SharpnessAware;

public sealed class EfficientSamTests
{
    private static readonly Sequential Network = new(new Linear(3, 5), Activation.Tanh, new Linear(5, 4));
    private static readonly Parameters Weights = Network.Init(RandomKey.From(1), DType.Float64);
    private static readonly Batch Data = new(RandomKey.From(2).Normal([8, 3], type: DType.Float64), Tensor.From([0L, 1, 2, 3, 0, 1, 2, 3]));
    private static readonly Sgd Plain = new() { LearningRate = 0.1, Momentum = 0.9 };

    private static Tensor Losses(Parameters p, Batch batch) => Loss.CrossEntropy(Network.Apply(p, batch.Input), batch.Target, new() { Reduction = Reduction.None });

    [Test]
    public void All_tensors_and_all_examples_make_it_the_plain_method()
    {
        var efficient = new EfficientSam(Plain, 0.3) { PerturbedTensors = 1, PerturbedExamples = 1 };
        var step = efficient.Step(Losses, Data, Weights, efficient.Init(Weights), RandomKey.From(3));
        var whole = new Sam(Plain, 0.3).Step(static p => Losses(p, Data).Mean(), Weights, Plain.Init(Weights));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((step.Parameters - whole.Parameters).Norm().Item(), Is.LessThan(1e-14));
            Assert.That(step.PerturbedLoss.Item(), Is.EqualTo(whole.PerturbedLoss.Item()).Within(1e-14));
        }
    }

    [Test]
    public void Some_tensors_are_perturbed_further_and_the_most_raised_examples_count()
    {
        var efficient = new EfficientSam(Plain, 0.3) { PerturbedTensors = 0.5, PerturbedExamples = 0.25 };
        var step = efficient.Step(Losses, Data, Weights, efficient.Init(Weights), RandomKey.From(3));
        var moved = step.Perturbed - Weights;
        string[] still = [.. moved.Where(static each => each.Value.Norm().Item() == 0).Select(static each => each.Key)];
        var raised = (Losses(step.Perturbed, Data) - Losses(Weights, Data)).ToArray<double>();
        int[] two = [.. Enumerable.Range(0, 8).OrderByDescending(i => raised[i]).Take(2)];
        var gradient = Transform.Grad<Parameters>(p => Losses(p, new(Data.Input.Take(Tensor.From(two)), Data.Target.Take(Tensor.From(two)))).Mean())(step.Perturbed);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(still, Has.Length.InRange(1, 3), "the draws of this key leave some and move some");
            Assert.That(moved.Norm().Item(), Is.EqualTo(0.3 / 0.5).Within(1e-10));
            Assert.That((step.Parameters - Plain.Step(Weights, gradient, Plain.Init(Weights)).Parameters).Norm().Item(), Is.LessThan(1e-14));
        }
    }

    [Test]
    public void A_part_of_nothing_and_a_mean_instead_of_losses_are_refused()
    {
        var efficient = new EfficientSam(Plain, 0.3);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => (efficient with { PerturbedExamples = 0 }).Step(Losses, Data, Weights, efficient.Init(Weights), RandomKey.From(3)), Throws.InvalidOperationException);
            Assert.That(() => efficient.Step(static (p, batch) => Losses(p, batch).Mean(), Data, Weights, efficient.Init(Weights), RandomKey.From(3)), Throws.TypeOf<ShapeException>());
        }
    }
}
