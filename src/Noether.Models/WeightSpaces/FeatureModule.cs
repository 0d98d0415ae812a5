using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A description of a map from features of networks' tensors. Its parameters are data, as those of <see cref="Module"/>.</summary>
/// <remarks>
/// One that is made of others says <see cref="Children"/>, and what happens between them; another says <see cref="Init"/>, and
/// <see cref="InitState"/> if it has constants that are saved with the model.
/// </remarks>
/// <typeparam name="TFeatures"><see cref="WeightFeatures"/> of chains of layers, or <see cref="AxisFeatures"/> of any network.</typeparam>
/// <typeparam name="TResult">Features again, or a tensor.</typeparam>
public abstract record FeatureModule<TFeatures, TResult> : IModule
{
    /// <summary>The parts in order; their names prefix those of their parameters and state.</summary>
    public virtual IReadOnlyList<(string Name, IModule Module)> Children => [];

    /// <inheritdoc/>
    public virtual Parameters Init(RandomKey key, DType type = DType.Float32) => Parts.Init(Children, key, type);

    /// <inheritdoc/>
    public virtual Parameters InitState(DType type = DType.Float32, Device? device = null) => Parts.InitState(Children, type, device);

    /// <summary>The result for features, with the mode, key and state of the context.</summary>
    public abstract TResult Apply(Parameters parameters, TFeatures x, Context context);

    /// <summary>The result of a trained module without state.</summary>
    /// <exception cref="ParameterException">The module needs its state.</exception>
    public TResult Apply(Parameters parameters, TFeatures x) => Apply(parameters, x, Context.ForInference());
}
