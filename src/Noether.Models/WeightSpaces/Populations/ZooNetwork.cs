using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A small convolutional classifier: three 3x3 convolutions with strides 1, 2, 2, the mean over the image, one dense layer.</summary>
/// <remarks>
/// [batch, 1, height, width] to logits [batch, classes]; parameters <c>layers.0</c> … <c>layers.3</c>. With 16 channels and 10 classes it is the network of
/// the Small CNN Zoo, 4,970 numbers. Source: Unterthiner et al. (2020), section 3.
/// </remarks>
/// <param name="Channels">Of each convolution.</param>
/// <param name="Classes">Of the images.</param>
/// <param name="Activation">Between the layers.</param>
public sealed record ZooNetwork(int Channels, int Classes, ZooActivation Activation) : Module
{
    private const int Convolutions = 3;

    /// <summary>How weights begin; biases are zero.</summary>
    public Initializer Initializer { get; init; } = Initializer.XavierNormal();

    /// <summary>The sizes, for layers on its weights.</summary>
    public WeightSpec Spec => new([1, Channels, Channels, Channels, Classes], [(3, 3), (3, 3), (3, 3), (1, 1)]);

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        var spec = Spec;
        var keys = key.Split(spec.Layers);
        return new(Enumerable.Range(0, spec.Layers).SelectMany(i => (KeyValuePair<string, Tensor>[])
        [
            new($"layers.{i}.weight", Initializer.Draw(keys[i], spec.WeightShape(i), type)),
            new($"layers.{i}.bias", Tensor.Zeros([spec.Widths[i + 1]], type, key.Words.Device)),
        ]));
    }

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) => Apply(parameters, x, null, null);

    /// <summary>The logits, with hidden activations dropped at a rate that is itself a tensor, so that <c>Vmap</c> can give each network its own.</summary>
    /// <param name="parameters">From <see cref="Init"/>.</param>
    /// <param name="x">[batch, 1, height, width].</param>
    /// <param name="dropout">The probability, without axes; null: none is dropped.</param>
    /// <param name="key">Decides which are dropped.</param>
    public Tensor Apply(Parameters parameters, Tensor x, Tensor? dropout, RandomKey? key)
    {
        for (var i = 0; i < Convolutions; i++)
        {
            var stride = i == 0 ? 1 : 2;
            x = x.Convolve(parameters[$"layers.{i}.weight"], parameters[$"layers.{i}.bias"], [stride, stride], [1, 1]);
            x = Activation == ZooActivation.Relu ? x.Relu() : x.Tanh();
            if (dropout is not null && key is not null)
                x = Tensor.Select(key.Fold(i).Bernoulli((1 - dropout).BroadcastTo(x.Shape)), x / (1 - dropout), 0);
        }

        return x.Mean([2, 3]).MatMul(parameters["layers.3.weight"].Transpose()) + parameters["layers.3.bias"];
    }
}
