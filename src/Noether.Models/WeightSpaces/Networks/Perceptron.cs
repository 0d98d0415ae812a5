using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>The dense networks that end models on weight spaces.</summary>
internal static class Perceptron
{
    /// <summary>From [batch, channels, features] to [batch, outputs]: modules 0 and 1 stand for the reference's pooling and flattening, dense layers follow.</summary>
    /// <param name="inputs">Channels times features.</param>
    /// <param name="hidden">Widths between.</param>
    /// <param name="outputs">The last width.</param>
    /// <param name="between">What follows each dense layer but the last, for its width.</param>
    /// <param name="sigmoid">Whether outputs are probabilities.</param>
    public static Sequential Of(int inputs, IEnumerable<int> hidden, int outputs, Func<int, IEnumerable<Module>> between, bool sigmoid)
    {
        List<Module> modules = [new Activation("Pool", static x => x), Activation.Flatten];
        foreach (var width in hidden)
        {
            modules.AddRange([new Nn.Linear(inputs, width), .. between(width)]);
            inputs = width;
        }

        modules.Add(new Nn.Linear(inputs, outputs));
        if (sigmoid) modules.Add(Activation.Sigmoid);
        return new([.. modules]);
    }
}
