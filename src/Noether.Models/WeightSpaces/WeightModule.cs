using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A description of a map from weight-space features. Its parameters are data, as those of <see cref="Module"/>.</summary>
/// <remarks>
/// One that is made of others says <see cref="Children"/>, and what happens between them; another says <see cref="Init"/>, and
/// <see cref="InitState"/> if it has constants that are saved with the model.
/// </remarks>
/// <typeparam name="TResult">Features again, or a tensor.</typeparam>
public abstract record WeightModule<TResult> : IModule
{
    /// <summary>The parts in order; their names prefix those of their parameters and state.</summary>
    public virtual IReadOnlyList<(string Name, IModule Module)> Children => [];

    /// <inheritdoc/>
    public virtual Parameters Init(RandomKey key, DType type = DType.Float32) => Parts.Init(Children, key, type);

    /// <inheritdoc/>
    public virtual Parameters InitState(DType type = DType.Float32, Device? device = null) => Parts.InitState(Children, type, device);

    /// <summary>The result for features, with the mode, key and state of the context.</summary>
    public abstract TResult Apply(Parameters parameters, WeightFeatures x, Context context);

    /// <summary>The result of a trained module without state.</summary>
    /// <exception cref="ParameterException">The module needs its state.</exception>
    public TResult Apply(Parameters parameters, WeightFeatures x) => Apply(parameters, x, Context.ForInference());
}

/// <summary>A map from weight-space features to weight-space features.</summary>
public abstract record WeightModule : WeightModule<WeightFeatures>
{
    /// <summary>Applies a named part with its own parameters, state and key.</summary>
    protected static WeightFeatures Call(string name, WeightModule module, Parameters parameters, WeightFeatures x, Context context) =>
        module.Apply(parameters.Under(name), x, context.Under(name));
}
