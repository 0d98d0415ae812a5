using Noether.Models.Curvature;
using Noether.Models.Sharpening;
using Noether.Nn;

namespace Noether.Models.Tests.Sharpening;

public sealed class SharpnessFactorsTests
{
    private const int Samples = 10;

    private static readonly Batch Data = new(RandomKey.From(2).Normal([Samples, 4], type: DType.Float64), RandomKey.From(3).Normal([Samples, 3], type: DType.Float64));

    private static double Norm(Tensor w) => LinearAlgebra.Norm(w, MatrixNorm.Spectral).Item();

    [Test]
    public void The_chain_of_bounds_holds([Values] bool crossEntropy, [Values(1, 2, 3)] int seed)
    {
        var network = new Sequential(new Linear(4, 7), Activation.Tanh, new Linear(7, 5), Activation.Relu, new Linear(5, 3));
        var p = network.Init(RandomKey.From(seed), DType.Float64) * 2;
        var loss = crossEntropy ? OutputLoss.CrossEntropy(0.1) : OutputLoss.HalfSquared;
        var data = crossEntropy ? new Batch(Data.Input, Data.Target.Softmax(1)) : Data;
        var factors = SharpnessFactors.Of(network, loss, data, p);
        const double slack = 1 + 1e-6;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(factors.GaussNewton, Is.Positive.And.LessThanOrEqualTo(factors.Cost * factors.Kernel * slack));
            Assert.That(factors.Cost * factors.Kernel, Is.LessThanOrEqualTo(factors.Bound * slack));
            Assert.That(factors.Layers.Select(static layer => layer.Name), Is.EqualTo(["0", "2", "4"]));
            Assert.That(factors.Layers[^1].Jacobian, Is.EqualTo(1).Within(1e-12), "nothing comes after the last layer");
            if (!crossEntropy) Assert.That(factors.Cost, Is.EqualTo(1.0 / Samples).Within(1e-15));
        }
    }

    [Test]
    public void One_linear_layer_attains_the_bounds()
    {
        var network = new Sequential(new Linear(4, 3));
        var factors = SharpnessFactors.Of(network, OutputLoss.HalfSquared, Data, network.Init(RandomKey.From(1), DType.Float64));
        var withOnes = Tensor.Concatenate(1, Data.Input, Tensor.Ones([Samples, 1], DType.Float64));
        var expected = Math.Pow(Norm(withOnes), 2) / Samples;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(factors.GaussNewton, Is.EqualTo(expected).Within(1e-6));
            Assert.That(factors.Cost * factors.Kernel, Is.EqualTo(expected).Within(1e-6));
            Assert.That(factors.Bound, Is.EqualTo(expected).Within(1e-6));
        }
    }

    [Test]
    public void A_deep_linear_network_has_its_closed_forms()
    {
        // Without biases: layer l sees X·W_1ᵀ⋯W_{l-1}ᵀ, and what follows is the matrix W_L⋯W_{l+1} for every sample.
        var network = new Sequential(new Linear(4, 6, Bias: false), new Linear(6, 5, Bias: false), new Linear(5, 3, Bias: false));
        var p = network.Init(RandomKey.From(1), DType.Float64);
        var factors = SharpnessFactors.Of(network, OutputLoss.HalfSquared, Data, p);
        var (w1, w2, w3) = (p["0.weight"], p["1.weight"], p["2.weight"]);
        var seen = Data.Input.MatMul(w1.Transpose());
        double[] jacobians = [Norm(w3.MatMul(w2)), Norm(w3), 1];
        Tensor[] inputs = [Data.Input, seen, seen.MatMul(w2.Transpose())];
        // Σ (A_l·A_lᵀ) ⊗ (P_l·P_lᵀ), samples first
        Tensor[] behind = [w3.MatMul(w2), w3, Tensor.Eye(3, DType.Float64)];
        var kernel = inputs.Zip(behind, static (a, b) => Kronecker(a.MatMul(a.Transpose()), b.MatMul(b.Transpose()))).Aggregate(static (a, b) => a + b);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(factors.Layers.Select(static layer => layer.Jacobian), Is.EqualTo(jacobians).Within(1e-10));
            Assert.That(factors.Layers.Select(static layer => layer.Derivative), Is.EqualTo(inputs.Select(static a => Math.Pow(Norm(a), 2))).Within(1e-5));
            Assert.That(factors.Kernel, Is.EqualTo(LinearAlgebra.SymmetricEigenvalues(kernel).Max().Item()).Within(1e-5));
            Assert.That(factors.GaussNewton, Is.EqualTo(factors.Kernel / Samples).Within(1e-6));
        }
    }

    [Test]
    public void The_first_layers_own_jacobian_does_not_enter()
    {
        // Another first layer that makes the same activations leaves every factor as it is: a rotation of inputs and weights together.
        var network = new Sequential(new Linear(4, 6, Bias: false), new Linear(6, 3));
        var p = network.Init(RandomKey.From(1), DType.Float64);
        var (rotation, _) = LinearAlgebra.Qr(RandomKey.From(9).Normal([4, 4], type: DType.Float64));
        var rotated = p.With("0.weight", 5 * p["0.weight"].MatMul(rotation));
        var scaled = new Batch(Data.Input.MatMul(rotation) / 5.0, Data.Target);
        var (before, after) = (SharpnessFactors.Of(network, OutputLoss.HalfSquared, Data, p), SharpnessFactors.Of(network, OutputLoss.HalfSquared, scaled, rotated));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Layers.Select(static layer => layer.Jacobian), Is.EqualTo(before.Layers.Select(static layer => layer.Jacobian)).Within(1e-12));
            Assert.That(after.Layers[1].Derivative, Is.EqualTo(before.Layers[1].Derivative).Within(1e-5));
            Assert.That(after.Layers[0].Derivative, Is.EqualTo(before.Layers[0].Derivative / 25).Within(1e-5), "only the size of the inputs does");
        }
    }

    [Test]
    public void Convolutions_and_pooling_are_layers_too()
    {
        var network = new Sequential(new Convolution(1, 2, [3, 3]), Activation.Tanh, new MaxPool([2, 2]), Activation.Flatten, new Linear(8, 3));
        Batch images = new(RandomKey.From(4).Normal([5, 1, 6, 6], type: DType.Float64), Tensor.From([0L, 1, 2, 0, 1]));
        var factors = SharpnessFactors.Of(network, OutputLoss.CrossEntropy(), images, network.Init(RandomKey.From(5), DType.Float64));
        Assert.That(factors.Layers.Select(static layer => layer.Name), Is.EqualTo(["0", "4"]));
        Assert.That(factors.GaussNewton, Is.Positive.And.LessThan(factors.Cost * factors.Kernel));
        Assert.That(factors.Cost * factors.Kernel, Is.LessThan(factors.Bound));
    }

    private static Tensor Kronecker(Tensor a, Tensor b) =>
        (a.Unsqueeze(1).Unsqueeze(3) * b.Unsqueeze(0).Unsqueeze(2)).Reshape([a.Shape[0] * b.Shape[0], -1]);
}
