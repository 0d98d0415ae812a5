using Noether.Nn;

namespace Noether.Models.SharpnessAware;

/// <summary>What every named part of a module gives for a batch: the features at each layer, of any module made of others.</summary>
public static class LayerFeatures
{
    /// <summary>
    /// The outputs by the parts' paths (<c>layers.0.linear1</c>), in the order in which the parts end; of a part that is called more than once, the last. A pure
    /// function: it may be compiled, and batched over networks.
    /// </summary>
    /// <param name="module">A <see cref="CompositeModule"/>; any other has no parts and gives nothing.</param>
    /// <param name="parameters">The module's.</param>
    /// <param name="state">Running statistics.</param>
    /// <param name="x">A batch.</param>
    /// <param name="chosen">Which parts; null: all.</param>
    public static Parameters Of(Module module, Parameters parameters, Parameters state, Tensor x, Func<string, bool>? chosen = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        return Of(context => module.Apply(parameters, x, context), state, chosen);
    }

    /// <summary>The outputs that a call of any kind of model tells its context.</summary>
    /// <param name="call">Applies the model with the context.</param>
    /// <param name="state">Running statistics.</param>
    /// <param name="chosen">Which parts; null: all.</param>
    public static Parameters Of(Action<Context> call, Parameters state, Func<string, bool>? chosen = null)
    {
        ArgumentNullException.ThrowIfNull(call);
        var outputs = new OrderedDictionary<string, Tensor>();
        call(Context.ForInference(state, (path, output) =>
        {
            if (chosen?.Invoke(path) != false) outputs[path] = output;
        }));
        return new(outputs);
    }
}
