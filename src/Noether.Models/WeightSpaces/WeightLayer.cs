namespace Noether.Models.WeightSpaces;

/// <summary>A map from features with some channels to features with some channels: what networks on weight spaces stack.</summary>
/// <param name="Spec">The networks' sizes.</param>
/// <param name="Inputs">Channels of an entry that come in.</param>
/// <param name="Outputs">Channels of an entry that go out.</param>
public abstract record WeightLayer(WeightSpec Spec, int Inputs, int Outputs) : WeightModule
{
    /// <summary>Throws unless features have the channels and sizes that this layer has parameters for.</summary>
    /// <param name="x">The features.</param>
    /// <param name="ends">Whether parameters depend on the numbers of input and output neurons; on those of hidden neurons they never do.</param>
    /// <exception cref="ShapeException">They have not; the message names both.</exception>
    protected void Check(WeightFeatures x, bool ends) => Fit.Check(GetType().Name, Spec, Inputs, x, ends);
}
