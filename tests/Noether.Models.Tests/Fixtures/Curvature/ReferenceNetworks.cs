using Noether.Nn;

namespace Noether.Models.Tests.Fixtures.Curvature;

/// <summary>The files' networks: sizes are those of the parameters.</summary>
internal static class ReferenceNetworks
{
    /// <summary>Linear layers <c>layers.0</c>, <c>layers.1</c> … with tanh between.</summary>
    public static Tensor Perceptron(Parameters parameters, Tensor x)
    {
        var layers = parameters.Names.Count(static name => name.EndsWith(".weight", StringComparison.Ordinal));
        for (var i = 0; i < layers; i++)
        {
            var weight = parameters[$"layers.{i}.weight"];
            x = new Linear(weight.Shape[1], weight.Shape[0]).Apply(parameters.Under($"layers.{i}"), x);
            if (i < layers - 1) x = x.Tanh();
        }

        return x;
    }

    /// <summary>One hidden layer of rectified units, its features and outputs.</summary>
    public static (Tensor Features, Tensor Outputs) TwoLayer(Parameters parameters, Tensor x)
    {
        var features = (x.MatMul(parameters["layer1.weight"].Transpose()) + parameters["layer1.bias"]).Relu();
        return (features, features.MatMul(parameters["layer2.weight"].Transpose()) + parameters["layer2.bias"]);
    }

    /// <summary>Two convolutions with batch normalisation, rectified and pooled, and a linear layer.</summary>
    public static Module Convolutional(Parameters parameters) => new Cnn(parameters["conv1.weight"].Shape, parameters["conv2.weight"].Shape, parameters["fc.weight"].Shape);

    private sealed record Cnn(Shape First, Shape Second, Shape Last) : CompositeModule
    {
        public override IReadOnlyList<(string Name, Module Module)> Children =>
        [
            ("conv1", new Convolution(First[1], First[0], [First[2], First[3]]) { Padding = [First[2] / 2] }),
            ("bn1", new BatchNorm(First[0])),
            ("conv2", new Convolution(Second[1], Second[0], [Second[2], Second[3]]) { Padding = [Second[2] / 2], Bias = false }),
            ("bn2", new BatchNorm(Second[0])),
            ("fc", new Linear(Last[1], Last[0])),
        ];

        public override Tensor Apply(Parameters parameters, Tensor x, Context context)
        {
            foreach (var (name, module) in Children)
            {
                if (module is Linear) x = Activation.Flatten.Function(x);
                x = Call(name, module, parameters, x, context);
                if (module is BatchNorm) x = x.Relu().MaxPool([2, 2], [2, 2], [0, 0], [1, 1]);
            }

            return x;
        }
    }
}
