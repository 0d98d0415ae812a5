using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A map from weight-space features, of networks that are chains of layers.</summary>
/// <typeparam name="TResult">Features again, or a tensor.</typeparam>
public abstract record WeightModule<TResult> : FeatureModule<WeightFeatures, TResult>;

/// <summary>A map from weight-space features to weight-space features.</summary>
public abstract record WeightModule : WeightModule<WeightFeatures>
{
    /// <summary>Applies a named part with its own parameters, state and key.</summary>
    protected static WeightFeatures Call(string name, WeightModule module, Parameters parameters, WeightFeatures x, Context context) =>
        module.Apply(parameters.Under(name), x, context.Under(name));
}
