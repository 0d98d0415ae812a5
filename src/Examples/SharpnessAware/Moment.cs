using System.Text.Json;
using System.Text.Json.Serialization;

namespace Noether.Examples.SharpnessAware;

/// <summary>What one network of a sweep is at a moment of training.</summary>
/// <param name="Step">Steps behind it.</param>
/// <param name="Epoch">Passes over the data behind it.</param>
/// <param name="Radius">ρ.</param>
/// <param name="TrainLoss">The mean over the last batches; NaN before the first.</param>
/// <param name="TestError">The part of the test set that it gets wrong.</param>
/// <param name="Layers">By the layers' names.</param>
internal sealed record Moment(long Step, double Epoch, double Radius, double TrainLoss, double TestError, Dictionary<string, LayerMeasure> Layers)
{
    /// <summary>Names in snake_case; numbers that JSON does not have as texts.</summary>
    public static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };
}
