using Noether.Models.Sharpening;

namespace Noether.Examples.Sharpening;

/// <summary>One run of descent and what was measured on its way.</summary>
/// <param name="Variant">What it shares with the runs of other seeds: "η = 0.1".</param>
/// <param name="Seed">Of its start.</param>
/// <param name="Recipe">Its numbers.</param>
internal sealed record Course(string Variant, long Seed, DescentRecipe Recipe)
{
    /// <summary>Steps before which it was measured.</summary>
    public List<int> Steps { get; init; } = [];

    /// <summary>What was found.</summary>
    public List<SharpnessReading> Readings { get; init; } = [];

    /// <summary>The factors of sharpness at the same steps; of the first seed only.</summary>
    public List<SharpnessFactors> Factors { get; init; } = [];

    /// <summary>The loss at every step.</summary>
    public List<double> Losses { get; init; } = [];

    /// <summary>Where sharpness should stop.</summary>
    public double Threshold => Recipe.Threshold(Readings.Count > 0 ? Readings[^1].GradientNorm : double.NaN);

    /// <summary>The course against that edge.</summary>
    public EdgeSummary Summary => EdgeSummary.Of(Steps, Of(static r => r.Sharpness), Of(static r => r.Train.Max), Threshold);

    /// <summary>A measured number along the way.</summary>
    public double[] Of(Func<SharpnessReading, double> number) => [.. Readings.Select(number)];
}
