namespace Noether.Examples.SharpnessAware;

/// <summary>What one network of a sweep is at a moment of training.</summary>
/// <param name="Seed">Of its first weights, its data's order and its draws.</param>
/// <param name="Step">Steps behind it.</param>
/// <param name="Epoch">Passes over the data behind it.</param>
/// <param name="Radius">ρ.</param>
/// <param name="TrainLoss">The mean over the last batches; NaN before the first.</param>
/// <param name="TestError">The part of the test set that it gets wrong.</param>
/// <param name="Layers">By <see cref="Figures.KeyOf"/> of their names.</param>
internal sealed record Moment(long Seed, long Step, double Epoch, double Radius, double TrainLoss, double TestError, Dictionary<string, LayerMeasure> Layers)
{
    /// <summary>What a layer is.</summary>
    /// <param name="layer">Its name.</param>
    public LayerMeasure At(string layer) => Layers[Figures.KeyOf(layer)];
}
