namespace Noether.Examples.SharpnessAware;

/// <summary>The networks of one ρ after training, over seeds.</summary>
/// <param name="Radius">ρ.</param>
/// <param name="TrainLoss">The mean over the last batches.</param>
/// <param name="TestError">The part of the test set that they get wrong.</param>
/// <param name="Layers">By <see cref="Figures.KeyOf"/> of their names.</param>
internal sealed record RadiusSummary(double Radius, Spread TrainLoss, Spread TestError, Dictionary<string, LayerSummary> Layers)
{
    /// <summary>What a layer is.</summary>
    /// <param name="layer">Its name.</param>
    public LayerSummary At(string layer) => Layers[Figures.KeyOf(layer)];
}
