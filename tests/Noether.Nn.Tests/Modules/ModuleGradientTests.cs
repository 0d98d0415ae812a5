using static Noether.Nn.Tests.Numbers;

namespace Noether.Nn.Tests;

/// <summary>Every module, training and not: derivatives by finite differences, and batches of parameters by a loop.</summary>
public class ModuleGradientTests
{
    public static IEnumerable<TestCaseData> Cases()
    {
        yield return Case("Linear", new Linear(3, 2), [2, 3]);
        yield return Case("Linear without bias", new Linear(3, 2, Bias: false), [2, 2, 3]);
        yield return Case("Convolution 1-D", new Convolution(2, 3, [3]) { Padding = [1], Stride = [2] }, [2, 2, 6]);
        yield return Case("Convolution 2-D", new Convolution(2, 2, [2, 3]) { Groups = 2 }, [2, 2, 3, 4]);
        yield return Case("Convolution 3-D", new Convolution(1, 2, [2, 2, 2]) { Dilation = [1], Bias = false }, [1, 1, 2, 3, 3]);
        yield return Case("TransposedConvolution 2-D", new TransposedConvolution(2, 2, [2, 2]) { Stride = [2], OutputPadding = [1] }, [1, 2, 2, 2]);
        yield return Case("BatchNorm", new BatchNorm(3), [4, 3]);
        yield return Case("BatchNorm of images", new BatchNorm(2) { Momentum = null }, [2, 2, 2, 2]);
        yield return Case("LayerNorm", new LayerNorm([2, 3]), [2, 2, 3]);
        yield return Case("GroupNorm", new GroupNorm(2, 4), [2, 4, 3]);
        yield return Case("Dropout", new Dropout(0.4), [3, 4]);
        yield return Case("MultiHeadAttention", new MultiHeadAttention(4, 2) { Dropout = 0.3 }, [2, 3, 4]);
        yield return Case("MultiHeadAttention, causal, unbatched", new MultiHeadAttention(4, 2) { Causal = true, Bias = false }, [3, 4]);
        yield return Case("TransformerBlock", new TransformerBlock(4, 2) { Hidden = 3, Activation = Activation.Gelu }, [1, 3, 4]);
        yield return Case("TransformerBlock with the norm first", new TransformerBlock(4, 2) { Hidden = 3, NormFirst = true, Causal = true, Activation = Activation.Tanh }, [1, 3, 4]);
        yield return Case("MaxPool", new MaxPool([2, 2]), [1, 2, 4, 4]);
        yield return Case("AveragePool", new AveragePool([2]) { Stride = [1], Padding = [1] }, [1, 2, 4]);
        yield return Case("Adaptive pools", new Sequential(new AdaptiveMaxPool([3, 2]), new AdaptiveAveragePool([1, 1])), [1, 2, 4, 4]);
        yield return Case("Residual in Sequential", new Sequential(new Residual(new Linear(3, 3)), Activation.Silu, new Residual(new Linear(3, 2), new Linear(3, 2, false))), [2, 3]);
        yield return Case("Activations", new Sequential(
            Activation.Relu, Activation.LeakyRelu, Activation.Elu, Activation.Gelu, Activation.Silu, Activation.Tanh, Activation.Sigmoid,
            Activation.Softplus, Activation.Sine, Activation.Flatten), [2, 2, 2]);
    }

    [TestCaseSource(nameof(Cases))]
    public void Derivatives_agree_with_finite_differences(Module module, Shape input)
    {
        var parameters = Started(module);
        var state = module.InitState(DType.Float64);
        var all = Parameters.Of(("x", Values(input, 3))).Merge(Parameters.Nest(("p", parameters)));
        foreach (var training in (bool[])[true, false])
        {
            var weights = Values(module.Apply(parameters, state, all["x"]).Shape, 7);
            CheckGradient(p =>
            {
                var context = training ? Context.ForTraining(RandomKey.From(5), state) : Context.ForInference(state);
                return (module.Apply(p.Under("p"), p["x"], context) * weights).Sum();
            }, all);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void A_batch_of_parameters_gives_what_a_loop_gives(Module module, Shape input)
    {
        var many = Parameters.Stack([.. Enumerable.Range(0, 3).Select(i => Parameters.Of(("x", Values(input, i))).Merge(Parameters.Nest(("p", Started(module, i)))))]);
        var state = module.InitState(DType.Float64);
        var together = Transform.Vmap<Parameters, Tensor>(p => module.Train(p.Under("p"), state, p["x"], RandomKey.From(2)).Output)(many);
        for (var i = 0; i < 3; i++)
        {
            var one = many.Unstack(i);
            var alone = module.Train(one.Under("p"), state, one["x"], RandomKey.From(2)).Output;
            Assert.That(together.Narrow(0, i, 1).Squeeze(0).ToArray<double>(), Is.EqualTo(alone.ToArray<double>()).Within(1e-12)); // sums in another order
        }
    }

    // Fresh parameters, moved a little so that biases and scales are neither zero nor one.
    private static Parameters Started(Module module, int seed = 0)
    {
        var fresh = module.Init(RandomKey.From(seed), DType.Float64);
        return fresh.Count == 0 ? fresh : fresh.FromVector(fresh.ToVector() + Values([(int)fresh.Size], seed + 11, -0.2, 0.2));
    }

    private static TestCaseData Case(string name, Module module, Shape input) => new TestCaseData(module, input).SetArgDisplayNames(name);
}
